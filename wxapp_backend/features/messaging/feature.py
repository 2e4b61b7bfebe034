"""What messaging adds to the application."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wxapp_backend.declaration import Feature, Outside, Subscription, Web, on
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.messaging import handlers, models, routes
from wxapp_backend.features.messaging.domain import Channels, ChannelTemplate
from wxapp_backend.features.messaging.events import OfficialAttemptDue, SubscriptionAttemptDue
from wxapp_backend.features.referrals.events import (
    FriendReturned,
    ReferralClaimed,
    ReferralReopened,
)
from wxapp_backend.features.rewards.events import RewardGranted, RewardReleased
from wxapp_backend.features.visits.events import ReviewWritten
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.settings import MessageTemplate, Settings


def _subscriptions(outside: Outside) -> Sequence[Subscription]:
    return (
        on(ReferralClaimed, "messaging.on_claimed", handlers.on_claimed),
        on(RewardGranted, "messaging.on_reward_granted", handlers.on_reward_granted),
        on(RewardReleased, "messaging.on_reward_released", handlers.on_reward_released),
        on(ReferralReopened, "messaging.on_reopened", handlers.on_referral_reopened),
        on(FriendReturned, "messaging.on_friend_returned", handlers.on_friend_returned),
        on(ReviewWritten, "messaging.on_review_written", handlers.on_review_written),
        on(PersonMerged, "messaging.on_person_merged", handlers.on_person_merged, turn=-1),
        on(PersonErased, "messaging.on_person_erased", handlers.on_person_erased, turn=-1),
        *_ways_out(outside),
    )


def _ways_out(outside: Outside) -> Sequence[Subscription]:
    accounts, channels = outside.accounts, _channels(outside.settings)
    appid = outside.settings.wechat.mini_program.appid
    return (
        Subscription(
            OfficialAttemptDue,
            "messaging.send_official",
            handlers.send_official(accounts.official_account, channels, mini_program_appid=appid),
        ),
        Subscription(
            SubscriptionAttemptDue,
            "messaging.send_subscription",
            handlers.send_subscription(accounts.mini_program, channels),
        ),
    )


def _channels(settings: Settings) -> Channels:
    """Return the templates that the settings name; those without an id are not used."""

    def part(template_id: str, keys: dict[str, str]) -> ChannelTemplate | None:
        return ChannelTemplate(template_id, keys) if template_id else None

    def all_of(
        pick: Callable[[MessageTemplate], ChannelTemplate | None],
    ) -> dict[str, ChannelTemplate]:
        found = {kind: pick(each) for kind, each in settings.wechat.templates.items()}
        return {kind: template for kind, template in found.items() if template is not None}

    return Channels(
        official=all_of(lambda each: part(each.official_id, each.official_keys)),
        mini_program=all_of(lambda each: part(each.mini_program_id, each.mini_program_keys)),
    )


def _blueprints(web: Web) -> Sequence[Blueprint]:
    return (routes.make_blueprint(web.pipeline, _channels(web.parts.settings)),)


FEATURE = Feature(
    name="messaging",
    tables=(models,),
    subscriptions=_subscriptions,
    blueprints=_blueprints,
)
