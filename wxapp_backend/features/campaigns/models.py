"""Tables of campaigns: the campaign, its versions, its budget and who has used how much of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.tables import Base
from wxapp_backend.kernel.ids import ID_LENGTH

CAUSE_LENGTH = 80


class Campaign(Base):
    """One campaign under its key; what it says is in its current version."""

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_campaign_ends_at_starts_at", "ends_at", "starts_at"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    version_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), comment="the version that new referrals are pinned to"
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class CampaignVersion(Base):
    """One published text of a campaign; never changed."""

    __tablename__ = "campaign_version"
    __table_args__ = (
        UniqueConstraint("campaign_id", "digest"),
        UniqueConstraint("campaign_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the document, hex")
    document: Mapped[dict[str, Any]]
    templates: Mapped[dict[str, Any]] = mapped_column(
        comment="coupon template of each coupon reward, by side:moment:position"
    )
    published_at: Mapped[datetime]


class CampaignBudget(Base):
    """The ceiling of a campaign and how much of it is promised, in fen."""

    __tablename__ = "campaign_budget"
    __table_args__ = (
        CheckConstraint("reserved_fen >= 0", name="reserved_not_negative"),
        CheckConstraint("reserved_fen <= total_fen", name="never_overspent"),
    )

    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    total_fen: Mapped[int]
    reserved_fen: Mapped[int] = mapped_column(default=0)


class CampaignReservation(Base):
    """What one cause has reserved of a budget."""

    __tablename__ = "campaign_reservation"
    __table_args__ = (
        CheckConstraint("held_fen >= 0", name="held_not_negative"),
        Index(None, "campaign_id"),
    )

    cause: Mapped[str] = mapped_column(String(CAUSE_LENGTH), primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    held_fen: Mapped[int] = mapped_column(comment="lowered when some of it turns out not needed")
    reserved_at: Mapped[datetime]


class CampaignUsage(Base):
    """How many of a referrer's friends a campaign has rewarded; its row is the lock of the caps."""

    __tablename__ = "campaign_usage"
    __table_args__ = (
        CheckConstraint("rewarded_total >= 0", name="total_not_negative"),
        CheckConstraint("rewarded_today >= 0", name="today_not_negative"),
    )

    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    rewarded_total: Mapped[int] = mapped_column(default=0)
    rewarded_today: Mapped[int] = mapped_column(default=0)
    today: Mapped[date] = mapped_column(Date, comment="the day that rewarded_today counts")
