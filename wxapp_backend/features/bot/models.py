"""The inbox of WeChat's callbacks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.tables import Base


class CallbackRow(Base):
    """One callback that was taken in; a repeated delivery finds it and gets the same reply."""

    __tablename__ = "bot_callback"
    __table_args__ = (Index(None, "received_at"),)

    dedupe_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(String(20), comment="official_account or mini_program")
    kind: Mapped[str] = mapped_column(String(60), comment="text, subscribe, scan, click …")
    reply: Mapped[str | None] = mapped_column(String(2048), comment="text that was answered")
    received_at: Mapped[datetime]
