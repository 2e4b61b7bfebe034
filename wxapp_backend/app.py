"""Composition root of the web process."""

from __future__ import annotations

from collections.abc import Iterator

from apiflask import APIBlueprint, APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from wxapp_backend.assembly import Assembly, assemble
from wxapp_backend.features.bot import api as bot
from wxapp_backend.features.bot import routes as bot_routes
from wxapp_backend.features.campaigns import routes as campaign_routes
from wxapp_backend.features.coupons import routes as coupon_routes
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.messaging import routes as message_routes
from wxapp_backend.features.points import routes as point_routes
from wxapp_backend.features.posters import routes as poster_routes
from wxapp_backend.features.referrals import routes as referral_routes
from wxapp_backend.features.rewards import routes as reward_routes
from wxapp_backend.features.storefront import api as storefront
from wxapp_backend.features.storefront import routes as storefront_routes
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import routes as visit_routes
from wxapp_backend.infra.http.bodies import read_json_strictly
from wxapp_backend.infra.http.docs import DOCS_PATH, SPEC_PATH, describe
from wxapp_backend.infra.http.errors import register_error_handlers
from wxapp_backend.infra.http.health import Check
from wxapp_backend.infra.http.health import make_blueprint as health_blueprint
from wxapp_backend.infra.http.journal import keep_journal
from wxapp_backend.infra.http.limits import Limiter
from wxapp_backend.infra.http.pipeline import Pipeline
from wxapp_backend.infra.metrics import make_registry
from wxapp_backend.infra.migrate import is_current
from wxapp_backend.infra.reachable import is_host_reachable, is_redis_alive, is_work_done
from wxapp_backend.infra.spool import Spool
from wxapp_backend.settings import Settings
from wxapp_backend.wiring import make_channels

MAX_BODY_BYTES = 6 * 1024 * 1024
"""An avatar of 5 MB and its form; JSON bodies are far smaller."""


INTAKE = "yinjian_intake"
"""Under this name the application keeps who looks after kept callbacks; `serve` wakes it."""


def create_app(settings: Settings) -> APIFlask:
    """Build the web application from settings alone."""
    return build_app(assemble(settings))


def build_app(assembly: Assembly) -> APIFlask:
    """Build the web application around an assembly; no global state, so tests build many."""
    settings, db = assembly.settings, assembly.db
    app = APIFlask(
        "wxapp_backend", title="引荐 API", version="1", spec_path=SPEC_PATH, docs_path=DOCS_PATH
    )
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    if settings.server.trusted_proxies:
        hops = settings.server.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign] # Flask's documented way
    registry = make_registry(db)
    assembly.renderer.count_in(registry)
    read_json_strictly(app)
    register_error_handlers(app)
    keep_journal(app, registry)
    describe(app)
    pipeline = _make_pipeline(assembly)
    pipeline.watch(app)
    needed: dict[str, Check] = {"database": lambda: is_current(db.engine)}
    health = health_blueprint(pipeline, registry, needed=needed, watched=_watched(assembly))
    intake = make_intake(assembly)
    app.extensions[INTAKE] = intake
    for blueprint in (health, *_features(assembly, pipeline, intake)):
        app.register_blueprint(blueprint)
    return app


def make_reply_builder(settings: Settings) -> bot.ReplyBuilder:
    """Return in whose name the official account speaks."""
    links = bot.Links(settings.wechat.mini_program.appid, settings.server.link_base)
    return bot.ReplyBuilder(settings.brand.name, links)


def make_intake(assembly: Assembly) -> bot.CallbackIntake:
    """Return who takes WeChat's callbacks in."""
    accounts = assembly.outside.accounts
    return bot.CallbackIntake(
        assembly.db,
        Spool(assembly.settings.storage.spool),
        bot.Inboxes(accounts.official_account_inbox, accounts.mini_program_inbox),
        make_reply_builder(assembly.settings),
    )


def _watched(assembly: Assembly) -> dict[str, Check]:
    """Return what is reported and never keeps the shop from serving."""
    settings = assembly.settings
    checks: dict[str, Check] = {
        "wechat": lambda: is_host_reachable(settings.wechat.base_url),
        "queue": lambda: is_work_done(assembly.db),
    }
    if settings.redis.url:
        checks["redis"] = lambda: is_redis_alive(settings.redis.url)
    return checks


def _make_pipeline(assembly: Assembly) -> Pipeline:
    settings = assembly.settings
    limiter = Limiter(
        redis_url=settings.redis.url,
        per_address=settings.server.requests_per_second_per_address,
        per_caller=settings.server.requests_per_second_per_caller,
    )
    return Pipeline(
        assembly.db,
        {
            "customer": identity.authenticate,
            "staff": stores.make_authenticator(identity.authenticate),
            "api_key": identity.authenticate_key,
        },
        limiter,
    )


def _features(
    assembly: Assembly, pipeline: Pipeline, intake: bot.CallbackIntake
) -> Iterator[APIBlueprint]:
    settings, db, accounts = assembly.settings, assembly.db, assembly.outside.accounts
    front = storefront.Front(
        db, settings, accounts.mini_program, assembly.outside.storage, assembly.decoder
    )
    base = settings.server.link_base

    def avatar_url(key: str) -> str:
        return f"{base}/media/{key}"

    yield from storefront_routes.make_blueprints(pipeline, front)
    yield campaign_routes.make_blueprint(pipeline)
    yield referral_routes.make_blueprint(
        pipeline,
        referral_routes.Links(base, settings.wechat.mini_program.landing_page, avatar_url),
    )
    yield reward_routes.make_blueprint(pipeline, avatar_url)
    yield point_routes.make_blueprint(pipeline)
    yield from visit_routes.make_blueprints(pipeline)
    yield from coupon_routes.make_blueprints(pipeline, undo_minutes=settings.coupons.undo_minutes)
    yield poster_routes.make_blueprint(pipeline, assembly.renderer)
    yield poster_routes.make_pictures(pipeline, assembly.renderer)
    yield message_routes.make_blueprint(pipeline, make_channels(settings))
    yield bot_routes.make_blueprint(pipeline, intake)
