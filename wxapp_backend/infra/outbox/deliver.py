"""Carrying one delivery out: claim it, do it, mark it, so that a crash anywhere loses nothing."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, func, or_, select, update
from sqlalchemy.orm import aliased

from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Database, Tx, UtcDateTime
from wxapp_backend.infra.outbox.handlers import (
    Effect,
    Handler,
    InTx,
    OutcomeUnknown,
    Payload,
    TryLater,
)
from wxapp_backend.infra.outbox.rows import DeliveryRow, EventRow

LEASE = timedelta(seconds=30)
"""Longer than any handler takes: WeChat calls give up after 8 s, transactions after 5 s."""

MAX_ATTEMPTS = 12
"""With the delays below about an hour; after that the delivery is `dead` and waits for a person."""

_FIRST_DELAY_SECONDS = 1.0
_LONGEST_DELAY_SECONDS = 600.0

log = logging.getLogger(__name__)
_jitter = secrets.SystemRandom()


def _claimable() -> Any:
    """Return the condition under which a delivery may be claimed at the instant `now`."""
    other = aliased(DeliveryRow)
    ahead = (
        select(other.id)
        .where(other.lock_key == DeliveryRow.lock_key)
        .where(
            (other.state.in_(("running", "sending")) & (other.id != DeliveryRow.id))
            | ((other.state == "new") & (other.attempts == 0) & (other.id < DeliveryRow.id))
        )
    )
    now = bindparam("now", type_=UtcDateTime())
    return (
        or_(
            (DeliveryRow.state == "new") & (DeliveryRow.run_at <= now),
            DeliveryRow.state.in_(("running", "sending")) & (DeliveryRow.lease_until <= now),
        )
        & ~ahead.exists()
    )


# Built once: building these took longer than running them.
_DUE = select(DeliveryRow.id).where(_claimable()).order_by(DeliveryRow.id).limit(bindparam("most"))
_LOOK = (
    select(
        DeliveryRow.state,
        DeliveryRow.lock_key,
        DeliveryRow.fence,
        DeliveryRow.subscriber,
        EventRow.payload,
    )
    .join(EventRow, EventRow.id == DeliveryRow.event_id)
    .where(DeliveryRow.id == bindparam("delivery_id"))
)
_TAKE = (
    update(DeliveryRow)
    .where(
        DeliveryRow.id == bindparam("delivery_id"),
        DeliveryRow.fence == bindparam("seen"),
        _claimable(),
    )
    .values(
        state="running",
        fence=DeliveryRow.fence + 1,
        attempts=DeliveryRow.attempts + 1,
        lease_until=bindparam("until", type_=UtcDateTime()),
    )
    .returning(DeliveryRow.fence, DeliveryRow.attempts)
)
_HELD = update(DeliveryRow).where(
    DeliveryRow.id == bindparam("delivery_id"), DeliveryRow.fence == bindparam("held")
)
_ONE_OF_A_KEY = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("key", type_=String()))))
_DATABASE_CLOCK = select(func.clock_timestamp())


class LeaseLost(Exception):
    """Another worker has taken the delivery over; what this one did is rolled back."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this worker holds until its lease ends."""

    delivery_id: int
    fence: int
    attempts: int
    subscriber: str
    payload: Payload
    interrupted: bool
    """An earlier worker died with a call to the outside under way."""


def due(db: Database, *, limit: int) -> list[int]:
    """Return the ids of up to `limit` deliveries that may be claimed now, oldest first."""

    def find(tx: Tx) -> list[int]:
        return list(tx.execute(_DUE, now=_wall(tx), most=limit).scalars())

    return db.read(find)


def deliver(db: Database, handlers: Mapping[str, Handler], delivery_id: int) -> bool:
    """Carry the delivery out if nobody else holds it; return whether it was done."""
    claim = db.run(lambda tx: _claim(tx, delivery_id))
    if claim is None:
        return False
    try:
        match handlers[claim.subscriber]:
            case InTx(run=run):
                db.run(lambda tx: _run_and_finish(tx, run, claim))
            case Effect() as effect:
                _carry_out(db, effect, claim)
    except LeaseLost:
        log.warning("delivery lease lost", extra={"delivery_id": delivery_id})
        return False
    except TryLater as error:
        _postpone(db, claim, reason=str(error), seconds=error.seconds)
        return False
    except OutcomeUnknown as error:
        log.warning("outcome unknown", extra=_labels(claim))
        _postpone(db, claim, reason=str(error), seconds=0.0)
        return False
    except Exception as error:  # a handler may fail in any way; the row keeps why
        log.exception("delivery failed", extra=_labels(claim))
        _postpone(db, claim, reason=type(error).__name__, seconds=0.0)
        return False
    return True


