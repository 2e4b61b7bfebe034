"""The words of reviews that others may read."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from wxapp_backend.features.visits.models import ReviewRow
from wxapp_backend.features.visits.queries.visits import to_review
from wxapp_backend.infra.db import Tx

_READABLE = select(
    ReviewRow.id,
    ReviewRow.visit_id,
    ReviewRow.rating,
    ReviewRow.text,
    ReviewRow.tags,
    ReviewRow.shared,
    ReviewRow.state,
    ReviewRow.written_at,
).where(ReviewRow.shared.is_(True), ReviewRow.state == "published")
_OF_VISIT = _READABLE.where(ReviewRow.visit_id == bindparam("visit_id"))
_NEWEST = (
    _READABLE.where(ReviewRow.person_id == bindparam("person_id"))
    .order_by(ReviewRow.id.desc())
    .limit(10)
)


def words_for(tx: Tx, visit_id: str) -> str | None:
    """Return what the visitor said, for the referrer: only if shared, checked and not empty."""
    row = tx.execute(_OF_VISIT, visit_id=visit_id).one_or_none()
    return (to_review(row).words or None) if row else None


def latest_words(tx: Tx, person_id: str) -> str | None:
    """Return the newest words of this visitor that the referrer may read."""
    rows = tx.execute(_NEWEST, person_id=person_id)
    return next((words for row in rows if (words := to_review(row).words)), None)
