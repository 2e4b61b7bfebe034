"""The one function that decides rewards: the same facts give the same verdict, always.

It grants, explains and previews alike, so it knows no clock and no database; every reason that
speaks against a reward is collected, not only the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from wxapp_backend.features.campaigns.domain.document import (
    CampaignDocument,
    CouponReward,
    Moment,
    PointsReward,
    Qualify,
    Side,
)
from wxapp_backend.kernel.money import yuan

CLOCK_SLACK = timedelta(days=1)
"""A till may report late or run slow: a visit paid this long before the claim still counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a verdict rests on.

    Attributes:
        claimed_at: when the friend took the offer.
        paid_at: when the visit under test was paid.
        store_id: where.
        amount_fen: what was paid for it.
        refunded_fen: what has been paid back of that.
        is_cancelled: the visit was undone.
        fitting_visits_before: the friend's fitting visits between the claim and this one.
        referrer_rewarded_total: the referrer's rewarded friends in this campaign so far.
        referrer_rewarded_today: those of this calendar day.
    """

    claimed_at: datetime
    paid_at: datetime
    store_id: str
    amount_fen: int
    refunded_fen: int = 0
    is_cancelled: bool = False
    fitting_visits_before: int = 0
    referrer_rewarded_total: int = 0
    referrer_rewarded_today: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not given: a stable code, a sentence for people, and whom it concerns."""

    code: str
    message: str
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One reward that is due: who gets it, and its place in the document, counted from 0."""

    side: Side
    moment: Moment
    position: int
    reward: PointsReward | CouponReward
    cost_fen: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is due, and the reasons for what is not."""

    rewards: tuple[Due, ...]
    reasons: tuple[Reason, ...]


def evaluate(document: CampaignDocument, facts: Facts) -> Verdict:
    """Say what a referral earns by the visit that the facts describe."""
    against = unfit(document.qualify, facts)
    if facts.fitting_visits_before + 1 != document.qualify.visit_number:
        against += (
            Reason(
                "other_visit_counts",
                f"活动以朋友第 {document.qualify.visit_number} 次符合条件的到店消费为准",
            ),
        )
    if against:
        return Verdict((), against)
    capped = _caps_reached(document, facts)
    rewards = due_at(document, "friend", "qualify")
    if not capped:
        rewards += due_at(document, "referrer", "qualify")
    return Verdict(rewards, capped)


def unfit(qualify: Qualify, facts: Facts) -> tuple[Reason, ...]:
    """Return every reason why a visit is none that the campaign counts; none: it fits."""
    reasons = []
    net_fen = facts.amount_fen - facts.refunded_fen
    if facts.is_cancelled:
        reasons.append(Reason("visit_cancelled", "这次消费已撤销"))
    elif net_fen < qualify.minimum_fen and facts.refunded_fen:
        reasons.append(Reason("visit_refunded", "这次消费已退款，退款后的金额未达到活动要求"))
    elif net_fen < qualify.minimum_fen:
        reasons.append(
            Reason("minimum_not_met", f"单次消费满 {yuan(qualify.minimum_fen)} 才计入活动")
        )
    if facts.paid_at < facts.claimed_at - CLOCK_SLACK:
        reasons.append(Reason("visit_before_claim", "这次消费早于领取优惠的时间"))
    if facts.paid_at > facts.claimed_at + timedelta(days=qualify.within_days):
        reasons.append(
            Reason("too_late", f"须在领取后 {qualify.within_days} 天内到店消费，这次已超过期限")
        )
    if qualify.stores and facts.store_id not in qualify.stores:
        reasons.append(Reason("store_not_included", "这家门店不参加本次活动"))
    return tuple(reasons)


def due_at(document: CampaignDocument, side: Side, moment: Moment) -> tuple[Due, ...]:
    """Return what `side` is due at `moment` when nothing speaks against it."""
    return tuple(
        Due(side, moment, position, reward, document.cost_fen(reward))
        for position, reward in enumerate(document.rewards_of(side, moment))
    )


def _caps_reached(document: CampaignDocument, facts: Facts) -> tuple[Reason, ...]:
    caps = document.caps
    reasons = []
    if caps.referrer_total is not None and facts.referrer_rewarded_total >= caps.referrer_total:
        reasons.append(
            Reason(
                "referrer_cap_reached",
                f"本活动每人最多奖励 {caps.referrer_total} 位新朋友，你已达到上限",
                "referrer",
            )
        )
    if caps.referrer_daily is not None and facts.referrer_rewarded_today >= caps.referrer_daily:
        reasons.append(
            Reason(
                "referrer_daily_cap_reached",
                f"本活动每人每天最多奖励 {caps.referrer_daily} 位新朋友，今天已达到上限",
                "referrer",
            )
        )
    return tuple(reasons)
