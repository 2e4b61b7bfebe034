"""Which visits there were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, bindparam, func, select

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.visits.domain import Review, Visit
from wxapp_backend.features.visits.models import ReviewRow, VisitRow
from wxapp_backend.infra.batched import QueryPart
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.days import bounds_of
from wxapp_backend.kernel.errors import NotFound, ValidationFailed

_PAID = VisitRow.cancelled_at.is_(None) & (VisitRow.amount_fen > VisitRow.refunded_fen)


@dataclass(frozen=True, slots=True)
class Spending:
    """What a person has paid in all, refunds taken off."""

    visits: int
    amount_fen: int
    last_paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a till may know of a customer; the name is masked."""

    customer_id: str
    display_name: str
    phone_masked: str | None
    spending: Spending


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What was paid in one store on one day, refunds taken off."""

    count: int
    amount_fen: int


_VISIT = select(
    VisitRow.id,
    VisitRow.person_id,
    VisitRow.store_id,
    VisitRow.number,
    VisitRow.order_no,
    VisitRow.amount_fen,
    VisitRow.refunded_fen,
    VisitRow.paid_at,
    VisitRow.recorded_at,
    VisitRow.source,
    VisitRow.cancelled_at,
).where(VisitRow.id == bindparam("visit_id"))
_BY_ORDER = (
    select(VisitRow)
    .where(VisitRow.order_no == bindparam("order_no"), VisitRow.cancelled_at.is_(None))
    .execution_options(populate_existing=True)
)
_SPENDING = select(
    func.count(),
    func.coalesce(func.sum(VisitRow.amount_fen - VisitRow.refunded_fen), 0),
    func.max(VisitRow.paid_at),
).where(VisitRow.person_id == bindparam("person_id"), _PAID)
LAST_PAID_AT = QueryPart(
    select(VisitRow.paid_at)
    .where(VisitRow.person_id == bindparam("person_id"), _PAID)
    .order_by(VisitRow.paid_at.desc())
    .limit(1),
    lambda columns: cast("datetime", columns[0]),
)
"""When `person_id` last paid for a visit that was not refunded in full."""
_IS_KNOWN = select(VisitRow.id).where(
    VisitRow.order_no == bindparam("order_no"), VisitRow.cancelled_at.is_(None)
)
_LIST = (
    select(VisitRow, ReviewRow)
    .outerjoin(ReviewRow, ReviewRow.visit_id == VisitRow.id)
    .where(VisitRow.person_id == bindparam("person_id"), VisitRow.cancelled_at.is_(None))
    .order_by(VisitRow.id.desc())
    .limit(bindparam("most"))
)
_LIST_BEFORE = _LIST.where(VisitRow.id < bindparam("cursor"))


def get_visit(tx: Tx, visit_id: str) -> Visit:
    """Return a visit, also a cancelled one.

    Raises:
        NotFound: there is none.
    """

    def read() -> Visit:
        row = tx.execute(_VISIT, visit_id=visit_id).one_or_none()
        if row is None:
            raise NotFound
        return to_visit(row)

    return tx.once("visit", visit_id, read)


def find_row_by_order(tx: Tx, order_no: str) -> VisitRow | None:
    """Return the visit of an order, if it was reported and not cancelled since."""
    if tx.execute(_IS_KNOWN, order_no=order_no).first() is None:
        return None  # as nearly always: no need for the session
    return tx.session.scalar(_BY_ORDER, {"order_no": order_no})


def find_by_order(tx: Tx, order_no: str) -> Visit | None:
    """Return the visit of an order, as `find_row_by_order` does."""
    row = find_row_by_order(tx, order_no)
    return to_visit(row) if row else None


def count_paid(tx: Tx, person_id: str) -> int:
    """Return how many visits the person has paid for, those refunded in full left out."""
    return spending(tx, person_id).visits


def last_paid_at(tx: Tx, person_id: str) -> datetime | None:
    """Return when the person last paid for a visit that was not refunded in full."""
    return spending(tx, person_id).last_paid_at


def spending(tx: Tx, person_id: str) -> Spending:
    """Return what the person has paid."""
    visits, amount_fen, last = tx.execute(_SPENDING, person_id=person_id).one()
    return Spending(visits, int(amount_fen), last)


def get_figures(tx: Tx, customer_id: str) -> Figures:
    """Return a customer's figures.

    Raises:
        NotFound: there is no such customer, or they wished to be forgotten.
    """
    person = identity.get_person(tx, customer_id)
    if person.erased_at is not None:
        raise NotFound
    name = identity.display_name(person)
    return Figures(person.id, name, person.phone_masked, spending(tx, person.id))


def list_for(
    tx: Tx, person_id: str, *, cursor: str | None = None, limit: int = 100
) -> tuple[list[tuple[Visit, Review | None]], str | None]:
    """Return up to `limit` visits before `cursor`, newest first, with their reviews; and the next.

    Raises:
        ValidationFailed: the cursor is none of this list's.
    """
    bound: dict[str, object] = {"person_id": person_id, "most": limit + 1}
    if cursor is None:
        rows = tx.session.execute(_LIST, bound).all()
    elif cursor.isascii() and cursor.isalnum():
        rows = tx.session.execute(_LIST_BEFORE, bound | {"cursor": cursor}).all()
    else:
        raise ValidationFailed(fields={"query.cursor": ["is not a cursor of this list"]})
    pairs: list[tuple[VisitRow, ReviewRow | None]] = [(row[0], row[1]) for row in rows[:limit]]
    page = [(to_visit(visit), to_review(row) if row else None) for visit, row in pairs]
    return page, page[-1][0].id if len(rows) > limit else None


def list_of_day(tx: Tx, store_id: str, day: date, *, limit: int) -> list[Visit]:
    """Return the newest `limit` visits that were recorded in a store on a day of the shop."""
    start, end = bounds_of(day)
    statement = (
        select(VisitRow)
        .where(
            VisitRow.store_id == store_id,
            VisitRow.recorded_at >= start,
            VisitRow.recorded_at < end,
            VisitRow.cancelled_at.is_(None),
        )
        .order_by(VisitRow.recorded_at.desc(), VisitRow.id.desc())
        .limit(limit)
    )
    return [to_visit(row) for row in tx.session.scalars(statement)]


def total_of_day(tx: Tx, store_id: str, day: date) -> DayTotal:
    """Return the sum of the visits that were recorded in a store on a day of the shop."""
    start, end = bounds_of(day)
    statement = select(
        func.count(), func.coalesce(func.sum(VisitRow.amount_fen - VisitRow.refunded_fen), 0)
    ).where(
        VisitRow.store_id == store_id,
        VisitRow.recorded_at >= start,
        VisitRow.recorded_at < end,
        VisitRow.cancelled_at.is_(None),
    )
    count, amount_fen = tx.session.execute(statement).one()
    return DayTotal(count, int(amount_fen))


def revenue_of(tx: Tx, visit_ids: Sequence[str]) -> int:
    """Return what these visits brought in, in fen, refunds and cancelled ones taken off."""
    statement = select(
        func.coalesce(func.sum(VisitRow.amount_fen - VisitRow.refunded_fen), 0)
    ).where(VisitRow.id.in_(visit_ids), VisitRow.cancelled_at.is_(None))
    return int(tx.session.scalar(statement) or 0)


def to_visit(row: VisitRow | Row[*tuple[Any, ...]], *, is_repeat: bool = False) -> Visit:
    """Return the frozen view of a row, or of its columns."""
    return Visit(
        id=row.id,
        person_id=row.person_id,
        store_id=row.store_id,
        number=row.number,
        order_no=row.order_no,
        amount_fen=row.amount_fen,
        refunded_fen=row.refunded_fen,
        paid_at=row.paid_at,
        recorded_at=row.recorded_at,
        source=row.source,
        is_cancelled=row.cancelled_at is not None,
        is_repeat=is_repeat,
    )


def to_review(row: ReviewRow | Row[*tuple[Any, ...]]) -> Review:
    """Return the frozen view of a row, or of its columns."""
    return Review(
        id=row.id,
        visit_id=row.visit_id,
        rating=row.rating,
        text=row.text,
        tags=[str(tag) for tag in row.tags],
        shared=row.shared,
        state=row.state,
        written_at=row.written_at,
    )
