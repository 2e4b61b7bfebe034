"""Idempotency keys: the same request twice has one effect and gets one answer.

The key's row is written in the transaction of the effect itself, so either both exist or neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, LargeBinary, String, bindparam, delete, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.races import is_lost
from wxapp_backend.infra.tables import Base
from wxapp_backend.kernel.errors import IdempotencyKeyReused, InProgress

KEPT = timedelta(days=31)
"""Longer than any retry schedule that reaches us: WeChat Pay's ends after a day."""

MAX_KEY_CHARACTERS = 64


class IdempotencyRow(Base):
    """One caller's key, and the answer that its request got."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index(None, "created_at"),)

    caller: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY_CHARACTERS), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(
        LargeBinary(32), comment="SHA-256 of method, path and body"
    )
    status: Mapped[int] = mapped_column(comment="HTTP status of the stored answer")
    body: Mapped[bytes] = mapped_column(comment="body of the stored answer, JSON")
    created_at: Mapped[datetime]


_OF_KEY = (IdempotencyRow.caller == bindparam("of_caller")) & (
    IdempotencyRow.key == bindparam("of_key")
)
_KEEP_ANSWER = update(IdempotencyRow).where(_OF_KEY)


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it went out, and whether it is a repetition."""

    status: int
    body: bytes
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """Who asks, under which key, for what."""

    caller: str
    value: str
    fingerprint: bytes


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """Return what tells two requests apart."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).digest()


def run_once(db: Database, key_of: Callable[[Tx], Key], work: Callable[[Tx], Stored]) -> Stored:
    """Run `work` unless this key was answered before; then return that answer again.

    `key_of` tells, in the same transaction, who asks and for what.

    `work` turns refusals into a `Stored` answer itself, having undone what it wrote; an exception
    stores nothing, so that the request may be repeated.

    Raises:
        IdempotencyKeyReused: the key belongs to another request.
        InProgress: the first request with this key has not ended yet.
    """

    def attempt(tx: Tx) -> Stored:
        key = key_of(tx)
        row = IdempotencyRow(
            caller=key.caller,
            key=key.value,
            fingerprint=key.fingerprint,
            status=0,
            body=b"",
            created_at=tx.now,
        )
        if not _take(tx, row):
            earlier = tx.session.get_one(IdempotencyRow, (key.caller, key.value))
            if earlier.created_at > tx.now - KEPT:
                if earlier.fingerprint != key.fingerprint:
                    raise IdempotencyKeyReused
                return Stored(earlier.status, earlier.body, replayed=True)
            tx.session.delete(earlier)
            tx.session.flush()
            _take(tx, row)
        answer = work(tx)
        tx.execute(
            _KEEP_ANSWER,
            of_caller=key.caller,
            of_key=key.value,
            status=answer.status,
            body=answer.body,
        )
        return answer

    return db.run(attempt)


def _take(tx: Tx, row: IdempotencyRow) -> bool:
    """Insert the row unless its key is taken, and return whether it was inserted.

    A rival at work under the same key is waited for, but only a little: see `infra.engine`.
    """
    try:
        return tx.insert_unless_present(row)
    except OperationalError as error:
        if tx.is_postgresql and is_lost(error):
            raise InProgress from error
        raise


def purge(tx: Tx) -> int:
    """Delete keys that are no longer kept, and return how many."""
    statement = delete(IdempotencyRow).where(IdempotencyRow.created_at <= tx.now - KEPT)
    return tx.session.connection().execute(statement).rowcount
