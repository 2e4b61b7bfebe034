"""Reading rewards, for the people who got them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, bindparam, func, select

from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.rewards.models import Decision, Grant
from wxapp_backend.infra.db import Tx

RewardState = Literal["pending", "available", "used", "expired", "reversed"]


@dataclass(frozen=True, slots=True)
class RewardView:
    """One reward of one side of a referral.

    Attributes:
        title: as people say it: `200 积分`, `¥10 券`.
        available_at: when a pending one becomes usable.
    """

    referral_id: str
    side: Literal["friend", "referrer"]
    kind: Literal["points", "coupon"]
    title: str
    state: RewardState
    available_at: datetime | None
    coupon_id: str | None


@dataclass(frozen=True, slots=True)
class Earned:
    """What a person has got by referrals, cancelled ones left out."""

    points: int
    coupons: int


_OF_REFERRALS = (
    select(
        Grant.referral_id,
        Grant.side,
        Grant.coupon_id,
        Grant.title,
        Grant.state,
        Grant.available_at,
    )
    .where(Grant.referral_id.in_(bindparam("referral_ids", expanding=True)))
    .order_by(Grant.referral_id, Grant.created_at, Grant.side, Grant.position)
)
_EARNED = select(func.coalesce(func.sum(Grant.points), 0), func.count(Grant.coupon_id)).where(
    Grant.person_id == bindparam("person_id"), Grant.side == "referrer", Grant.state != "cancelled"
)


def list_for_referrals(tx: Tx, referral_ids: Sequence[str]) -> dict[str, list[RewardView]]:
    """Return the rewards of these referrals, both sides, in two queries; missing ones are empty."""
    grants = tx.execute(_OF_REFERRALS, referral_ids=referral_ids).all() if referral_ids else ()
    wallet = coupons.list_by_ids(tx, [grant.coupon_id for grant in grants if grant.coupon_id])
    found: dict[str, list[RewardView]] = {referral_id: [] for referral_id in referral_ids}
    for grant in grants:
        coupon = wallet.get(grant.coupon_id) if grant.coupon_id else None
        found[grant.referral_id].append(_view(grant, coupon))
    return found


def earned(tx: Tx, person_id: str) -> Earned:
    """Return what a person has got as a referrer."""
    total, number = tx.execute(_EARNED, person_id=person_id).one()
    return Earned(int(total or 0), number)


def decisions_of(tx: Tx, referral_id: str) -> list[Decision]:
    """Return what was decided about a referral, oldest first."""
    statement = select(Decision).where(Decision.referral_id == referral_id).order_by(Decision.round)
    return list(tx.session.scalars(statement))


def grants_of(tx: Tx, person_id: str) -> list[Grant]:
    """Return everything that was granted to a person, oldest first."""
    statement = select(Grant).where(Grant.person_id == person_id).order_by(Grant.id)
    return list(tx.session.scalars(statement))


def _view(grant: Row[*tuple[Any, ...]], coupon: coupons.Coupon | None) -> RewardView:
    return RewardView(
        referral_id=grant.referral_id,
        side="referrer" if grant.side == "referrer" else "friend",
        kind="coupon" if grant.coupon_id else "points",
        title=grant.title,
        state=_state(grant, coupon),
        available_at=grant.available_at,
        coupon_id=grant.coupon_id,
    )


def _state(grant: Row[*tuple[Any, ...]], coupon: coupons.Coupon | None) -> RewardState:
    if grant.state == "cancelled":
        return "reversed"
    if coupon is not None and coupon.state != "void":
        return coupon.state
    if coupon is not None:
        return "reversed"
    return "pending" if grant.state == "pending" else "available"
