"""Posting one entry: the customer's balance, the chain and the entry change together."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from wxapp_backend.features.points.domain import NO_HASH, Kind, Line, Standing, change, line_hash
from wxapp_backend.features.points.errors import InsufficientPoints
from wxapp_backend.features.points.models import Balance, Entry
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id


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


def post(tx: Tx, person_id: str, posting: Posting) -> Posted:
    """Write the entry; the customer's account stays locked until the transaction ends.

    Raises:
        InsufficientPoints: an account would go below zero; nothing was written.
        IntegrityError: the reference is taken (see `find_entry`); `Database.run` tries again.
    """
    tx.add_unless_present(Balance(person_id=person_id, head=NO_HASH))
    moved = change(posting.kind, posting.points)
    taken = tx.session.execute(
        update(Balance)
        .where(
            Balance.person_id == person_id,
            Balance.available + moved.available >= 0,
            Balance.pending + moved.pending >= 0,
            Balance.debt + moved.debt >= 0,
        )
        .values(
            available=Balance.available + moved.available,
            pending=Balance.pending + moved.pending,
            debt=Balance.debt + moved.debt,
            entries=Balance.entries + 1,
        )
        .returning(Balance.available, Balance.pending, Balance.debt, Balance.entries, Balance.head)
        .execution_options(synchronize_session=False)
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
    tx.session.add(
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
    tx.session.execute(
        update(Balance)
        .where(Balance.person_id == person_id)
        .values(head=digest)
        .execution_options(synchronize_session=False)
    )
    tx.session.flush()  # the entry is there before lots refer to it


def lock_account(tx: Tx, person_id: str) -> Standing:
    """Wait for other writers of this account, and return its standing."""
    statement = select(Balance.available, Balance.pending, Balance.debt).where(
        Balance.person_id == person_id
    )
    found = tx.session.execute(statement.with_for_update()).one_or_none()
    return Standing(*found) if found else Standing()


def find_entry(tx: Tx, reference: str) -> Entry | None:
    """Return the entry of this cause, if it was posted."""
    return tx.session.scalar(select(Entry).where(Entry.reference == reference))
