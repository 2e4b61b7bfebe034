"""What messaging does when something happened elsewhere, and its two ways out to WeChat."""

from __future__ import annotations

from datetime import datetime

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.messaging import domain
from wxapp_backend.features.messaging.domain import Channels, Dispatch, Outcome
from wxapp_backend.features.messaging.queries import causes_told
from wxapp_backend.features.messaging.service import sending
from wxapp_backend.features.messaging.service.planning import forget_messages, move_messages, plan
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.referrals.events import (
    FriendReturned,
    ReferralClaimed,
    ReferralReopened,
)
from wxapp_backend.features.rewards.events import RewardGranted, RewardReleased
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import api as visits
from wxapp_backend.features.visits.events import ReviewWritten
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox import handlers as outbox
from wxapp_backend.infra.outbox.handlers import Effect, Payload, TryLater
from wxapp_backend.infra.wechat.errors import NotConfigured, UnusableValue, WeChatError
from wxapp_backend.infra.wechat.fields import fit_all
from wxapp_backend.infra.wechat.miniapp import MiniApp
from wxapp_backend.infra.wechat.official import MiniProgramPage, OfficialAccount

_SUCCESS, _SECOND_VISIT, _WORDS = "success", "second_visit", "words:"
_SECOND = 2
_IMPRESSIONS_TOLD = 2
"""The words on the first two visits are passed on: more would be a nuisance."""


def on_claimed(tx: Tx, event: ReferralClaimed) -> None:
    """Tell both, in the inbox only: the friend what was got, the referrer that it was taken."""
    cause = f"referral:{event.referral_id}:claimed"
    taken = domain.friend_claimed(friend=_name(tx, event.friend_id))
    plan(tx, event.referrer_id, taken, cause=cause, about_id=_id(tx, event.friend_id))
    got = domain.coupon_received(
        referrer=_name(tx, event.referrer_id),
        offer=event.offer_text,
        coupon_id=event.coupon_ids[0] if len(event.coupon_ids) == 1 else None,
    )
    plan(tx, event.friend_id, got, cause=cause, about_id=_id(tx, event.referrer_id))


def on_reward_granted(tx: Tx, event: RewardGranted) -> None:
    """Tell the referrer of the success, with the friend's words if they are there already.

    A reward that was taken back before it could be told is not told; a reward for a later visit
    instead of it is no second success.
    """
    referral = referrals.get_locked(tx, event.referral_id)  # a review of just now waits, or is seen
    if referral.qualifying_visit_id != event.visit_id:
        return
    friend_id = _id(tx, event.friend_id)
    friend, reward = _name(tx, friend_id), event.reward_text
    available_at = datetime.fromisoformat(event.available_at) if event.available_at else None
    withdrawn = _told(tx, referral, "withdrawn:")
    if withdrawn:
        draft = domain.reward_again(friend=friend, reward=reward, available_at=available_at)
        cause = _cause(referral.id, f"reward:{event.visit_id}")
    else:
        words = visits.latest_words(tx, friend_id)
        draft = domain.success(
            friend=friend, reward=reward, words=words, at=tx.now, available_at=available_at
        )
        cause = _cause(referral.id, _SUCCESS)
    plan(tx, referral.referrer_id, draft, cause=cause, about_id=friend_id)
    if event.friend_reward_text:
        thanks = domain.friend_rewarded(reward=event.friend_reward_text, available_at=available_at)
        plan(tx, friend_id, thanks, cause=_cause(referral.id, f"friend:{event.visit_id}"))


def on_reward_released(tx: Tx, event: RewardReleased) -> None:
    """Tell the referrer, in the inbox, that the reward which was promised is there."""
    draft = domain.reward_released(friend=_name(tx, event.friend_id), reward=event.reward_text)
    cause, about_id = _cause(event.referral_id, "released"), _id(tx, event.friend_id)
    plan(tx, event.referrer_id, draft, cause=cause, about_id=about_id)


def on_referral_reopened(tx: Tx, event: ReferralReopened) -> None:
    """Tell the referrer, in the inbox, that a promised reward does not come, if it was told of."""
    referral = referrals.get_locked(tx, event.referral_id)
    if not _told(tx, referral, _SUCCESS):
        return
    draft, friend_id = domain.reward_withdrawn(friend=_name(tx, event.friend_id)), event.friend_id
    cause = _cause(referral.id, f"withdrawn:{event.visit_id}")
    plan(tx, referral.referrer_id, draft, cause=cause, about_id=_id(tx, friend_id))


def on_friend_returned(tx: Tx, event: FriendReturned) -> None:
    """Tell the referrer, once, that the friend came again.

    It is the second visit in most cases; a later one if the second was before the claim counted.
    """
    if event.number < _SECOND:
        return
    friend_id = _id(tx, event.friend_id)
    draft = domain.second_visit(
        friend=_name(tx, friend_id),
        store=stores.get_store(tx, event.store_id).name,
        words=visits.latest_words(tx, friend_id),
        at=tx.now,
    )
    cause = _cause(event.referral_id, _SECOND_VISIT)
    plan(tx, event.referrer_id, draft, cause=cause, about_id=friend_id)


