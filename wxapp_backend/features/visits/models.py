"""Tables of visits, refunds and reviews."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.features.visits.domain import REVIEW_STATES, SOURCES
from wxapp_backend.infra.tables import Base

_NUMBERED = text("cancelled_at IS NULL AND number > 0")
_IN_FORCE = text("cancelled_at IS NULL")


class VisitRow(Base):
    """One visit; a cancelled one stays, so that it can be explained."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("amount_fen >= 0 AND amount_fen <= gross_fen", name="amount_in_range"),
        CheckConstraint("refunded_fen >= 0 AND refunded_fen <= amount_fen", name="refund_in_range"),
        CheckConstraint("number >= 0", name="number_not_negative"),
        CheckConstraint(f"source IN {SOURCES}", name="source_known"),
        Index(
            "uq_visit_person_id_number",
            "person_id",
            "number",
            unique=True,
            sqlite_where=_NUMBERED,
            postgresql_where=_NUMBERED,
        ),
        Index(
            "uq_visit_order_no",
            "order_no",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        Index(None, "store_id", "recorded_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26))
    store_id: Mapped[str] = mapped_column(String(26))
    number: Mapped[int] = mapped_column(comment="1 for the first paid visit; 0: nothing was paid")
    order_no: Mapped[str | None] = mapped_column(String(64))
    amount_fen: Mapped[int] = mapped_column(comment="paid, after discounts")
    gross_fen: Mapped[int] = mapped_column(comment="the order before discounts")
    refunded_fen: Mapped[int] = mapped_column(default=0)
    items: Mapped[list[Any]] = mapped_column(comment="lines of the order")
    source: Mapped[str] = mapped_column(String(10))
    reported_by_till: Mapped[bool] = mapped_column(comment="the till has reported the order")
    paid_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Counter(Base):
    """How many paid visits a person has had; gives the next one its number."""

    __tablename__ = "visit_counter"
    __table_args__ = (CheckConstraint("last_number >= 0", name="last_number_not_negative"),)

    person_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    last_number: Mapped[int] = mapped_column(default=0)


class RefundRow(Base):
    """One refund of a visit."""

    __tablename__ = "refund"
    __table_args__ = (
        UniqueConstraint("visit_id", "refund_no"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    refund_no: Mapped[str] = mapped_column(String(64))
    amount_fen: Mapped[int]
    refunded_total_fen: Mapped[int] = mapped_column(comment="of the visit, this one included")
    refunded_at: Mapped[datetime]


class ReviewRow(Base):
    """What a customer thought of one visit."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("visit_id"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_in_range"),
        CheckConstraint(f"state IN {REVIEW_STATES}", name="state_known"),
        Index(None, "person_id"),
        Index(None, "next_check_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    person_id: Mapped[str] = mapped_column(String(26))
    rating: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))
    tags: Mapped[list[Any]]
    shared: Mapped[bool] = mapped_column(comment="the writer lets the referrer read it")
    state: Mapped[str] = mapped_column(String(10))
    written_at: Mapped[datetime]
    next_check_at: Mapped[datetime | None] = mapped_column(comment="ask WeChat again then")


class CustomerScan(Base):
    """A customer's own code that a clerk has read: it stays usable there for some minutes."""

    __tablename__ = "customer_scan"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True, comment="of the code")
    store_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26))
    usable_until: Mapped[datetime]
