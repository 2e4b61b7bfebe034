"""Reviews: one for each visit, read by others only after WeChat's content check."""

from __future__ import annotations

from sqlalchemy import select

from wxapp_backend.features.visits.domain import (
    RECHECK_AFTER,
    RECHECK_FOR,
    NewReview,
    Review,
)
from wxapp_backend.features.visits.errors import AlreadyReviewed
from wxapp_backend.features.visits.events import ReviewSubmitted, ReviewWritten
from wxapp_backend.features.visits.models import ReviewRow, VisitRow
from wxapp_backend.features.visits.ports import Opinion
from wxapp_backend.features.visits.queries.visits import get_visit, to_review
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound
from wxapp_backend.kernel.ids import new_id


def write_review(tx: Tx, new: NewReview) -> Review:
    """Write a review; with words it waits for the check, without any it is published.

    Raises:
        NotFound: the visit is missing, cancelled, or somebody else's.
        AlreadyReviewed: the visit has a review.
    """
    visit = get_visit(tx, new.visit_id)
    if visit.person_id != new.person_id or visit.is_cancelled:
        raise NotFound
    known = select(ReviewRow.id).where(ReviewRow.visit_id == visit.id)
    if tx.session.scalar(known) is not None:
        raise AlreadyReviewed
    row = ReviewRow(
        id=new_id(tx.now),
        visit_id=visit.id,
        person_id=new.person_id,
        rating=new.rating,
        text=new.text,
        tags=list(new.tags),
        shared=new.shared,
        state="checking",
        written_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()  # a rival for the same visit makes this run again
    if to_review(row).words:
        tx.emit(ReviewSubmitted(review_id=row.id))
    else:
        _publish(tx, row)
    return to_review(row)


def text_to_check(tx: Tx, review_id: str) -> tuple[str, str] | None:
    """Return the writer's id and all words of a review that still waits, else None."""
    row = tx.session.get(ReviewRow, review_id)
    if row is None or row.state == "published":
        return None
    words = " ".join([row.text, *(str(tag) for tag in row.tags)]).strip()
    return (row.person_id, words) if words else None


def settle_check(tx: Tx, review_id: str, opinion: Opinion) -> None:
    """Publish the review if its words passed, else hold it; ask again later if nobody could say."""
    row = tx.session.get(ReviewRow, review_id)
    if row is None or row.state == "published":
        return
    row.next_check_at = None
    if opinion == "pass":
        _publish(tx, row)
        return
    row.state = "held"
    if opinion == "unavailable" and tx.now < row.written_at + RECHECK_FOR:
        row.next_check_at = tx.now + RECHECK_AFTER
    tx.session.flush()


def ask_again(tx: Tx, limit: int) -> int:
    """Submit reviews again that could not be judged, and return how many."""
    statement = select(ReviewRow).where(ReviewRow.next_check_at <= tx.now)
    rows = tx.session.scalars(statement.order_by(ReviewRow.next_check_at).limit(limit)).all()
    for row in rows:
        row.next_check_at = None
        tx.emit(ReviewSubmitted(review_id=row.id))
    return len(rows)


def _publish(tx: Tx, row: ReviewRow) -> None:
    row.state = "published"
    tx.session.flush()
    visit = tx.session.get_one(VisitRow, row.visit_id)
    tx.emit(
        ReviewWritten(
            review_id=row.id,
            visit_id=visit.id,
            person_id=row.person_id,
            visit_number=visit.number,
            rating=row.rating,
            shared=row.shared,
        )
    )
