"""Tables of messages, attempts and the rights to send."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.tables import Base


class MessageRow(Base):
    """One thing told to one person for one cause; the inbox is the list of these."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("cause", "person_id"),
        CheckConstraint("state IN ('planned', 'sent', 'inbox_only')", name="state_known"),
        Index("ix_message_person_id_id", "person_id", "id"),
        Index(None, "about_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(24))
    cause: Mapped[str] = mapped_column(String(80), comment="e.g. referral:01h…:success")
    about_id: Mapped[str | None] = mapped_column(
        String(26), ForeignKey("person.id"), comment="friend whom it tells about"
    )
    title: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(String(1200))
    words: Mapped[str | None] = mapped_column(String(500), comment="of the friend, quoted in it")
    values: Mapped[dict[str, str]] = mapped_column(JSON, comment="what templates may show")
    page: Mapped[str] = mapped_column(String(120), comment="page of the mini-program it opens")
    state: Mapped[str] = mapped_column(
        String(12), comment="planned: channels are being tried; inbox_only: none reached the person"
    )
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class AttemptRow(Base):
    """One try by one channel, and how it ended."""

    __tablename__ = "message_attempt"
    __table_args__ = (
        CheckConstraint(
            "result IN ('sending', 'repeating', 'sent', 'refused', 'misconfigured', 'invalid',"
            " 'unknown', 'undelivered')",
            name="result_known",
        ),
        Index(None, "wechat_id"),
    )

    message_id: Mapped[str] = mapped_column(String(26), ForeignKey("message.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    result: Mapped[str] = mapped_column(
        String(16), comment="sending: the first call is under way; repeating: after an unknown end"
    )
    code: Mapped[int | None] = mapped_column(comment="WeChat's error code")
    wechat_id: Mapped[str | None] = mapped_column(String(64), comment="WeChat's id of the message")
    final_status: Mapped[str | None] = mapped_column(
        String(40), comment="what WeChat reported afterwards"
    )
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RightRow(Base):
    """How many subscription messages of one template a person still allows: one per consent."""

    __tablename__ = "subscription_right"
    __table_args__ = (CheckConstraint("remaining >= 0", name="not_negative"),)

    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("person.id"), primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    remaining: Mapped[int]
