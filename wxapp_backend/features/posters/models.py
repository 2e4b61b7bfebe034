"""Tables of posters and of the codes that WeChat makes for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.tables import Base

_KINDS = "('qr', 'official_account', 'mini_program')"


class PosterRow(Base):
    """One person's poster of one kind; its picture always shows what is true when it is asked for.

    Only pictures that are dear to draw are kept in the storage.
    """

    __tablename__ = "poster"
    __table_args__ = (
        UniqueConstraint("person_id", "campaign_id", "template", "width", "height", "wanted_kind"),
        CheckConstraint(f"wanted_kind IN {_KINDS}", name="wanted_kind_known"),
        CheckConstraint(f"code_kind IN {_KINDS}", name="code_kind_known"),
        Index(None, "referral_code"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("person.id"))
    campaign_id: Mapped[str] = mapped_column(String(26))
    referral_code: Mapped[str] = mapped_column(String(8))
    template: Mapped[str] = mapped_column(String(40))
    width: Mapped[int] = mapped_column(comment="px")
    height: Mapped[int] = mapped_column(comment="px")
    wanted_kind: Mapped[str] = mapped_column(String(20), comment="code that was asked for")
    code_kind: Mapped[str] = mapped_column(String(20), comment="code on the kept picture")
    payload: Mapped[str] = mapped_column(
        String(200), comment="text inside the code on the kept picture"
    )
    image_key: Mapped[str] = mapped_column(
        String(32), unique=True, comment="unguessable part of the picture's address"
    )
    content_key: Mapped[str | None] = mapped_column(
        String(64), comment="name of what is on the kept picture; null if none is kept"
    )
    created_at: Mapped[datetime]
    made_at: Mapped[datetime | None]


class CodeRow(Base):
    """A code made by WeChat for one referral code."""

    __tablename__ = "poster_code"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    referral_code: Mapped[str] = mapped_column(String(8), primary_key=True)
    target: Mapped[str] = mapped_column(
        String(160), primary_key=True, comment="page and version that it opens; a change makes anew"
    )
    payload: Mapped[str] = mapped_column(String(200), comment="text to draw, or the scene")
    image_key: Mapped[str | None] = mapped_column(String(80), comment="storage key of the picture")
    ends_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
