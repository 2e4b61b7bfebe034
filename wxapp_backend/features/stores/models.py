"""Tables of stores."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.tables import Base
from wxapp_backend.kernel.ids import ID_LENGTH

_ROLES = "role IN ('clerk', 'manager')"


class StoreRow(Base):
    """One store."""

    __tablename__ = "store"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20))
    hours: Mapped[str] = mapped_column(String(60), comment="as customers read them")
    created_at: Mapped[datetime]


class StaffRow(Base):
    """A person who works in a store."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint(_ROLES, name="role_known"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(10))
    joined_at: Mapped[datetime]


class StaffInviteRow(Base):
    """An invitation for one person to work in a store."""

    __tablename__ = "staff_invite"
    __table_args__ = (
        CheckConstraint(_ROLES, name="role_known"),
        CheckConstraint("(used_by IS NULL) = (used_at IS NULL)", name="use_whole"),
    )

    code_hash: Mapped[bytes] = mapped_column(
        LargeBinary(32), primary_key=True, comment="HMAC-SHA256 of the code"
    )
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime]
    used_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    used_at: Mapped[datetime | None]
