"""Who listens to what, and what runs by the clock: one line for each."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from wxapp_backend.features.bot import handlers as bot
from wxapp_backend.features.bot import jobs as bot_jobs
from wxapp_backend.features.bot.api import Links, Messenger
from wxapp_backend.features.bot.events import (
    CleaningDue,
    FollowerSeen,
    LateReplyDue,
    MessageFinished,
    PosterWanted,
)
from wxapp_backend.features.coupons import handlers as coupons
from wxapp_backend.features.coupons import jobs as coupon_jobs
from wxapp_backend.features.coupons.events import (
    CouponExpiryDue,
    CouponRedeemed,
    RedemptionUndone,
)
from wxapp_backend.features.identity import handlers as identity
from wxapp_backend.features.identity import jobs as identity_jobs
from wxapp_backend.features.identity.events import CleaningDue as IdentityCleaningDue
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.messaging import api as messages
from wxapp_backend.features.messaging import handlers as messaging
from wxapp_backend.features.messaging.events import OfficialAttemptDue, SubscriptionAttemptDue
from wxapp_backend.features.points import handlers as points
from wxapp_backend.features.points import jobs as points_jobs
from wxapp_backend.features.points.events import PointsDue
from wxapp_backend.features.posters import api as poster_api
from wxapp_backend.features.posters import handlers as posters
from wxapp_backend.features.posters import jobs as poster_jobs
from wxapp_backend.features.posters.events import CodeMade, CodeWanted, RenewalDue
from wxapp_backend.features.referrals import handlers as referrals
from wxapp_backend.features.referrals import jobs as referral_jobs
from wxapp_backend.features.referrals.events import (
    ExpiryDue,
    FriendReturned,
    ReferralClaimed,
    ReferralQualified,
    ReferralReopened,
    ShareMade,
)
from wxapp_backend.features.rewards import handlers as rewards
from wxapp_backend.features.rewards import jobs as reward_jobs
from wxapp_backend.features.rewards.events import HoldbackDue, RewardGranted, RewardReleased
from wxapp_backend.features.storefront import handlers as storefront
from wxapp_backend.features.visits import handlers as visits
from wxapp_backend.features.visits import jobs as visit_jobs
from wxapp_backend.features.visits.events import (
    ReviewCheckDue,
    ReviewSubmitted,
    ReviewWritten,
    VisitCancelled,
    VisitRecorded,
    VisitRefunded,
)
from wxapp_backend.features.visits.ports import Opinion
from wxapp_backend.infra import cleaning
from wxapp_backend.infra.outbox.handlers import EventT, Handler, TryLater, in_tx
from wxapp_backend.infra.storage import Storage
from wxapp_backend.infra.ticks import Job
from wxapp_backend.infra.wechat.connect import Accounts
from wxapp_backend.infra.wechat.errors import WeChatError
from wxapp_backend.infra.wechat.miniapp import MiniApp, Scene
from wxapp_backend.kernel.events import DomainEvent
from wxapp_backend.settings import MessageTemplate, Settings

JOBS: Sequence[Job] = (
    *cleaning.JOBS,
    *bot_jobs.JOBS,
    *coupon_jobs.JOBS,
    *identity_jobs.JOBS,
    *points_jobs.JOBS,
    *poster_jobs.JOBS,
    *referral_jobs.JOBS,
    *reward_jobs.JOBS,
    *visit_jobs.JOBS,
)
"""The timetable."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What handlers reach outside the database.

    Attributes:
        renderer: gives the poster renderer; it needs the database, so it exists only later.
    """

    settings: Settings
    accounts: Accounts
    storage: Storage
    renderer: Callable[[], poster_api.PosterRenderer]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscriber of one event; `name` is stored with each delivery."""

    event: type[DomainEvent]
    name: str
    handler: Handler


def make_subscriptions(outside: Outside) -> Sequence[Subscription]:
    """Return every subscription of the application."""
    return (*_in_database(), *_to_the_outside(outside))


def _in_database() -> Sequence[Subscription]:
    return (
        _on(VisitRecorded, "referrals.on_visit_recorded", referrals.on_visit_recorded),
        _on(VisitCancelled, "referrals.on_visit_cancelled", referrals.on_visit_cancelled),
        _on(VisitRefunded, "referrals.on_visit_refunded", referrals.on_visit_refunded),
        _on(ExpiryDue, "referrals.on_expiry_due", referrals.on_expiry_due),
        _on(ReferralQualified, "rewards.on_qualified", rewards.on_referral_qualified),
        _on(ReferralReopened, "rewards.on_reopened", rewards.on_referral_reopened),
        _on(CouponRedeemed, "rewards.on_coupon_redeemed", rewards.on_coupon_redeemed),
        _on(RedemptionUndone, "rewards.on_redemption_undone", rewards.on_redemption_undone),
        _on(HoldbackDue, "rewards.on_holdback_due", rewards.on_holdback_due),
        _on(CouponExpiryDue, "coupons.on_expiry_due", coupons.on_expiry_due),
        _on(PointsDue, "points.on_points_due", points.on_points_due),
        _on(ReviewCheckDue, "visits.on_review_check_due", visits.on_review_check_due),
        _on(ReferralClaimed, "messaging.on_claimed", messaging.on_claimed),
        _on(RewardGranted, "messaging.on_reward_granted", messaging.on_reward_granted),
        _on(RewardReleased, "messaging.on_reward_released", messaging.on_reward_released),
        _on(ReferralReopened, "messaging.on_reopened", messaging.on_referral_reopened),
        _on(FriendReturned, "messaging.on_friend_returned", messaging.on_friend_returned),
        _on(ReviewWritten, "messaging.on_review_written", messaging.on_review_written),
        _on(MessageFinished, "bot.on_message_finished", bot.on_message_finished),
        _on(cleaning.CleaningDue, "infra.on_cleaning_due", cleaning.on_cleaning_due),
        _on(CleaningDue, "bot.on_cleaning_due", bot.on_cleaning_due),
        _on(IdentityCleaningDue, "identity.on_cleaning_due", identity.on_cleaning_due),
        _on(PersonMerged, "coupons.on_person_merged", coupons.on_person_merged),
        _on(PersonMerged, "messaging.on_person_merged", messaging.on_person_merged),
        _on(PersonMerged, "points.on_person_merged", points.on_person_merged),
        _on(PersonMerged, "referrals.on_person_merged", referrals.on_person_merged),
        _on(PersonMerged, "rewards.on_person_merged", rewards.on_person_merged),
        _on(PersonMerged, "storefront.on_person_merged", storefront.on_person_merged),
        _on(PersonMerged, "visits.on_person_merged", visits.on_person_merged),
        _on(PersonErased, "messaging.on_person_erased", messaging.on_person_erased),
        _on(PersonErased, "referrals.on_person_erased", referrals.on_person_erased),
        _on(PersonErased, "storefront.on_person_erased", storefront.on_person_erased),
        _on(PersonErased, "visits.on_person_erased", visits.on_person_erased),
    )


