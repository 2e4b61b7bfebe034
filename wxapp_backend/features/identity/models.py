"""Tables of identity."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.tables import Base
from wxapp_backend.kernel.ids import ID_LENGTH

APPS = "app IN ('mini_program', 'official_account')"
WECHAT_ID_CHARACTERS = 128  # WeChat's own are 28; the documents promise no length
DIGEST_BYTES = 32


class PersonRow(Base):
    """One person; what is found to be the same person is merged into the older record."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("name_style IN ('masked', 'ms', 'mr')", name="name_style_known"),
        CheckConstraint("merged_into IS NULL OR merged_into <> id", name="not_merged_into_itself"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    nickname: Mapped[str | None] = mapped_column(String(64), comment="as written by the person")
    avatar_key: Mapped[str | None] = mapped_column(String(120), comment="key in the file storage")
    name_style: Mapped[str] = mapped_column(
        String(10), default="masked", comment="how the person is named to a referrer"
    )
    birthday: Mapped[date | None] = mapped_column(Date)
    unionid: Mapped[str | None] = mapped_column(String(WECHAT_ID_CHARACTERS), unique=True)
    phone_last_four: Mapped[str | None] = mapped_column(String(4), comment="of the newest phone")
    created_at: Mapped[datetime]
    joined_at: Mapped[datetime | None] = mapped_column(
        comment="first contact through WeChat; null: known only by a phone number"
    )
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    merged_at: Mapped[datetime | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]
    came_back: Mapped[bool | None] = mapped_column(
        comment="an account with one of their names was erased; null: not looked up"
    )


class OpenidRow(Base):
    """What one of our WeChat accounts calls a person."""

    __tablename__ = "person_openid"
    __table_args__ = (CheckConstraint(APPS, name="app_known"),)

    app: Mapped[str] = mapped_column(String(20), primary_key=True)
    openid: Mapped[str] = mapped_column(String(WECHAT_ID_CHARACTERS), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    following: Mapped[bool] = mapped_column(default=False, comment="of the official account only")
    following_at: Mapped[datetime | None] = mapped_column(comment="WeChat's time of the last news")


class PhoneRow(Base):
    """A phone number of a person; the number itself is not kept.

    A merged person may have two until the next one is verified.
    """

    __tablename__ = "person_phone"

    phone_hash: Mapped[bytes] = mapped_column(
        LargeBinary(DIGEST_BYTES),
        primary_key=True,
        comment="HMAC-SHA256 of the number in E.164 form",
    )
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    attached_at: Mapped[datetime]


class SessionRow(Base):
    """One login of the mini-program."""

    __tablename__ = "person_session"
    __table_args__ = (Index(None, "expires_at"),)

    token_hash: Mapped[bytes] = mapped_column(
        LargeBinary(DIGEST_BYTES), primary_key=True, comment="SHA-256 of the 256-bit token"
    )
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ApiKeyRow(Base):
    """A program's key."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), comment="for people")
    secret_hash: Mapped[bytes] = mapped_column(
        LargeBinary(DIGEST_BYTES), unique=True, comment="SHA-256 of the 256-bit secret"
    )
    scopes: Mapped[list[Any]] = mapped_column(comment="list of words such as orders")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ConsentRow(Base):
    """One answer of a person to one text; the newest of a kind is in force."""

    __tablename__ = "consent"
    __table_args__ = (Index(None, "person_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(20), comment="of the text that was answered")
    granted: Mapped[bool]
    at: Mapped[datetime]


class TombstoneRow(Base):
    """Remembers, irreversibly, that an erased person was here, so that nobody is new twice."""

    __tablename__ = "person_tombstone"

    digest: Mapped[bytes] = mapped_column(
        LargeBinary(DIGEST_BYTES), primary_key=True, comment="HMAC-SHA256 of an id or phone"
    )
    erased_at: Mapped[datetime]
