"""The words of reviews that others may read."""

from __future__ import annotations

from sqlalchemy import select

from wxapp_backend.features.visits.models import ReviewRow
from wxapp_backend.features.visits.queries.visits import to_review
from wxapp_backend.infra.db import Tx


def words_for(tx: Tx, visit_id: str) -> str | None:
    """Return what the visitor said, for the referrer: only if shared, checked and not empty."""
    row = tx.session.scalar(
        select(ReviewRow).where(
            ReviewRow.visit_id == visit_id,
            ReviewRow.shared.is_(True),
            ReviewRow.state == "published",
        )
    )
    return (to_review(row).words or None) if row else None


def latest_words(tx: Tx, person_id: str) -> str | None:
    """Return the newest words of this visitor that the referrer may read."""
    rows = tx.session.scalars(
        select(ReviewRow)
        .where(
            ReviewRow.person_id == person_id,
            ReviewRow.shared.is_(True),
            ReviewRow.state == "published",
        )
        .order_by(ReviewRow.id.desc())
        .limit(10)
    )
    return next((words for row in rows if (words := to_review(row).words)), None)
