"""The timetable's ticks: any number of schedulers may run, each tick is staged once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.tables import Base
from wxapp_backend.kernel.events import DomainEvent

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class TickRow(Base):
    """One planned run of one job; its key makes sure that it is staged once."""

    __tablename__ = "tick"

    job: Mapped[str] = mapped_column(String(80), primary_key=True)
    planned_at: Mapped[datetime] = mapped_column(primary_key=True)


@dataclass(frozen=True, slots=True)
class Job:
    """A regular piece of work: `event` is emitted once for each period of `every`."""

    name: str
    every: timedelta
    event: Callable[[], DomainEvent]


def fire(db: Database, job: Job) -> bool:
    """Stage the job's present tick unless that was done, and return whether it was staged now.

    Ticks missed while nothing ran are not caught up one by one: jobs look at all that is due.
    """

    def stage(tx: Tx) -> bool:
        planned_at = _EPOCH + (tx.now - _EPOCH) // job.every * job.every
        if not tx.add_unless_present(TickRow(job=job.name, planned_at=planned_at)):
            return False
        tx.emit(job.event())
        return True

    return db.run(stage)
