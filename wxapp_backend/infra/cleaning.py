"""Forgetting what has done its service: answered keys, delivered events, past ticks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import delete, select

from wxapp_backend.infra import idempotency
from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.rows import DeliveryRow, EventRow
from wxapp_backend.infra.ticks import Job, TickRow
from wxapp_backend.kernel.events import DomainEvent

KEPT = timedelta(days=30)
"""Long enough to look into what happened last month."""

_BATCH = 2000
"""Rows in one transaction: well below a second; there is another hour for the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleaningDue(DomainEvent):
    """Rows that nobody needs any more may go; from the timetable."""

    name: ClassVar[str] = "infra.cleaning.due"


JOBS = (Job("infra.cleaning", timedelta(hours=1), CleaningDue),)


def on_cleaning_due(tx: Tx, _event: CleaningDue) -> None:
    """Delete old rows; deliveries that were given up stay, for a person to look at."""
    idempotency.purge(tx)
    tx.session.execute(delete(TickRow).where(TickRow.planned_at < tx.now - KEPT))
    before = system_clock() - KEPT
    done = (
        select(DeliveryRow.id)
        .where(DeliveryRow.state == "done", DeliveryRow.done_at < before)
        .limit(_BATCH)
    )
    tx.session.execute(delete(DeliveryRow).where(DeliveryRow.id.in_(done)))
    bare = (
        select(EventRow.id)
        .where(EventRow.occurred_at < tx.now - KEPT)
        .where(~select(DeliveryRow.id).where(DeliveryRow.event_id == EventRow.id).exists())
        .limit(_BATCH)
    )
    tx.session.execute(delete(EventRow).where(EventRow.id.in_(bare)))
