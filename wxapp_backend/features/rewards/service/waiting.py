"""Rewards that wait: released when their day has come, taken back when the visit was."""

from __future__ import annotations

from sqlalchemy import select

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.rewards.events import RewardReleased
from wxapp_backend.features.rewards.models import Decision, Grant
from wxapp_backend.infra.db import Tx

BATCH = 100
"""Referrals released by one run of the job: one short transaction."""

_WHY = {
    "visit_cancelled": "消费已撤销",
    "visit_refunded": "消费已退款",
}


def release_due(tx: Tx) -> int:
    """Release the rewards of up to `BATCH` referrals whose day has come; return how many.

    Points and coupons open by their own dates; this closes the books of the referral.
    """
    due = (
        select(Grant.referral_id)
        .where(Grant.state == "pending", Grant.available_at <= tx.now)
        .group_by(Grant.referral_id)
        .order_by(Grant.referral_id)
        .limit(BATCH)
    )
    referral_ids = list(tx.session.scalars(due))
    for referral_id in referral_ids:
        _release(tx, referral_id)
    return len(referral_ids)


def take_back(tx: Tx, referral_id: str, *, visit_id: str, reason_code: str) -> None:
    """Cancel the waiting rewards of a visit that no longer counts; what was given stays."""
    decision = tx.session.scalar(
        select(Decision).where(Decision.referral_id == referral_id, Decision.visit_id == visit_id)
    )
    if decision is None:
        return
    grants = [grant for grant in _pending(tx, referral_id) if grant.decision_id == decision.id]
    why = _WHY.get(reason_code, "消费不再计入活动")
    for grant in grants:
        if grant.coupon_id is None:
            points.reverse(tx, grant.cause, source_text=why)
        else:
            coupons.void(tx, grant.coupon_id, reason=why)
        grant.state = "cancelled"
    for grant in grants[:1]:
        referral = referrals.get_referral(tx, referral_id)
        campaigns.uncount_usage(
            tx, grant.campaign_id, referral.referrer_id, counted_at=decision.decided_at
        )
    tx.session.flush()


def _release(tx: Tx, referral_id: str) -> None:
    referral = referrals.get_locked(tx, referral_id)
    if referral.state != "pending":
        return  # reopened meanwhile: its grants are about to be taken back
    grants = _pending(tx, referral_id)
    for grant in grants:
        grant.state = "granted"
    tx.session.flush()
    text = "、".join(grant.title for grant in grants if grant.side == "referrer")
    referrals.mark_rewarded(tx, referral_id, reward_text=text)
    tx.emit(
        RewardReleased(
            referral_id=referral_id,
            referrer_id=referral.referrer_id,
            friend_id=referral.friend_id,
            reward_text=text,
        )
    )


def _pending(tx: Tx, referral_id: str) -> list[Grant]:
    statement = (
        select(Grant)
        .where(Grant.referral_id == referral_id, Grant.state == "pending")
        .order_by(Grant.side, Grant.position)
        .with_for_update()
    )
    return list(tx.session.scalars(statement))
