"""Composition root of the web process."""

from __future__ import annotations

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from wxapp_backend.assembly import Assembly, assemble
from wxapp_backend.declaration import Web
from wxapp_backend.infra.http.bodies import read_json_strictly
from wxapp_backend.infra.http.docs import DOCS_PATH, SPEC_PATH, describe
from wxapp_backend.infra.http.errors import register_error_handlers
from wxapp_backend.infra.http.gate import guard
from wxapp_backend.infra.http.health import Check
from wxapp_backend.infra.http.health import make_blueprint as health_blueprint
from wxapp_backend.infra.http.journal import keep_journal
from wxapp_backend.infra.http.limits import Limiter
from wxapp_backend.infra.http.pipeline import Pipeline
from wxapp_backend.infra.metrics import make_registry
from wxapp_backend.infra.migrate import is_current
from wxapp_backend.infra.reachable import is_host_reachable, is_redis_alive, is_work_done
from wxapp_backend.settings import Settings
from wxapp_backend.wiring import authenticators_of


def create_app(settings: Settings) -> APIFlask:
    """Build the web application from settings alone."""
    return build_app(assemble(settings))


def build_app(assembly: Assembly) -> APIFlask:
    """Build the web application around an assembly; no global state, so tests build many."""
    settings, db = assembly.settings, assembly.db
    app = APIFlask(
        "wxapp_backend", title="引荐 API", version="1", spec_path=SPEC_PATH, docs_path=DOCS_PATH
    )
    if settings.server.trusted_proxies:
        hops = settings.server.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign] # Flask's documented way
    registry = make_registry(db)
    read_json_strictly(app)
    register_error_handlers(app)
    keep_journal(app, registry)
    guard(app)
    describe(app)
    pipeline = _make_pipeline(assembly)
    pipeline.watch(app)
    needed: dict[str, Check] = {"database": lambda: is_current(db.engine)}
    health = health_blueprint(pipeline, registry, needed=needed, watched=_watched(assembly))
    app.register_blueprint(health)
    web = Web(assembly.parts, pipeline, registry)
    for feature in assembly.features:
        for blueprint in feature.blueprints(web):
            app.register_blueprint(blueprint)
    return app


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
    return Pipeline(assembly.db, authenticators_of(assembly.features), limiter)
