"""Writing events: one row for the fact, one for each subscriber."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Stage, Tx
from wxapp_backend.infra.outbox.handlers import Handler
from wxapp_backend.infra.outbox.rows import DeliveryRow, EventRow
from wxapp_backend.kernel.events import DomainEvent

_INSERT_EVENT = insert(EventRow).returning(EventRow.id)
_INSERT_DELIVERIES = insert(DeliveryRow).returning(DeliveryRow.id, sort_by_parameter_order=True)


def make_stage(
    subscribers: Mapping[str, Sequence[str]],
    handlers: Mapping[str, Handler],
    wall: Callable[[], datetime] = system_clock,
) -> Stage:
    """Return the function behind `Tx.emit`.

    Deliveries are due at once by wall time, since a moved business clock must not stall them.
    """

    def stage(tx: Tx, event: DomainEvent, payload: Mapping[str, Any]) -> list[int]:
        event_id = tx.execute(
            _INSERT_EVENT,
            name=event.name,
            version=event.version,
            payload=dict(payload),
            occurred_at=tx.now,
        ).scalar_one()
        due_at = wall()
        deliveries = [
            {
                "event_id": event_id,
                "subscriber": subscriber,
                "lock_key": _lock_key(handlers[subscriber], payload),
                "run_at": due_at,
            }
            for subscriber in subscribers.get(event.name, ())
        ]
        if not deliveries:
            return []
        return list(tx.connection.execute(_INSERT_DELIVERIES, deliveries).scalars())

    return stage


def _lock_key(handler: Handler, payload: Mapping[str, Any]) -> str | None:
    return str(payload[handler.lock_field]) if handler.lock_field else None
