"""Tables of the points ledger.

Entries are append-only: a mistake is mended by a reversing entry. `points_balance` is a cache of
their sums, kept in the same transaction, and its row is the lock under which a customer's chain
grows. Lots say which points expire when; their rests add up to the available and pending points.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.features.points.domain import KINDS
from wxapp_backend.infra.tables import Base


class Balance(Base):
    """What one customer has, and the head of the customer's chain."""

    __tablename__ = "points_balance"
    __table_args__ = (
        CheckConstraint("available >= 0", name="available_not_overdrawn"),
        CheckConstraint("pending >= 0", name="pending_not_overdrawn"),
        CheckConstraint("debt >= 0", name="debt_not_negative"),
    )

    person_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    available: Mapped[int] = mapped_column(default=0, comment="whole points that can be spent")
    pending: Mapped[int] = mapped_column(default=0, comment="whole points promised for later")
    debt: Mapped[int] = mapped_column(default=0, comment="whole points still to be taken back")
    entries: Mapped[int] = mapped_column(default=0, comment="length of the chain")
    head: Mapped[str] = mapped_column(String(64), comment="hash of the newest entry")


class Entry(Base):
    """One move of points between two accounts, as it happened, linked to the one before."""

    __tablename__ = "points_entry"
    __table_args__ = (
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint(f"kind IN {KINDS}", name="kind_known"),
        UniqueConstraint("reference"),
        UniqueConstraint("person_id", "sequence"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26))
    sequence: Mapped[int] = mapped_column(comment="place in the customer's chain, from 1")
    kind: Mapped[str] = mapped_column(String(12), comment="says the two accounts, see domain.FLOWS")
    points: Mapped[int] = mapped_column(comment="whole points, > 0")
    available_after: Mapped[int]
    pending_after: Mapped[int]
    debt_after: Mapped[int]
    reference: Mapped[str] = mapped_column(
        String(160), comment="the one cause, e.g. referral:42:referrer:1"
    )
    title: Mapped[str] = mapped_column(String(40), comment="what it is, for the customer")
    source: Mapped[str] = mapped_column(String(120), comment="what it is for, for the customer")
    posted_at: Mapped[datetime]
    previous: Mapped[str] = mapped_column(String(64), comment="hash of the entry before")
    hash: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the line, see domain")


class Lot(Base):
    """The points of one grant, and what is left of them."""

    __tablename__ = "points_lot"
    __table_args__ = (
        CheckConstraint("remaining >= 0 AND remaining <= granted", name="remaining_in_range"),
        Index(None, "person_id"),
        Index(None, "expires_at"),
        Index(None, "available_at"),
    )

    entry_id: Mapped[str] = mapped_column(ForeignKey("points_entry.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(
        String(26), comment="present owner: changes when persons are merged"
    )
    granted: Mapped[int] = mapped_column(comment="whole points")
    remaining: Mapped[int] = mapped_column(comment="whole points not yet used, expired, taken back")
    expired: Mapped[int] = mapped_column(default=0, comment="whole points that expired unused")
    is_pending: Mapped[bool] = mapped_column(comment="promised, not yet released")
    available_at: Mapped[datetime | None] = mapped_column(comment="release of promised points")
    expires_at: Mapped[datetime | None] = mapped_column(comment="null: never")
    reversed_at: Mapped[datetime | None]


class LotUse(Base):
    """Points of one lot that one entry took (or, below zero, gave back)."""

    __tablename__ = "points_lot_use"
    __table_args__ = (
        CheckConstraint("points <> 0", name="points_not_zero"),
        Index(None, "entry_id"),
        Index(None, "lot_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("points_lot.entry_id"))
    entry_id: Mapped[str] = mapped_column(ForeignKey("points_entry.id"))
    points: Mapped[int]