def _to_the_outside(outside: Outside) -> Sequence[Subscription]:
    accounts, settings = outside.accounts, outside.settings
    place, channels = poster_place(settings), make_channels(settings)
    maker = _code_maker(accounts, settings)
    appid = settings.wechat.mini_program.appid
    return (
        Subscription(
            OfficialAttemptDue,
            "messaging.send_official",
            messaging.send_official(accounts.official_account, channels, mini_program_appid=appid),
        ),
        Subscription(
            SubscriptionAttemptDue,
            "messaging.send_subscription",
            messaging.send_subscription(accounts.mini_program, channels),
        ),
        Subscription(
            CodeWanted, "posters.make_codes", posters.make_codes(maker, outside.renderer, place)
        ),
        _on(ShareMade, "posters.on_share_made", partial(posters.on_share_made, place=place)),
        _on(RenewalDue, "posters.on_renewal_due", partial(posters.on_renewal_due, place=place)),
        Subscription(PersonMerged, "posters.merge", posters.merge_posters(outside.renderer)),
        Subscription(
            CodeMade, "posters.remake_posters", posters.remake_posters(outside.renderer, place)
        ),
        Subscription(
            ReviewSubmitted,
            "visits.review_check",
            visits.review_check(_text_check(accounts.mini_program)),
        ),
        Subscription(
            FollowerSeen,
            "bot.recognise_follower",
            bot.recognise_follower(accounts.official_account),
        ),
        Subscription(
            LateReplyDue, "bot.send_late_reply", bot.send_late_reply(accounts.official_account)
        ),
        Subscription(PosterWanted, "bot.send_poster", bot.send_poster(_messenger(outside))),
        Subscription(
            PersonErased,
            "storefront.remove_avatar",
            storefront.make_avatar_remover(outside.storage),
        ),
        Subscription(
            PersonErased, "posters.remove_pictures", posters.remove_pictures(outside.renderer)
        ),
    )


def _messenger(outside: Outside) -> Messenger:
    accounts, settings = outside.accounts, outside.settings
    links = Links(settings.wechat.mini_program.appid, settings.server.link_base)
    return Messenger(accounts.official_account, outside.renderer, accounts.cache, links)


def _on(
    event: type[EventT], name: str, run: Callable[..., None], *, lock_field: str | None = None
) -> Subscription:
    return Subscription(event, name, in_tx(event, run, lock_field=lock_field))


def make_channels(settings: Settings) -> messages.Channels:
    """Return the templates that the settings name; those without an id are not used."""

    def part(template_id: str, keys: dict[str, str]) -> messages.ChannelTemplate | None:
        return messages.ChannelTemplate(template_id, keys) if template_id else None

    def all_of(
        pick: Callable[[MessageTemplate], messages.ChannelTemplate | None],
    ) -> dict[str, messages.ChannelTemplate]:
        found = {kind: pick(each) for kind, each in settings.wechat.templates.items()}
        return {kind: template for kind, template in found.items() if template is not None}

    return messages.Channels(
        official=all_of(lambda each: part(each.official_id, each.official_keys)),
        mini_program=all_of(lambda each: part(each.mini_program_id, each.mini_program_keys)),
    )


def poster_place(settings: Settings) -> poster_api.Place:
    """Return what posters show of the shop, and where their codes lead."""
    brand, app = settings.brand, settings.wechat.mini_program
    shop = poster_api.Shop(brand.name, brand.hours, brand.address, settings.server.link_base)
    target = f"{app.landing_page} {app.env_version}"
    return poster_api.Place(shop, code_target=target, prepared_kind=settings.posters.code_kind)


def _code_maker(accounts: Accounts, settings: Settings) -> poster_api.CodeMaker:
    app = settings.wechat.mini_program

    def mini_program(scene: str) -> bytes:
        released = app.env_version == "release"
        with _patience():
            return accounts.mini_program.code_image(scene, app.landing_page, check_path=released)

    def official_account(scene: str) -> poster_api.ScanCode:
        with _patience():
            made = accounts.official_account.temp_qr(scene)
        return poster_api.ScanCode(made.url, made.expires_in_seconds)

    return poster_api.CodeMaker(mini_program, official_account)


@contextmanager
def _patience() -> Generator[None]:
    """Have a delivery wait as long as WeChat's quota needs."""
    try:
        yield
    except WeChatError as error:
        raise TryLater(f"wechat {error.code}", seconds=error.wait_seconds) from None


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
