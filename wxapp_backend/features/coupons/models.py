"""Tables of coupons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.features.coupons.domain.specs import STORED_STATES
from wxapp_backend.infra.tables import Base


class Template(Base):
    """One version of what coupons are worth; never changed, a new version is another row."""

    __tablename__ = "coupon_template"
    __table_args__ = (
        UniqueConstraint("key", "fingerprint"),
        CheckConstraint("issued >= 0", name="issued_not_negative"),
        CheckConstraint("stock IS NULL OR issued <= stock", name="stock_not_overdrawn"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), comment="name given by who needs the coupons")
    fingerprint: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the spec")
    spec: Mapped[dict[str, Any]] = mapped_column(comment="domain.CouponSpec")
    stock: Mapped[int | None] = mapped_column(comment="most coupons ever; null: no limit")
    issued: Mapped[int] = mapped_column(default=0, comment="coupons so far; kept if stock is set")
    created_at: Mapped[datetime]


class Allowance(Base):
    """How many coupons of a template one person has had; kept if the template limits it."""

    __tablename__ = "coupon_allowance"
    __table_args__ = (CheckConstraint("taken >= 0", name="taken_not_negative"),)

    template_id: Mapped[str] = mapped_column(ForeignKey("coupon_template.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)


class CouponRow(Base):
    """One coupon of one person."""

    __tablename__ = "coupon"
    __table_args__ = (
        UniqueConstraint("cause"),
        CheckConstraint(f"state IN {STORED_STATES}", name="state_known"),
        Index(None, "person_id", "state"),
        Index(None, "state", "valid_until"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    template_id: Mapped[str] = mapped_column(ForeignKey("coupon_template.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(26))
    cause: Mapped[str] = mapped_column(String(160), comment="what it was issued for")
    source: Mapped[str | None] = mapped_column(String(60), comment="from whom, for the customer")
    state: Mapped[str] = mapped_column(String(10), default="available")
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime] = mapped_column(comment="last valid second")
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(120))


class RedemptionRow(Base):
    """One use of a coupon at a store; an undone one stays, so that it can be explained."""

    __tablename__ = "redemption"
    __table_args__ = (
        CheckConstraint(
            "discount_fen >= 0 AND discount_fen <= order_amount_fen", name="discount_in_range"
        ),
        Index(
            "uq_redemption_coupon_id_in_force",
            "coupon_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index(
            "uq_redemption_visit_id_in_force",  # one coupon for each order
            "visit_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index(None, "store_id", "redeemed_at"),
        Index(None, "person_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    coupon_id: Mapped[str] = mapped_column(ForeignKey("coupon.id"))
    person_id: Mapped[str] = mapped_column(String(26))
    store_id: Mapped[str] = mapped_column(String(26))
    staff_id: Mapped[str] = mapped_column(String(26), comment="person who redeemed it")
    order_no: Mapped[str | None] = mapped_column(String(64))
    order_amount_fen: Mapped[int] = mapped_column(comment="before the discount")
    discount_fen: Mapped[int]
    visit_id: Mapped[str] = mapped_column(String(26))
    made_visit: Mapped[bool] = mapped_column(comment="nobody had reported the order before")
    redeemed_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(26))


class Scan(Base):
    """A code that a clerk has read: it stays usable in that store while the amount is typed."""

    __tablename__ = "coupon_scan"

    coupon_id: Mapped[str] = mapped_column(ForeignKey("coupon.id"), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    step: Mapped[int] = mapped_column(comment="period of the code that was read")
    usable_until: Mapped[datetime]
