"""What the guest book keeps; its table is apart, since no migration makes it."""

from __future__ import annotations

from sqlalchemy import MetaData, String
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.tables import Base


class Apart(Base):
    """Base of tables that the application's `metadata` does not know."""

    __abstract__ = True
    metadata = MetaData()


class Entry(Apart):
    """What one guest wrote."""

    __tablename__ = "guestbook_entry"

    person_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    text: Mapped[str] = mapped_column(String(200))
    thanked: Mapped[bool] = mapped_column(default=False)
    readings: Mapped[int] = mapped_column(default=0)
