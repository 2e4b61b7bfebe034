"""Logins of customers and keys of programs: opaque 256-bit secrets of which we keep the hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select

from wxapp_backend.features.identity.domain import App, Person
from wxapp_backend.features.identity.models import ApiKeyRow, SessionRow
from wxapp_backend.features.identity.queries import to_person
from wxapp_backend.features.identity.service.merging import hold
from wxapp_backend.features.identity.service.people import resolve
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.pipeline import Caller
from wxapp_backend.kernel.errors import Forbidden, NotFound, Unauthenticated
from wxapp_backend.kernel.ids import new_id

_SECRET_BYTES = 32

_SESSION = select(SessionRow.person_id, SessionRow.expires_at).where(
    SessionRow.token_hash == bindparam("digest")
)
_KEY = select(ApiKeyRow.id, ApiKeyRow.scopes, ApiKeyRow.revoked_at).where(
    ApiKeyRow.secret_hash == bindparam("digest")
)
_KEYS = select(
    ApiKeyRow.id, ApiKeyRow.name, ApiKeyRow.scopes, ApiKeyRow.created_at, ApiKeyRow.revoked_at
).order_by(ApiKeyRow.id)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session; `token` is shown this once."""

    person: Person
    token: str = field(repr=False)
    expires_at: datetime
    is_new: bool


def sign_in(tx: Tx, *, app: App, openid: str, unionid: str | None, days: int) -> SignedIn:
    """Open a session of `days` days for whom WeChat vouches, made on first sight as in `link`."""
    found, is_new = resolve(tx, app, openid, unionid)
    row = hold(tx, found.id)
    token = secrets.token_urlsafe(_SECRET_BYTES)
    expires_at = tx.now + timedelta(days=days)
    session = SessionRow(
        token_hash=_digest(token), person_id=row.id, created_at=tx.now, expires_at=expires_at
    )
    tx.session.add(session)
    tx.session.flush()
    return SignedIn(to_person(row), token, expires_at, is_new)


def authenticate(tx: Tx, token: str, _scope: str = "") -> Caller:
    """Return the customer whose session this is.

    Raises:
        Unauthenticated: there is no such session, or it has ended.
    """
    session = tx.execute(_SESSION, digest=_digest(token)).one_or_none()
    if session is None or session.expires_at <= tx.now:
        raise Unauthenticated
    return Caller("customer", session.person_id)


def purge_sessions(tx: Tx) -> int:
    """Delete sessions that have ended, and return how many."""
    statement = delete(SessionRow).where(SessionRow.expires_at <= tx.now)
    return tx.session.connection().execute(statement).rowcount


def make_api_key(tx: Tx, name: str, scopes: Sequence[str]) -> str:
    """Make a key for a program and return its secret, which is shown this once."""
    secret = f"yjk_{secrets.token_urlsafe(_SECRET_BYTES)}"
    row = ApiKeyRow(
        id=new_id(tx.now),
        name=name,
        secret_hash=_digest(secret),
        scopes=sorted(set(scopes)),
        created_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    return secret


def authenticate_key(tx: Tx, secret: str, scope: str) -> Caller:
    """Return the program whose key this is.

    Raises:
        Unauthenticated: there is no such key, or it was revoked.
        Forbidden: the key lacks `scope`.
    """
    row = tx.execute(_KEY, digest=_digest(secret)).one_or_none()
    if row is None or row.revoked_at is not None:
        raise Unauthenticated
    if scope not in row.scopes:
        raise Forbidden(scope=scope)
    return Caller("api_key", row.id)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program's key, without its secret, which nobody can show again."""

    id: str
    name: str
    scopes: Sequence[str]
    created_at: datetime
    revoked_at: datetime | None


def list_api_keys(tx: Tx) -> Sequence[ApiKey]:
    """Return all keys, revoked ones too, oldest first."""
    return [ApiKey(*columns) for columns in tx.execute(_KEYS)]


def revoke_api_key(tx: Tx, key_id: str) -> None:
    """End a key; revoking it again changes nothing.

    Raises:
        NotFound: there is no such key.
    """
    row = tx.session.get(ApiKeyRow, key_id)
    if row is None:
        raise NotFound
    row.revoked_at = row.revoked_at or tx.now
    tx.session.flush()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
