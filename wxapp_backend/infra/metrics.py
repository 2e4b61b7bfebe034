"""Gauges of the work that waits, read from the database when they are asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.outbox.rows import STATES, DeliveryRow

log = logging.getLogger(__name__)


class DeliveryGauges(Collector):
    """How many deliveries are in each state, and how long the oldest due one has waited."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges; none when the database is away."""
        try:
            counts, oldest = self._db.read(_measure)
        except SQLAlchemyError:
            log.warning("cannot measure deliveries")
            return
        depth = GaugeMetricFamily("deliveries", "Deliveries by state", labels=["state"])
        for state in STATES:
            if state != "done":
                depth.add_metric([state], counts.get(state, 0))
        yield depth
        yield GaugeMetricFamily(
            "delivery_oldest_due_seconds", "Age of the oldest due delivery", value=oldest
        )


def make_registry(db: Database) -> CollectorRegistry:
    """Return a registry with the gauges of waiting work."""
    registry = CollectorRegistry()
    registry.register(DeliveryGauges(db))
    return registry


def _measure(tx: Tx) -> tuple[dict[str, int], float]:
    pending = DeliveryRow.state != "done"
    by_state = (
        select(DeliveryRow.state, func.count().label("rows"))
        .where(pending)
        .group_by(DeliveryRow.state)
    )
    counts = {row.state: row.rows for row in tx.session.execute(by_state)}
    waiting = select(func.min(DeliveryRow.run_at)).where(DeliveryRow.state == "new")
    first = tx.session.scalar(waiting)
    return counts, max(0.0, (system_clock() - first).total_seconds()) if first else 0.0
