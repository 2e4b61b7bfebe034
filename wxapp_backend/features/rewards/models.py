"""Tables of rewards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.tables import Base
from wxapp_backend.kernel.ids import ID_LENGTH

_IN_FORCE = text("state <> 'cancelled'")


class Decision(Base):
    """The evaluator's answer for one visit of one referral, with all that it rested on."""

    __tablename__ = "reward_decision"
    __table_args__ = (
        UniqueConstraint("referral_id", "visit_id"),
        UniqueConstraint("referral_id", "round"),
        CheckConstraint("round > 0", name="round_positive"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    referral_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    visit_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    round: Mapped[int] = mapped_column(comment="2 and more: an earlier visit was taken back")
    campaign_version_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    facts: Mapped[dict[str, Any]]
    rewards: Mapped[list[Any]] = mapped_column(comment="what was due: side, position, cost")
    reasons: Mapped[list[Any]] = mapped_column(comment="what spoke against: code, message, side")
    decided_at: Mapped[datetime]


class Grant(Base):
    """One reward given to one person for one cause."""

    __tablename__ = "reward_grant"
    __table_args__ = (
        UniqueConstraint("cause"),
        CheckConstraint("state IN ('pending', 'granted', 'cancelled')", name="state_known"),
        CheckConstraint("side IN ('friend', 'referrer')", name="side_known"),
        CheckConstraint("(points IS NULL) <> (coupon_id IS NULL)", name="points_or_coupon"),
        CheckConstraint("cost_fen >= 0", name="cost_not_negative"),
        Index(
            "uq_reward_grant_referral_id_side_position_in_force",
            "referral_id",
            "side",
            "position",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        Index(None, "person_id"),
        Index(None, "coupon_id"),
        Index(None, "campaign_id"),
        Index(None, "state", "available_at"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("reward_decision.id"))
    referral_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    campaign_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    side: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(comment="place in the campaign's list, from 0")
    cause: Mapped[str] = mapped_column(String(80))
    points: Mapped[int | None]
    coupon_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    title: Mapped[str] = mapped_column(String(40), comment="as people read it")
    cost_fen: Mapped[int] = mapped_column(comment="the most that it costs the shop")
    state: Mapped[str] = mapped_column(String(10))
    available_at: Mapped[datetime | None] = mapped_column(comment="until then it is pending")
    created_at: Mapped[datetime]


class CouponUse(Base):
    """A redemption of a coupon that a campaign gave: only then it has cost something."""

    __tablename__ = "reward_coupon_use"
    __table_args__ = (Index(None, "campaign_id"),)

    redemption_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    campaign_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    cost_fen: Mapped[int]
    undone: Mapped[bool] = mapped_column(default=False)
