"""Posting one entry: the customer's balance, the chain and the entry change together."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, select, update

from wxapp_backend.features.points.domain import NO_HASH, Kind, Line, Standing, change, line_hash
from wxapp_backend.features.points.errors import InsufficientPoints
from wxapp_backend.features.points.models import Balance, Entry
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id

_ACCOUNT = Balance.person_id == bindparam("of_person")
_AVAILABLE = Balance.available + bindparam("available_moved", type_=Integer())
_PENDING = Balance.pending + bindparam("pending_moved", type_=Integer())
_DEBT = Balance.debt + bindparam("debt_moved", type_=Integer())
_MOVE = (
    update(Balance)
    .where(_ACCOUNT, _AVAILABLE >= 0, _PENDING >= 0, _DEBT >= 0)
    .values(available=_AVAILABLE, pending=_PENDING, debt=_DEBT, entries=Balance.entries + 1)
    .returning(Balance.available, Balance.pending, Balance.debt, Balance.entries, Balance.head)
)
_LINK = update(Balance).where(_ACCOUNT)
_LOCK = select(Balance.available, Balance.pending, Balance.debt).where(_ACCOUNT).with_for_update()
_BY_REFERENCE = select(Entry.id, Entry.person_id, Entry.kind, Entry.points, Entry.reference).where(
    Entry.reference == bindparam("reference")
)


@dataclass(frozen=True, slots=True)
class Posting:
    """A move of whole points that concerns one customer.

    Raises:
        ValueError: `points` is not positive.
    """

    kind: Kind
    points: int
    reference: str
    title: str
    source: str = ""

    def __post_init__(self) -> None:
        if self.points <= 0:
            raise ValueError(f"points must be positive, got {self.points}")


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry that was just posted, and the customer's standing after it."""

    entry_id: str
    after: Standing


@dataclass(frozen=True, slots=True)
class Known:
    """An entry that was posted before."""

    id: str
    person_id: str
    kind: str
    points: int
    reference: str


def post(tx: Tx, person_id: str, posting: Posting) -> Posted:
    """Write the entry; the customer's account stays locked until the transaction ends.

    Raises:
        InsufficientPoints: an account would go below zero; nothing was written.
        IntegrityError: the reference is taken (see `find_entry`); `Database.run` tries again.
    """
    tx.insert_unless_present(Balance(person_id=person_id, head=NO_HASH))
    moved = change(posting.kind, posting.points)
    taken = tx.execute(
        _MOVE,
        of_person=person_id,
        available_moved=moved.available,
        pending_moved=moved.pending,
        debt_moved=moved.debt,
    ).one_or_none()
    if taken is None:
        raise InsufficientPoints
    line = Line(
        sequence=taken.entries,
        entry_id=new_id(tx.now),
        at=tx.now,
        kind=posting.kind,
        points=posting.points,
        after=Standing(taken.available, taken.pending, taken.debt),
        title=posting.title,
        source=posting.source,
        previous=taken.head,
    )
    _append(tx, person_id, line, posting.reference)
    return Posted(line.entry_id, line.after)


def _append(tx: Tx, person_id: str, line: Line, reference: str) -> None:
    digest = line_hash(person_id, line.as_json())
    tx.insert(  # before lots refer to it
        Entry(
            id=line.entry_id,
            person_id=person_id,
            sequence=line.sequence,
            kind=line.kind,
            points=line.points,
            available_after=line.after.available,
            pending_after=line.after.pending,
            debt_after=line.after.debt,
            reference=reference,
            title=line.title,
            source=line.source,
            posted_at=line.at,
            previous=line.previous,
            hash=digest,
        )
    )
    tx.execute(_LINK, of_person=person_id, head=digest)


def lock_account(tx: Tx, person_id: str) -> Standing:
    """Wait for other writers of this account, and return its standing."""
    found = tx.execute(_LOCK, of_person=person_id).one_or_none()
    return Standing(*found) if found else Standing()


def find_entry(tx: Tx, reference: str) -> Known | None:
    """Return the entry of this cause, if it was posted."""
    row = tx.execute(_BY_REFERENCE, reference=reference).one_or_none()
    return Known(*row) if row is not None else None
