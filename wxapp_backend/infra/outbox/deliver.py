"""Carrying one delivery out: claim it, do it, mark it, so that a crash anywhere loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.emitted import FollowOnFailed
from wxapp_backend.infra.outbox import claims
from wxapp_backend.infra.outbox.claims import Claim, LeaseLost
from wxapp_backend.infra.outbox.handlers import Effect, Handler, InTx, OutcomeUnknown, TryLater

Handlers = Mapping[str, Handler]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """A delivery that was carried out, and the key that others may have waited for."""

    lock_key: str | None


def deliver(db: Database, handlers: Handlers, delivery_id: int) -> Done | None:
    """Carry the delivery out if nobody else holds it; return None if it was not done.

    Work inside the database is claimed, done and marked in one transaction, and so is the work of
    those who hear what it emits. A call to the outside takes a lease and has a transaction before
    it and one after it.
    """
    work = _Inside(db, handlers, delivery_id)
    if work.try_to_do():
        return Done(None)
    if work.claim is not None:
        return None  # it failed, and waits for its next attempt
    held = db.run(lambda tx: claims.claim(tx, delivery_id))
    if held is None:
        return None
    handler = handlers[held.subscriber]
    assert isinstance(handler, Effect)  # the others were done, or wait
    return _outside(db, handler, held)


class _Inside:
    """One delivery to a subscriber that stays inside the database."""

    def __init__(self, db: Database, handlers: Handlers, delivery_id: int) -> None:
        self._db = db
        self._handlers = handlers
        self._delivery_id = delivery_id
        self._inside = frozenset(
            name for name, handler in handlers.items() if isinstance(handler, InTx)
        )
        self.claim: Claim | None = None
        """What was claimed when last tried, whether the transaction committed or not."""

    def try_to_do(self) -> bool:
        """Do it, and return whether it was done; a failure is noted in the delivery."""
        for runs_on in (True, False):
            try:
                return self._do(runs_on=runs_on)
            except FollowOnFailed as error:
                log.warning("followers work apart", extra={"failed": str(error)}, exc_info=error)
            except Exception as error:  # noqa: BLE001 # it may fail in any way; the row keeps why
                return self._failed(error)
        return False

    def _do(self, *, runs_on: bool) -> bool:
        return self._db.run(lambda tx: self._work(tx, runs_on=runs_on))

    def _work(self, tx: Tx, *, runs_on: bool) -> bool:
        self.claim = claims.claim_as_done(tx, self._inside, self._delivery_id)
        if self.claim is None:
            return False
        handler = self._handlers[self.claim.subscriber]
        assert isinstance(handler, InTx)
        handler.run(tx, self.claim.payload)
        if runs_on:
            tx.run_on(self.claim.subscriber)
        return True

    def _failed(self, error: Exception) -> bool:
        if self.claim is None:
            raise error  # the database is away: nothing was claimed, nothing can be noted
        # The transaction has rolled the claim back, too.
        _note_failure(self._db, self.claim, error, fence=self.claim.fence - 1)
        return False


def _outside(db: Database, effect: Effect, held: Claim) -> Done | None:
    """Carry an effect out that this worker holds."""
    try:
        _carry_out(db, effect, held)
    except LeaseLost:
        log.warning("delivery lease lost", extra=held.labels)
        return None
    except Exception as error:  # noqa: BLE001 # it may fail in any way; the row keeps why
        _note_failure(db, held, error, fence=held.fence)
        return None
    return Done(held.lock_key)


def _carry_out(db: Database, handler: Effect, held: Claim) -> None:
    if held.interrupted and handler.unknown == "abandon":
        outcome = None
    else:
        request = db.run(lambda tx: _prepare(tx, handler, held))
        if request is None:
            return
        try:
            outcome = handler.call(request)
        except TryLater:
            db.run(lambda tx: _take_back(tx, handler, held))
            raise
        except OutcomeUnknown:
            if handler.unknown == "repeat":
                raise
            outcome = None
    db.run(lambda tx: _record(tx, handler, held, outcome))


def _prepare(tx: Tx, handler: Effect, held: Claim) -> Any:
    request = handler.prepare(tx, held.payload)
    if request is None:
        claims.finish(tx, held)
    else:
        claims.mark(tx, held, state="sending")
    return request


def _record(tx: Tx, handler: Effect, held: Claim, outcome: Any) -> None:
    handler.record(tx, held.payload, outcome)
    claims.finish(tx, held)


def _take_back(tx: Tx, handler: Effect, held: Claim) -> None:
    """Note that nothing is under way outside any more."""
    if handler.not_taken is not None:
        handler.not_taken(tx, held.payload)
    claims.mark(tx, held, state="running")


def _note_failure(db: Database, held: Claim, error: Exception, *, fence: int) -> None:
    """Give the delivery back with the reason; `fence` is the one that the database holds."""
    reason, seconds = type(error).__name__, 0.0
    match error:
        case TryLater():
            reason, seconds = str(error), error.seconds
        case OutcomeUnknown():
            reason = str(error)
            log.warning("outcome unknown", extra=held.labels)
        case _:
            log.error("delivery failed", extra=held.labels, exc_info=error)
    try:
        dead = db.run(
            lambda tx: claims.give_back(tx, held, fence=fence, reason=reason, seconds=seconds)
        )
    except LeaseLost:
        log.warning("delivery lease lost", extra=held.labels)
        return
    if dead:
        log.error("delivery given up", extra=held.labels)
