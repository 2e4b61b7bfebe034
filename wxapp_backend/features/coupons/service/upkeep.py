"""Coupons that have had their time, and the coupons of two persons that prove to be one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from wxapp_backend.features.coupons.models import Allowance, CouponRow, RedemptionRow, Scan
from wxapp_backend.features.coupons.queries.wallet import list_all
from wxapp_backend.infra.db import Tx


def expire_due(tx: Tx, limit: int) -> int:
    """Mark up to `limit` coupons that have had their time, and return how many."""
    due = (
        select(CouponRow.id)
        .where(CouponRow.state == "available", CouponRow.valid_until < tx.now)
        .order_by(CouponRow.valid_until)
        .limit(limit)
    )
    statement = (
        update(CouponRow)
        .where(CouponRow.id.in_(due.scalar_subquery()), CouponRow.state == "available")
        .values(state="expired")
        .execution_options(synchronize_session=False)
    )
    tx.session.connection().execute(delete(Scan).where(Scan.usable_until < tx.now))
    return tx.session.connection().execute(statement).rowcount


def merge(tx: Tx, *, from_id: str, into_id: str) -> None:
    """Give the coupons of `from_id` to `into_id`; what each had of a template adds up."""
    for table in (CouponRow, RedemptionRow):
        tx.session.execute(
            update(table).where(table.person_id == from_id).values(person_id=into_id)
        )
    for mine in tx.session.scalars(select(Allowance).where(Allowance.person_id == from_id)).all():
        tx.add_unless_present(Allowance(template_id=mine.template_id, person_id=into_id, taken=0))
        tx.session.execute(
            update(Allowance)
            .where(Allowance.template_id == mine.template_id, Allowance.person_id == into_id)
            .values(taken=Allowance.taken + mine.taken)
        )
        tx.session.delete(mine)
    tx.session.flush()


def export_for(tx: Tx, person_id: str) -> dict[str, Any]:
    """Return what is held about a person's coupons, JSON-ready."""
    redemptions = tx.session.scalars(
        select(RedemptionRow).where(RedemptionRow.person_id == person_id).order_by(RedemptionRow.id)
    )
    return {
        "coupons": [
            {
                "id": coupon.id,
                "title": coupon.spec.title,
                "state": coupon.state,
                "source": coupon.source,
                "valid_from": coupon.valid_from.isoformat(),
                "valid_until": coupon.valid_until.isoformat(),
                "used_at": coupon.used_at.isoformat() if coupon.used_at else None,
            }
            for coupon in list_all(tx, person_id)
        ],
        "redemptions": [
            {
                "id": row.id,
                "coupon_id": row.coupon_id,
                "store_id": row.store_id,
                "order_amount_fen": row.order_amount_fen,
                "discount_fen": row.discount_fen,
                "redeemed_at": row.redeemed_at.isoformat(),
                "undone": row.undone_at is not None,
            }
            for row in redemptions
        ],
    }
