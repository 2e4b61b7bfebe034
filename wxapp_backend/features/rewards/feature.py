"""What rewards add to the application."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from wxapp_backend.declaration import Feature, Outside, Subscription, Web, on
from wxapp_backend.features.coupons.events import CouponRedeemed, RedemptionUndone
from wxapp_backend.features.identity.events import PersonMerged
from wxapp_backend.features.referrals.events import ReferralQualified, ReferralReopened
from wxapp_backend.features.rewards import commands, handlers, jobs, models, routes
from wxapp_backend.features.rewards.events import HoldbackDue
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.storage import media_url


def _subscriptions(_outside: Outside) -> Sequence[Subscription]:
    return (
        on(ReferralQualified, "rewards.on_qualified", handlers.on_referral_qualified),
        on(ReferralReopened, "rewards.on_reopened", handlers.on_referral_reopened),
        on(CouponRedeemed, "rewards.on_coupon_redeemed", handlers.on_coupon_redeemed),
        on(RedemptionUndone, "rewards.on_redemption_undone", handlers.on_redemption_undone),
        on(HoldbackDue, "rewards.on_holdback_due", handlers.on_holdback_due),
        on(PersonMerged, "rewards.on_person_merged", handlers.on_person_merged),
    )


def _blueprints(web: Web) -> Sequence[Blueprint]:
    avatar_url = partial(media_url, web.parts.settings.server.link_base)
    return (routes.make_blueprint(web.pipeline, avatar_url),)


FEATURE = Feature(
    name="rewards",
    tables=(models,),
    subscriptions=_subscriptions,
    jobs=jobs.JOBS,
    blueprints=_blueprints,
    commands=lambda parts: commands.make_commands(parts.db),
)
