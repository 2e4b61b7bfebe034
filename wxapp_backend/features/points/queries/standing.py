"""What a customer has, what is promised, what expires soon, and the lines that led there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import bindparam, case, func, or_, select, true

from wxapp_backend.features.points.domain import (
    NO_HASH,
    STATEMENT_FORMAT,
    Kind,
    Line,
    Standing,
    signed,
)
from wxapp_backend.features.points.models import Balance, Entry, Lot
from wxapp_backend.infra.batched import QueryPart
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import ValidationFailed

_BEYOND_ALL = 2**31 - 1  # what the column's integer holds

EXPIRING_WITHIN = timedelta(days=30)
"""How far ahead a customer is shown what will expire."""


@dataclass(frozen=True, slots=True)
class Expiring:
    """Points that end at one instant."""

    points: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of a customer's list; `points` is positive for what came, negative for what went."""

    id: str
    at: datetime
    points: int
    state: str
    title: str
    source: str
    available_at: datetime | None
    expires_at: datetime | None


_HAS_ENDED = Lot.expires_at <= bindparam("now")
_IS_DUE = Lot.is_pending.is_(True) & (Lot.available_at <= bindparam("now"))
_NOT_BOOKED_YET = (
    select(
        func.sum(case((Lot.is_pending.is_(False), Lot.remaining), else_=0)).label("ended"),
        func.sum(case((_IS_DUE, Lot.remaining), else_=0)).label("due"),
        func.sum(case((_IS_DUE & _HAS_ENDED, Lot.remaining), else_=0)).label("stillborn"),
    )
    .where(Lot.person_id == bindparam("person_id"), Lot.remaining > 0, or_(_HAS_ENDED, _IS_DUE))
    .subquery()
)
_STANDING = (
    select(
        Balance.available,
        Balance.pending,
        Balance.debt,
        _NOT_BOOKED_YET.c.ended,
        _NOT_BOOKED_YET.c.due,
        _NOT_BOOKED_YET.c.stillborn,
    )
    .join(_NOT_BOOKED_YET, true())
    .where(Balance.person_id == bindparam("person_id"))
)
_EXPIRING = (
    select(Lot.expires_at, func.sum(Lot.remaining))
    .where(
        Lot.person_id == bindparam("person_id"),
        Lot.remaining > 0,
        Lot.is_pending.is_(False),
        Lot.expires_at > bindparam("now"),
        Lot.expires_at <= bindparam("until"),
    )
    .group_by(Lot.expires_at)
    .order_by(Lot.expires_at)
)
_LINES = (
    select(Entry, Lot)
    .outerjoin(Lot, Lot.entry_id == Entry.id)
    .where(
        Entry.person_id == bindparam("person_id"),
        Entry.kind != "released",
        Entry.sequence < bindparam("before"),
    )
    .order_by(Entry.sequence.desc())
    .limit(bindparam("most"))
)


def _standing(columns: Sequence[Any]) -> Standing:
    """Return what the columns of `_STANDING` come to."""
    booked, pending, debt, *sums = columns
    ended, due, stillborn = (int(value or 0) for value in sums)
    available = booked - ended + due - stillborn
    settled = min(available, debt) if due else 0
    return Standing(available - settled, pending - due, debt - settled)


STANDING = QueryPart(_STANDING, _standing)
"""The points of the customer `person_id` as of `now`; none who never had any."""


def standing(tx: Tx, person_id: str) -> Standing:
    """Return the customer's points as of now, also when the timetable has not yet run."""
    return STANDING.find(tx, person_id=person_id, now=tx.now) or Standing()


def available(tx: Tx, person_id: str) -> int:
    """Return the whole points that the customer can spend now."""
    return standing(tx, person_id).available


def list_expiring(tx: Tx, person_id: str) -> list[Expiring]:
    """Return what expires within 30 days, soonest first."""
    until = tx.now + EXPIRING_WITHIN
    found = tx.execute(_EXPIRING, person_id=person_id, now=tx.now, until=until)
    return [Expiring(int(points), end) for end, points in found if end]


def lines(
    tx: Tx, person_id: str, *, cursor: str | None, limit: int
) -> tuple[list[EntryView], str | None]:
    """Return up to `limit` lines before `cursor`, newest first, and the next cursor.

    That promised points became usable shows in the state of their own line, not as another line.

    Raises:
        ValidationFailed: the cursor is none of ours.
    """
    if cursor is not None and not (cursor.isascii() and cursor.isdigit()):
        raise ValidationFailed(fields={"query.cursor": ["is not a cursor of this list"]})
    before = min(int(cursor), _BEYOND_ALL) if cursor else _BEYOND_ALL
    bound = {"person_id": person_id, "before": before, "most": limit + 1}
    rows = tx.session.execute(_LINES, bound).all()
    views = [_view(entry, lot, tx.now) for entry, lot in rows[:limit]]
    following = str(rows[limit - 1][0].sequence) if len(rows) > limit else None
    return views, following


def statement(tx: Tx, person_id: str) -> bytes:
    """Return the customer's whole chain as a JSON file that `domain.verify` can check."""
    entries = tx.session.scalars(
        select(Entry).where(Entry.person_id == person_id).order_by(Entry.sequence)
    ).all()
    document = {
        "format": STATEMENT_FORMAT,
        "customer_id": person_id,
        "made_at": tx.now.isoformat(),
        "head": entries[-1].hash if entries else NO_HASH,
        "lines": [line_of(entry).as_json() | {"hash": entry.hash} for entry in entries],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def line_of(entry: Entry) -> Line:
    """Return the entry as the chain covers it."""
    kind: Kind = entry.kind  # type: ignore[assignment] # the CHECK holds the column to the kinds
    return Line(
        sequence=entry.sequence,
        entry_id=entry.id,
        at=entry.posted_at,
        kind=kind,
        points=entry.points,
        after=Standing(entry.available_after, entry.pending_after, entry.debt_after),
        title=entry.title,
        source=entry.source,
        previous=entry.previous,
    )


_STATES = {
    "spent": "spent",
    "settled": "spent",
    "expired": "expired",
    "reversed": "reversed",
    "withdrawn": "reversed",
    "owed": "reversed",
}
"""How a line without a lot of its own is shown; every other one as `available`."""


def _view(entry: Entry, lot: Lot | None, now: datetime) -> EntryView:
    line = line_of(entry)
    return EntryView(
        id=entry.id,
        at=entry.posted_at,
        points=signed(line.kind, entry.points),
        state=_state_of(lot, now) if lot else _STATES.get(entry.kind, "available"),
        title=entry.title,
        source=entry.source,
        available_at=lot.available_at if lot else None,
        expires_at=lot.expires_at if lot else None,
    )


def _state_of(lot: Lot, now: datetime) -> str:
    if lot.reversed_at is not None:
        return "reversed"
    if lot.is_pending and lot.available_at is not None and lot.available_at > now:
        return "pending"
    ended = lot.expires_at is not None and lot.expires_at <= now
    if lot.expired or (ended and lot.remaining):
        return "expired"
    return "available" if lot.remaining else "spent"
