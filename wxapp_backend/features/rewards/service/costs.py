"""What a campaign has really cost: points when they are given, coupons when they are used."""

from __future__ import annotations

from sqlalchemy import func, select, update

from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.rewards.models import CouponUse, Grant
from wxapp_backend.infra.db import Tx


def note_use(tx: Tx, coupon_id: str, *, redemption_id: str, discount_fen: int) -> None:
    """Book the cost of a redeemed coupon to the campaign that gave it, once.

    A gift takes nothing off the bill: it costs what the campaign says that it costs.
    """
    statement = select(Grant.campaign_id, Grant.cost_fen).where(Grant.coupon_id == coupon_id)
    granted = tx.session.execute(statement).one_or_none()
    found = tuple(granted) if granted else referrals.campaign_of_benefit(tx, coupon_id)
    if found is None:
        return  # no campaign's coupon
    campaign_id, most_fen = found
    tx.add_unless_present(
        CouponUse(
            redemption_id=redemption_id,
            campaign_id=campaign_id,
            cost_fen=discount_fen or most_fen,
        )
    )


def undo_use(tx: Tx, redemption_id: str) -> None:
    """Take a redemption's cost back that was undone."""
    tx.session.execute(
        update(CouponUse).where(CouponUse.redemption_id == redemption_id).values(undone=True)
    )


def cost(tx: Tx, campaign_id: str) -> int:
    """Return what a campaign has cost so far, in fen."""
    given = select(func.coalesce(func.sum(Grant.cost_fen), 0)).where(
        Grant.campaign_id == campaign_id, Grant.points.is_not(None), Grant.state != "cancelled"
    )
    used = select(func.coalesce(func.sum(CouponUse.cost_fen), 0)).where(
        CouponUse.campaign_id == campaign_id, ~CouponUse.undone
    )
    return (
        int(tx.session.scalar(given) or 0)
        + int(tx.session.scalar(used) or 0)
        + referrals.benefit_points_cost_fen(tx, campaign_id)
    )