def _carry_out(db: Database, handler: Effect, claim: Claim) -> None:
    if claim.interrupted and handler.unknown == "abandon":
        outcome = None
    else:
        request = db.run(lambda tx: _prepare(tx, handler, claim))
        if request is None:
            return
        try:
            outcome = handler.call(request)
        except TryLater:
            db.run(lambda tx: _take_back(tx, handler, claim))
            raise
        except OutcomeUnknown:
            if handler.unknown == "repeat":
                raise
            outcome = None
    db.run(lambda tx: _record(tx, handler, claim, outcome))


def _run_and_finish(tx: Tx, run: Callable[[Tx, Payload], None], claim: Claim) -> None:
    run(tx, claim.payload)
    _finish(tx, claim)


def _record(tx: Tx, handler: Effect, claim: Claim, outcome: Any) -> None:
    handler.record(tx, claim.payload, outcome)
    _finish(tx, claim)


def _take_back(tx: Tx, handler: Effect, claim: Claim) -> None:
    """Note that nothing is under way outside any more."""
    if handler.not_taken is not None:
        handler.not_taken(tx, claim.payload)
    _mark(tx, claim, state="running")


def _prepare(tx: Tx, handler: Effect, claim: Claim) -> Any:
    request = handler.prepare(tx, claim.payload)
    if request is None:
        _finish(tx, claim)
    else:
        _mark(tx, claim, state="sending")
    return request


def _claim(tx: Tx, delivery_id: int) -> Claim | None:
    row = tx.execute(_LOOK, delivery_id=delivery_id).one_or_none()
    if row is None or row.state in ("done", "dead"):
        return None
    if row.lock_key and tx.is_postgresql:
        # Two workers that claim two deliveries of one key must see each other.
        tx.execute(_ONE_OF_A_KEY, key=row.lock_key)
    now = _wall(tx)
    taken = tx.execute(
        _TAKE, delivery_id=delivery_id, seen=row.fence, now=now, until=now + LEASE
    ).one_or_none()
    if taken is None:
        return None
    was_sending = row.state == "sending"
    return Claim(delivery_id, taken.fence, taken.attempts, row.subscriber, row.payload, was_sending)


def _finish(tx: Tx, claim: Claim) -> None:
    _mark(tx, claim, state="done", done_at=_wall(tx), lease_until=None, last_error=None)


def _mark(tx: Tx, claim: Claim, **values: Any) -> None:
    """Change the delivery, if this worker still holds it.

    Raises:
        LeaseLost: another worker has claimed it since.
    """
    held = {"delivery_id": claim.delivery_id, "held": claim.fence}
    if tx.execute(_HELD, **held, **values).rowcount == 0:
        raise LeaseLost


def _postpone(db: Database, claim: Claim, *, reason: str, seconds: float) -> None:
    """Give the delivery back, due later, or leave it for a person after the last attempt."""
    ceiling = min(_FIRST_DELAY_SECONDS * 2**claim.attempts, _LONGEST_DELAY_SECONDS)
    delay = timedelta(seconds=max(seconds, _jitter.uniform(0, ceiling)))
    dead = claim.attempts >= MAX_ATTEMPTS
    if dead:
        log.error("delivery given up", extra=_labels(claim))

    def give_back(tx: Tx) -> None:
        _mark(
            tx,
            claim,
            state="dead" if dead else "new",
            run_at=_wall(tx) + delay,
            lease_until=None,
            last_error=reason[:300],
        )

    try:
        db.run(give_back)
    except LeaseLost:
        log.warning("delivery lease lost", extra=_labels(claim))


def _wall(tx: Tx) -> datetime:
    """Return wall time by the database's clock, which all workers share; SQLite has one machine."""
    if not tx.is_postgresql:
        return system_clock()
    now: datetime = tx.execute(_DATABASE_CLOCK).scalar_one()
    return now.astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC)


def _labels(claim: Claim) -> dict[str, Any]:
    return {
        "delivery_id": claim.delivery_id,
        "subscriber": claim.subscriber,
        "attempts": claim.attempts,
    }
