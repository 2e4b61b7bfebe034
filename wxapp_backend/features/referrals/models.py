"""Tables of referrals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.features.referrals.domain.codes import LENGTH
from wxapp_backend.features.referrals.domain.states import STATES
from wxapp_backend.infra.tables import Base
from wxapp_backend.kernel.ids import ID_LENGTH

_LIVE = "('claimed', 'qualified', 'pending')"


class ReferralCode(Base):
    """A personal code; after a merge a person may own several, one of them current."""

    __tablename__ = "referral_code"
    __table_args__ = (
        UniqueConstraint("current_for"),
        CheckConstraint(
            "current_for IS NULL OR current_for = person_id", name="current_for_its_owner"
        ),
        Index(None, "person_id"),
    )

    code: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    current_for: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), comment="the owner, on the one code that is handed out; also the lock"
    )
    created_at: Mapped[datetime]


class Share(Base):
    """That somebody took out a link or card to give it to others."""

    __tablename__ = "referral_share"
    __table_args__ = (Index(None, "person_id", "id"), Index(None, "campaign_id"))

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    campaign_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    channel: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class Touch(Base):
    """That a friend opened a referrer's share, once for each day."""

    __tablename__ = "referral_touch"
    __table_args__ = (
        UniqueConstraint("friend_id", "referrer_id", "on_day"),
        CheckConstraint("referrer_id <> friend_id", name="not_oneself"),
        Index(None, "referrer_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    referrer_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    friend_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    campaign_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    channel: Mapped[str] = mapped_column(String(20))
    on_day: Mapped[date] = mapped_column(Date, comment="calendar day in Asia/Shanghai")
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class Referral(Base):
    """Referrer and friend, and how far it came between them."""

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("bound_friend_id"),  # one referrer for life
        UniqueConstraint("referrer_id", "friend_id"),
        CheckConstraint("referrer_id <> friend_id", name="not_oneself"),
        CheckConstraint(
            "bound_friend_id IS NULL OR bound_friend_id = friend_id", name="bound_to_its_friend"
        ),
        CheckConstraint(
            f"state NOT IN {_LIVE} OR bound_friend_id IS NOT NULL", name="live_is_bound"
        ),
        CheckConstraint("state <> 'touched' OR bound_friend_id IS NULL", name="touch_binds_not"),
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        Index(None, "referrer_id", "id"),
        Index(None, "friend_id"),
        Index(None, "campaign_id", "state"),
        Index(None, "state", "expires_at"),
        Index(None, "qualifying_visit_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    referrer_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    friend_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    bound_friend_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), comment="the friend, from the claim on; unique"
    )
    presented_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), comment="whose code was claimed, where the first touch was another's"
    )
    campaign_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    campaign_version_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), comment="pinned at the claim"
    )
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None] = mapped_column(comment="until then the friend may come")
    qualifying_visit_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    reasons: Mapped[list[Any]] = mapped_column(
        default=list, comment="why it earns nothing: code, message"
    )


class ReferralVisit(Base):
    """A visit that a referred friend paid after the claim."""

    __tablename__ = "referral_visit"
    __table_args__ = (Index(None, "referral_id"),)

    visit_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    store_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    paid_at: Mapped[datetime]
    amount_fen: Mapped[int]
    refunded_fen: Mapped[int] = mapped_column(default=0)
    fits: Mapped[bool] = mapped_column(comment="the campaign counts it")
    is_return: Mapped[bool] = mapped_column(comment="far enough from the one before it")
    is_cancelled: Mapped[bool] = mapped_column(default=False)


class Benefit(Base):
    """One thing that the friend got for claiming."""

    __tablename__ = "referral_benefit"
    __table_args__ = (
        UniqueConstraint("cause"),
        Index(None, "referral_id"),
        Index(None, "coupon_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    cause: Mapped[str] = mapped_column(String(80))
    points: Mapped[int | None]
    coupon_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    cost_fen: Mapped[int] = mapped_column(comment="the most that it costs the shop")


class Step(Base):
    """One thing that happened to a referral; written once, never changed."""

    __tablename__ = "referral_step"
    __table_args__ = (Index(None, "referral_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(30))
    params: Mapped[dict[str, Any]]
