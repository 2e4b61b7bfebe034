"""Two persons that prove to be one, and a person who wants to be forgotten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from wxapp_backend.features.visits.models import Counter, ReviewRow, VisitRow
from wxapp_backend.features.visits.queries.visits import to_review
from wxapp_backend.infra.db import Tx


def merge(tx: Tx, *, from_id: str, into_id: str) -> None:
    """Give the visits of `from_id` to `into_id`, numbered on from the latter's last one.

    Numbers that `into_id` has given out stay: messages and rewards have named them.
    """
    moving = tx.session.scalars(
        select(VisitRow).where(VisitRow.person_id == from_id).order_by(VisitRow.number)
    ).all()
    tx.add_unless_present(Counter(person_id=into_id, last_number=0))
    paid = [row for row in moving if row.number and row.cancelled_at is None]
    last = tx.session.execute(
        update(Counter)
        .where(Counter.person_id == into_id)
        .values(last_number=Counter.last_number + len(paid))
        .returning(Counter.last_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    for number, row in enumerate(paid, start=last - len(paid) + 1):
        row.number = number
    for row in moving:
        row.person_id = into_id
    tx.forget("visit")
    tx.session.execute(
        update(ReviewRow).where(ReviewRow.person_id == from_id).values(person_id=into_id)
    )
    tx.session.flush()


def forget(tx: Tx, person_id: str) -> None:
    """Drop the words of a person's reviews; the visits stay, as the shop's books need them."""
    tx.session.execute(
        update(ReviewRow)
        .where(ReviewRow.person_id == person_id)
        .values(text="", tags=[], shared=False, next_check_at=None)
    )


def export_for(tx: Tx, person_id: str) -> dict[str, Any]:
    """Return what is held about a person's visits, JSON-ready."""
    visits = tx.session.scalars(
        select(VisitRow).where(VisitRow.person_id == person_id).order_by(VisitRow.id)
    )
    reviews = tx.session.scalars(
        select(ReviewRow).where(ReviewRow.person_id == person_id).order_by(ReviewRow.id)
    )
    return {
        "visits": [
            {
                "id": row.id,
                "store_id": row.store_id,
                "number": row.number,
                "order_no": row.order_no,
                "amount_fen": row.amount_fen,
                "refunded_fen": row.refunded_fen,
                "items": row.items,
                "paid_at": row.paid_at.isoformat(),
                "cancelled": row.cancelled_at is not None,
            }
            for row in visits
        ],
        "reviews": [
            {
                "visit_id": review.visit_id,
                "rating": review.rating,
                "text": review.text,
                "tags": review.tags,
                "shared": review.shared,
                "state": review.state,
                "written_at": review.written_at.isoformat(),
            }
            for review in map(to_review, reviews)
        ],
    }