def on_review_written(tx: Tx, event: ReviewWritten) -> None:
    """Pass the friend's words on, if the friend agreed and no message carried them yet.

    Before the success is told the words wait for it.
    """
    bound = referrals.referral_of_friend(tx, _id(tx, event.person_id))
    words = visits.words_for(tx, event.visit_id)
    if bound is None or bound.claimed_at is None or words is None or not event.shared:
        return
    referral = referrals.get_locked(tx, bound.id)  # see on_reward_granted
    if visits.get_visit(tx, event.visit_id).paid_at < bound.claimed_at:
        return
    told = _told(tx, referral, "")
    passed_on = [cause for cause in told if cause.startswith(_cause(referral.id, _WORDS))]
    if (
        _cause(referral.id, _SUCCESS) not in told
        or words in told.values()
        or len(passed_on) >= _IMPRESSIONS_TOLD
    ):
        return
    draft = domain.first_impression(friend=_name(tx, event.person_id), words=words, at=tx.now)
    if draft is not None:
        cause = _cause(referral.id, _WORDS + event.visit_id)
        plan(tx, referral.referrer_id, draft, cause=cause, about_id=referral.friend_id)


def on_person_merged(tx: Tx, event: PersonMerged) -> None:
    """Hand messages over to the surviving person."""
    move_messages(tx, event.from_id, event.into_id)


def on_person_erased(tx: Tx, event: PersonErased) -> None:
    """Empty the inbox of someone who was erased."""
    forget_messages(tx, event.person_id)


def send_official(
    account: OfficialAccount, channels: Channels, *, mini_program_appid: str
) -> Effect:
    """Return the handler that sends template messages; WeChat drops a repeated one."""

    def prepare(tx: Tx, payload: Payload) -> Dispatch | None:
        return sending.prepare_official(tx, payload["message_id"], channels=channels)

    def call(dispatch: Dispatch) -> Outcome:
        try:
            wechat_id = account.send_template(
                dispatch.openid,
                dispatch.template_id,
                fit_all(dispatch.values),
                opens=MiniProgramPage(mini_program_appid, dispatch.page),
                client_msg_id=dispatch.message_id,
            )
        except UnusableValue:
            return Outcome("invalid")
        except WeChatError as error:
            return _judge(error)
        return Outcome("sent", wechat_id=wechat_id)

    def record(tx: Tx, payload: Payload, outcome: Outcome | None) -> None:
        sending.record_official(tx, payload["message_id"], outcome)

    def take_back(tx: Tx, payload: Payload) -> None:
        sending.take_back_official(tx, payload["message_id"])

    return Effect(
        prepare, call, record, unknown="repeat", lock_field="person_id", not_taken=take_back
    )


def send_subscription(mini_program: MiniApp, channels: Channels) -> Effect:
    """Return the handler that sends subscription messages; never twice, even if one is lost."""

    def prepare(tx: Tx, payload: Payload) -> Dispatch | None:
        return sending.prepare_subscription(tx, payload["message_id"], channels=channels)

    def call(dispatch: Dispatch) -> Outcome:
        try:
            wechat_id = mini_program.send_subscribe(
                dispatch.openid, dispatch.template_id, fit_all(dispatch.values), dispatch.page
            )
        except UnusableValue:
            return Outcome("invalid")
        except WeChatError as error:
            return _judge(error)
        return Outcome("sent", wechat_id=wechat_id)

    def record(tx: Tx, payload: Payload, outcome: Outcome | None) -> None:
        sending.record_subscription(tx, payload["message_id"], outcome, channels=channels)

    def take_back(tx: Tx, payload: Payload) -> None:
        sending.take_back_subscription(tx, payload["message_id"], channels=channels)

    return Effect(
        prepare, call, record, unknown="abandon", lock_field="person_id", not_taken=take_back
    )


def _judge(error: WeChatError) -> Outcome:
    """Turn WeChat's refusal into an outcome, or have the delivery tried again.

    Raises:
        TryLater: nothing happened, and it may go through later.
        OutcomeUnknown: the message may have gone out.
    """
    if error.retryable:
        raise TryLater(f"wechat {error.code}", seconds=error.wait_seconds) from None
    if error.outcome_unknown:
        raise outbox.OutcomeUnknown(f"wechat {error.code}") from None
    if error.final_for_person:
        return Outcome("refused", error.code)
    return Outcome("misconfigured" if isinstance(error, NotConfigured) else "invalid", error.code)


def _id(tx: Tx, person_id: str) -> str:
    """Return the id that a person has now; an event may carry one from before a merge."""
    return identity.current_id(tx, person_id)


def _name(tx: Tx, person_id: str) -> str:
    return domain.name_of(identity.display_name(identity.get_person(tx, person_id)))


def _cause(referral_id: str, what: str) -> str:
    return f"referral:{referral_id}:{what}"


def _told(tx: Tx, referral: referrals.ReferralView, what: str) -> dict[str, str | None]:
    """Return causes of this beginning that the referrer was told of, with the words quoted."""
    person_id, about_id = _id(tx, referral.referrer_id), _id(tx, referral.friend_id)
    return causes_told(tx, person_id, _cause(referral.id, what), about_id=about_id)
