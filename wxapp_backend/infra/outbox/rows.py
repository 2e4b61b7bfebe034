"""The tables of events and deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.tables import Base

STATES = ("new", "running", "sending", "unknown", "done", "dead")
"""A delivery's life.

`new` is due at `run_at`; `running` and `sending` are leased to a worker, the latter with a call to
the outside under way; `unknown`: a worker died while sending; `done` and `dead` are final, `dead`
for a person to look at.
"""


class EventRow(Base):
    """A domain event, written in the same transaction as the change that it reports."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    payload: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime]


class DeliveryRow(Base):
    """One subscriber's copy of one event: each is retried alone. Times are wall time."""

    __tablename__ = "event_delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "subscriber"),
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        Index("ix_event_delivery_state_run_at", "state", "run_at"),
        Index("ix_event_delivery_lock_key_state", "lock_key", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    subscriber: Mapped[str] = mapped_column(String(80))
    lock_key: Mapped[str | None] = mapped_column(
        String(80), comment="deliveries of one key run one at a time, in order"
    )
    state: Mapped[str] = mapped_column(String(10), default="new")
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(
        default=0, comment="raised by each claim; who finishes must hold the newest"
    )
    last_error: Mapped[str | None] = mapped_column(String(300))
    done_at: Mapped[datetime | None]
