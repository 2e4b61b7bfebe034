"""Posting one entry: the customer's balance, the chain and the entry change together."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from wxapp_backend.features.points.domain import NO_HASH, Kind, Line, Standing, change, line_hash
from wxapp_backend.features.points.errors import InsufficientPoints
from wxapp_backend.features.points.models import Balance, Entry
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import InvariantBroken
from wxapp_backend.kernel.ids import new_id

_ACCOUNT = Balance.person_id == bindparam("of_person")
_STAND = update(Balance).where(_ACCOUNT)
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
        InvariantBroken: the reference is taken: see `find_entry`.
    """
    posted = post_unless_known(tx, person_id, posting)
    if posted is None:
        raise InvariantBroken("one reference was posted twice")
    return posted


def post_unless_known(tx: Tx, person_id: str, posting: Posting) -> Posted | None:
    """Do as `post`, unless an entry of this reference is there: then nothing is written.

    Raises:
        InsufficientPoints: an account would go below zero; nothing was written.
    """
    held = tx.insert_or_hold(Balance(person_id=person_id, head=NO_HASH))
    moved = change(posting.kind, posting.points)
    after = Standing(
        held.available + moved.available, held.pending + moved.pending, held.debt + moved.debt
    )
    if min(after.available, after.pending, after.debt) < 0:
        raise InsufficientPoints
    line = Line(
        sequence=held.entries + 1,
        entry_id=new_id(tx.now),
        at=tx.now,
        kind=posting.kind,
        points=posting.points,
        after=after,
        title=posting.title,
        source=posting.source,
        previous=held.head,
    )
    if not _append(tx, person_id, line, posting.reference):
        return None
    return Posted(line.entry_id, line.after)


def _append(tx: Tx, person_id: str, line: Line, reference: str) -> bool:
    """Write the entry before lots refer to it, and the new standing; False if it is known."""
    digest = line_hash(person_id, line.as_json())
    is_new = tx.insert_unless_present(
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
        ),
        key=("reference",),
    )
    if is_new:
        tx.execute(
            _STAND,
            of_person=person_id,
            available=line.after.available,
            pending=line.after.pending,
            debt=line.after.debt,
            entries=line.sequence,
            head=digest,
        )
    return is_new


def lock_account(tx: Tx, person_id: str) -> Standing:
    """Wait for other writers of this account, and return its standing."""
    found = tx.execute(_LOCK, of_person=person_id).one_or_none()
    return Standing(*found) if found else Standing()


def find_entry(tx: Tx, reference: str) -> Known | None:
    """Return the entry of this cause, if it was posted."""
    row = tx.execute(_BY_REFERENCE, reference=reference).one_or_none()
    return Known(*row) if row is not None else None
