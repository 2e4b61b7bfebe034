"""What visits add to the application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from wxapp_backend.declaration import Feature, Outside, Subscription, on
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.visits import handlers, jobs, models, routes
from wxapp_backend.features.visits.domain import Plausible
from wxapp_backend.features.visits.events import ReviewCheckDue, ReviewSubmitted
from wxapp_backend.features.visits.ports import Opinion
from wxapp_backend.infra.outbox.handlers import TryLater
from wxapp_backend.infra.wechat.errors import WeChatError
from wxapp_backend.infra.wechat.miniapp import MiniApp, Scene
from wxapp_backend.settings import Settings


def _subscriptions(outside: Outside) -> Sequence[Subscription]:
    return (
        on(ReviewCheckDue, "visits.on_review_check_due", handlers.on_review_check_due),
        on(PersonMerged, "visits.on_person_merged", handlers.on_person_merged, turn=1),
        on(PersonErased, "visits.on_person_erased", handlers.on_person_erased, turn=1),
        Subscription(
            ReviewSubmitted,
            "visits.review_check",
            handlers.review_check(_text_check(outside.accounts.mini_program)),
        ),
    )


def _text_check(mini_program: MiniApp) -> Callable[[str, str], Opinion]:
    def check(openid: str, text: str) -> Opinion:
        try:
            verdict = mini_program.check_text(openid, Scene.COMMENT, text)
        except WeChatError as error:
            if error.retryable:
                raise TryLater(f"wechat {error.code}", seconds=error.wait_seconds) from None
            return "unavailable"
        if verdict.is_pass:
            return "pass"
        return "review" if verdict.suggest == "review" else "risky"

    return check


def plausible(settings: Settings) -> Plausible:
    """Return which orders this shop can have."""
    chosen = settings.visits
    return Plausible(timedelta(days=chosen.oldest_order_days), chosen.largest_order_fen)


FEATURE = Feature(
    name="visits",
    tables=(models,),
    subscriptions=_subscriptions,
    jobs=jobs.JOBS,
    blueprints=lambda web: routes.make_blueprints(web.pipeline, plausible(web.parts.settings)),
)
