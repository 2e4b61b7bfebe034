"""What has done its service is forgotten; what a person must see stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from tests.conftest import FakeClock, Harness
from tests.integration.infra.test_outbox import BellRung, Ringing, ringing
from wxapp_backend.infra.cleaning import KEPT, CleaningDue, on_cleaning_due
from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.rows import DeliveryRow, EventRow

__all__ = ["ringing"]


def rows(tx: Tx) -> tuple[list[str], int]:
    """Return the states of all deliveries, and the number of events."""
    states = list(tx.session.scalars(select(DeliveryRow.state).order_by(DeliveryRow.id)))
    return states, len(tx.session.scalars(select(EventRow)).all())


def test_old_deliveries_go_and_dead_ones_stay(ringing: Ringing, clock: FakeClock) -> None:
    """A month later the done ones are gone with their events; the one given up is still there."""
    harness: Harness = ringing.harness
    for door in ("done", "dead"):
        ringing.ring(door)
    harness.settle()
    harness.db.run(
        lambda tx: tx.session.execute(
            update(DeliveryRow).values(done_at=system_clock() - KEPT - timedelta(days=1))
        )
    )
    last = select(DeliveryRow.id).order_by(DeliveryRow.id.desc()).limit(1).scalar_subquery()
    harness.db.run(
        lambda tx: tx.session.execute(
            update(DeliveryRow).where(DeliveryRow.id == last).values(state="dead")
        )
    )
    clock.advance(days=31)
    harness.db.run(lambda tx: tx.emit(BellRung(door="young")))

    harness.db.run(lambda tx: on_cleaning_due(tx, CleaningDue()))

    assert harness.db.read(rows) == (["dead", "new"], 2)
