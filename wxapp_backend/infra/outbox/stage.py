"""Writing events: one row for the fact, one for each subscriber."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.emitted import Emitted
from wxapp_backend.infra.outbox.handlers import Effect, Handler, InTx, Payload
from wxapp_backend.infra.outbox.rows import DeliveryRow, EventRow
from wxapp_backend.infra.outbox.wall import WallClock
from wxapp_backend.kernel.errors import InvariantBroken

# Deliveries are due at once by wall time, since a moved business clock must not stall them.
_INSERT_EVENTS = insert(EventRow).returning(EventRow.id, EventRow.name)
_INSERT_DELIVERIES = (
    insert(DeliveryRow).values(run_at=WallClock()).returning(DeliveryRow.id, DeliveryRow.state)
)


@dataclass(frozen=True, slots=True)
class _Inside:
    """A subscriber whose work stays inside the database."""

    name: str
    handler: InTx

    def run(self, tx: Tx, payload: Payload) -> None:
        """Do its work."""
        self.handler.run(tx, payload)


class OutboxStage:
    """Writes all events of a transaction, and all their deliveries, in one statement each."""

    def __init__(
        self, subscribers: Mapping[str, Sequence[str]], handlers: Mapping[str, Handler]
    ) -> None:
        self._subscribers = subscribers
        self._handlers = handlers

    def hearers(self, event_name: str) -> Sequence[_Inside]:
        """Return those who hear this event inside the database, in their order."""
        return [
            _Inside(name, handler)
            for name in self._subscribers.get(event_name, ())
            if isinstance(handler := self._handlers[name], InTx)
        ]

    def write(self, tx: Tx, emitted: Sequence[Emitted]) -> list[int]:
        """Write the events and their deliveries; return the ids of those still to be done."""
        event_ids = self._write_events(tx, emitted)
        heard = [
            self._delivery(event_id, name, each)
            for event_id, each in zip(event_ids, emitted, strict=True)
            for name in self._subscribers.get(each.event.name, ())
        ]
        if not heard:
            return []
        written = tx.connection.execute(_INSERT_DELIVERIES, heard)
        return [each.id for each in written if each.state == "new"]

    def _write_events(self, tx: Tx, emitted: Sequence[Emitted]) -> list[int]:
        """Return the new ids, in the order of the events.

        Neither database promises to return rows in the order in which it was given them, but both
        number them in it. The names are compared, so that a database that does not is found out.
        """
        written = tx.connection.execute(
            _INSERT_EVENTS,
            [
                {
                    "name": each.event.name,
                    "version": each.event.version,
                    "payload": dict(each.payload),
                    "occurred_at": tx.now,
                }
                for each in emitted
            ],
        )
        rows = sorted(written.all())
        if [name for _, name in rows] != [each.event.name for each in emitted]:
            raise InvariantBroken("the database numbered events in another order than it was given")
        return [event_id for event_id, _ in rows]

    def _delivery(self, event_id: int, name: str, emitted: Emitted) -> dict[str, Any]:
        handler = self._handlers[name]
        field = handler.lock_field if isinstance(handler, Effect) else None
        done = name in emitted.heard_by
        return {
            "event_id": event_id,
            "subscriber": name,
            "lock_key": str(emitted.payload[field]) if field else None,
            "state": "done" if done else "new",
            "attempts": int(done),
            "fence": int(done),
            "done_at": system_clock() if done else None,
        }
