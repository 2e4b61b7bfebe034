"""What posters add to the application."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import partial

from wxapp_backend.declaration import Feature, Outside, Subscription, Web, on
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.posters import commands, handlers, jobs, models, routes
from wxapp_backend.features.posters.api import PosterRenderer, poster_place, renderer_of
from wxapp_backend.features.posters.events import CodeMade, CodeWanted, RenewalDue
from wxapp_backend.features.posters.ports import CodeMaker, ScanCode
from wxapp_backend.features.referrals.events import ShareMade
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.outbox.handlers import TryLater
from wxapp_backend.infra.wechat.connect import Accounts
from wxapp_backend.infra.wechat.errors import WeChatError
from wxapp_backend.settings import Settings


def _subscriptions(outside: Outside) -> Sequence[Subscription]:
    def renderer() -> PosterRenderer:
        return renderer_of(outside.parts())

    place = poster_place(outside.settings)
    maker = _code_maker(outside.accounts, outside.settings)
    return (
        Subscription(CodeWanted, "posters.make_codes", handlers.make_codes(maker, renderer, place)),
        on(ShareMade, "posters.on_share_made", partial(handlers.on_share_made, place=place)),
        on(RenewalDue, "posters.on_renewal_due", partial(handlers.on_renewal_due, place=place)),
        Subscription(PersonMerged, "posters.merge", handlers.merge_posters(renderer)),
        Subscription(CodeMade, "posters.remake_posters", handlers.remake_posters(renderer, place)),
        Subscription(PersonErased, "posters.remove_pictures", handlers.remove_pictures(renderer)),
    )


def _code_maker(accounts: Accounts, settings: Settings) -> CodeMaker:
    app = settings.wechat.mini_program

    def mini_program(scene: str) -> bytes:
        released = app.env_version == "release"
        with _patience():
            return accounts.mini_program.code_image(scene, app.landing_page, check_path=released)

    def official_account(scene: str) -> ScanCode:
        with _patience():
            made = accounts.official_account.temp_qr(scene)
        return ScanCode(made.url, made.expires_in_seconds)

    return CodeMaker(mini_program, official_account)


@contextmanager
def _patience() -> Generator[None]:
    """Have a delivery wait as long as WeChat's quota needs."""
    try:
        yield
    except WeChatError as error:
        raise TryLater(f"wechat {error.code}", seconds=error.wait_seconds) from None


def _blueprints(web: Web) -> Sequence[Blueprint]:
    renderer = renderer_of(web.parts)
    renderer.count_in(web.registry)
    return (
        routes.make_blueprint(web.pipeline, renderer),
        routes.make_pictures(web.pipeline, renderer),
    )


FEATURE = Feature(
    name="posters",
    tables=(models,),
    subscriptions=_subscriptions,
    jobs=jobs.JOBS,
    blueprints=_blueprints,
    commands=lambda parts: commands.make_commands(parts.settings),
)
