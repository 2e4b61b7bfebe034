"""Redemptions of a store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from wxapp_backend.features.coupons.models import CouponRow, RedemptionRow, Template
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.days import bounds_of


@dataclass(frozen=True, slots=True)
class Redeemed:
    """One redemption as the store's list shows it."""

    id: str
    coupon_title: str
    person_id: str
    visit_id: str
    order_amount_fen: int
    discount_fen: int
    redeemed_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What coupons took off in one store on one day; undone redemptions are left out."""

    count: int
    discount_fen: int


def list_of_day(tx: Tx, store_id: str, day: date, *, limit: int) -> list[Redeemed]:
    """Return the newest `limit` redemptions in a store on a day of the shop, undone ones too."""
    start, end = bounds_of(day)
    statement = (
        select(RedemptionRow, Template.spec)
        .join(CouponRow, CouponRow.id == RedemptionRow.coupon_id)
        .join(Template, Template.id == CouponRow.template_id)
        .where(
            RedemptionRow.store_id == store_id,
            RedemptionRow.redeemed_at >= start,
            RedemptionRow.redeemed_at < end,
        )
        .order_by(RedemptionRow.redeemed_at.desc(), RedemptionRow.id.desc())
        .limit(limit)
    )
    return [
        Redeemed(
            id=row.id,
            coupon_title=str(spec["title"]),
            person_id=row.person_id,
            visit_id=row.visit_id,
            order_amount_fen=row.order_amount_fen,
            discount_fen=row.discount_fen,
            redeemed_at=row.redeemed_at,
            undone_at=row.undone_at,
        )
        for row, spec in tx.session.execute(statement)
    ]


def total_of_day(tx: Tx, store_id: str, day: date) -> DayTotal:
    """Return the sum of the redemptions in a store on a day of the shop."""
    start, end = bounds_of(day)
    statement = select(func.count(), func.coalesce(func.sum(RedemptionRow.discount_fen), 0)).where(
        RedemptionRow.store_id == store_id,
        RedemptionRow.redeemed_at >= start,
        RedemptionRow.redeemed_at < end,
        RedemptionRow.undone_at.is_(None),
    )
    count, discount_fen = tx.session.execute(statement).one()
    return DayTotal(count, int(discount_fen))
