"""Who holds a delivery: claiming it, marking what became of it, giving it back."""

from __future__ import annotations

import functools
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    Update,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.outbox.handlers import Payload
from wxapp_backend.infra.outbox.rows import DeliveryRow, EventRow
from wxapp_backend.infra.outbox.wall import WallClock, wall_clock_in

LEASE_SECONDS = 30.0
"""Longer than any handler takes: WeChat calls give up after 8 s, transactions after 5 s."""

MAX_ATTEMPTS = 12
"""With the delays below about an hour; after that the delivery is `dead` and waits for a person."""

_FIRST_DELAY_SECONDS = 1.0
_LONGEST_DELAY_SECONDS = 600.0

_jitter = secrets.SystemRandom()


def _is_due() -> ColumnElement[bool]:
    """Return the condition under which a delivery may be claimed, but for those ahead of it."""
    return or_(
        (DeliveryRow.state == "new") & (DeliveryRow.run_at <= WallClock()),
        DeliveryRow.state.in_(("running", "sending")) & (DeliveryRow.lease_until <= WallClock()),
    )


def _is_next_of_its_key() -> ColumnElement[bool]:
    """Return the condition under which no other delivery of the same key comes first."""
    other = aliased(DeliveryRow)
    ahead = (
        select(other.id)
        .where(other.lock_key == DeliveryRow.lock_key)
        .where(
            (other.state.in_(("running", "sending")) & (other.id != DeliveryRow.id))
            | ((other.state == "new") & (other.attempts == 0) & (other.id < DeliveryRow.id))
        )
    )
    return ~ahead.exists()


# Built once: building these took longer than running them.
_THIS = DeliveryRow.id == bindparam("delivery_id")
_DUE = (
    select(DeliveryRow.id)
    .where(_is_due(), _is_next_of_its_key())
    .order_by(DeliveryRow.id)
    .limit(bindparam("most"))
)
_LOOK = (
    select(
        DeliveryRow.state,
        DeliveryRow.lock_key,
        DeliveryRow.fence,
        DeliveryRow.subscriber,
        EventRow.payload,
    )
    .join(EventRow, EventRow.id == DeliveryRow.event_id)
    .where(_THIS)
)
_TAKE = (
    update(DeliveryRow)
    .where(_THIS, DeliveryRow.fence == bindparam("seen"), _is_due(), _is_next_of_its_key())
    .values(
        state="running",
        fence=DeliveryRow.fence + 1,
        attempts=DeliveryRow.attempts + 1,
        lease_until=wall_clock_in("lease_seconds"),
    )
    .returning(DeliveryRow.fence, DeliveryRow.attempts)
)
_HELD = update(DeliveryRow).where(_THIS, DeliveryRow.fence == bindparam("held"))
_FINISH = _HELD.values(state="done", done_at=WallClock(), lease_until=None, last_error=None)
_GIVE_BACK = _HELD.values(run_at=wall_clock_in("delay_seconds"), lease_until=None)
_ONE_OF_A_KEY = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("key", type_=String()))))


class LeaseLost(Exception):
    """Another worker has taken the delivery over; what this one did is rolled back."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this worker holds.

    Attributes:
        lock_key: deliveries that share it run one at a time.
        interrupted: an earlier worker died with a call to the outside under way.
    """

    delivery_id: int
    fence: int
    attempts: int
    subscriber: str
    payload: Payload
    lock_key: str | None = None
    interrupted: bool = False

    @property
    def labels(self) -> dict[str, Any]:
        """Return what a log line says of it."""
        return {
            "delivery_id": self.delivery_id,
            "subscriber": self.subscriber,
            "attempts": self.attempts,
        }


def due(db: Database, *, limit: int) -> list[int]:
    """Return the ids of up to `limit` deliveries that may be claimed now, oldest first."""
    return db.read(lambda tx: list(tx.execute(_DUE, most=limit).scalars()))


@functools.cache
def _do(inside: frozenset[str]) -> Update:
    """Return the statement that claims a delivery of these subscribers and marks it as done.

    Both are one: its transaction does the work, so others see a delivery that is new, or done.
    """
    subscribers = [literal_column(f"'{each}'", String()) for each in sorted(inside)]
    free = (  # a rival's is passed over, not waited for
        select(DeliveryRow.id)
        .where(_THIS, DeliveryRow.subscriber.in_(subscribers), _is_due())
        .with_for_update(skip_locked=True)
    )
    payload = select(EventRow.payload).where(EventRow.id == DeliveryRow.event_id).scalar_subquery()
    return (
        update(DeliveryRow)
        .where(DeliveryRow.id == free.correlate(None).scalar_subquery())
        .values(
            state="done",
            fence=DeliveryRow.fence + 1,
            attempts=DeliveryRow.attempts + 1,
            done_at=WallClock(),
            lease_until=None,
            last_error=None,
        )
        .returning(DeliveryRow.fence, DeliveryRow.attempts, DeliveryRow.subscriber, payload)
    )


def claim_as_done(tx: Tx, inside: frozenset[str], delivery_id: int) -> Claim | None:
    """Claim a delivery for the length of this transaction; its commit says that it was done."""
    taken = tx.execute(_do(inside), delivery_id=delivery_id).one_or_none()
    return None if taken is None else Claim(delivery_id, *taken)


def claim(tx: Tx, delivery_id: int) -> Claim | None:
    """Claim a delivery with a lease, for work in more than one transaction."""
    row = tx.execute(_LOOK, delivery_id=delivery_id).one_or_none()
    if row is None or row.state in ("done", "dead"):
        return None
    if row.lock_key and tx.is_postgresql:
        # Two workers that claim two deliveries of one key must see each other.
        tx.execute(_ONE_OF_A_KEY, key=row.lock_key)
    taken = tx.execute(
        _TAKE, delivery_id=delivery_id, seen=row.fence, lease_seconds=LEASE_SECONDS
    ).one_or_none()
    if taken is None:
        return None
    return Claim(
        delivery_id,
        taken.fence,
        taken.attempts,
        row.subscriber,
        row.payload,
        row.lock_key,
        interrupted=row.state == "sending",
    )


def finish(tx: Tx, held: Claim) -> None:
    """Mark the delivery as done.

    Raises:
        LeaseLost: another worker has claimed it since.
    """
    _change(tx, _FINISH, held, held.fence)


def mark(tx: Tx, held: Claim, *, state: str) -> None:
    """Note how far the delivery is.

    Raises:
        LeaseLost: another worker has claimed it since.
    """
    _change(tx, _HELD, held, held.fence, state=state)


def give_back(tx: Tx, held: Claim, *, fence: int, reason: str, seconds: float) -> bool:
    """Give the delivery back, due later; return whether this was the last attempt instead.

    Raises:
        LeaseLost: another worker has claimed it since.
    """
    ceiling = min(_FIRST_DELAY_SECONDS * 2**held.attempts, _LONGEST_DELAY_SECONDS)
    dead = held.attempts >= MAX_ATTEMPTS
    _change(
        tx,
        _GIVE_BACK,
        held,
        fence,
        state="dead" if dead else "new",
        fence=held.fence,
        attempts=held.attempts,
        delay_seconds=max(seconds, _jitter.uniform(0, ceiling)),
        last_error=reason[:300],
    )
    return dead


def _change(tx: Tx, statement: Update, held: Claim, in_database: int, **values: Any) -> None:
    found = tx.execute(statement, delivery_id=held.delivery_id, held=in_database, **values)
    if found.rowcount == 0:
        raise LeaseLost
