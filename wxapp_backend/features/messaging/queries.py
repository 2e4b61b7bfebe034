"""Reads of messaging."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import String, bindparam, func, select

from wxapp_backend.features.messaging.models import MessageRow, RightRow
from wxapp_backend.infra.batched import QueryPart
from wxapp_backend.infra.db import Tx

_PERSON = MessageRow.person_id == bindparam("person_id")
_INBOX = select(MessageRow).where(_PERSON).order_by(MessageRow.id.desc()).limit(bindparam("most"))
_INBOX_BEFORE = _INBOX.where(MessageRow.id < bindparam("cursor"))
_UNREAD = select(func.count()).where(_PERSON, MessageRow.read_at.is_(None))
_BY_CAUSE = select(MessageRow.id).where(MessageRow.cause == bindparam("cause"), _PERSON)
_BEGINNING = bindparam("beginning", type_=String())
_CAUSES = select(MessageRow.cause, MessageRow.words).where(
    _PERSON, func.substr(MessageRow.cause, 1, func.length(_BEGINNING)) == _BEGINNING
)
_RIGHTS = select(RightRow.template_id, RightRow.remaining).where(
    RightRow.person_id == bindparam("person_id")
)


UNREAD = QueryPart(_UNREAD, lambda columns: int(columns[0]))
"""How many messages the person `person_id` has not read."""


def list_inbox(tx: Tx, person_id: str, *, cursor: str | None, limit: int) -> Sequence[MessageRow]:
    """Return up to `limit` messages of the person, newest first, older than `cursor`."""
    bound: dict[str, object] = {"person_id": person_id, "most": limit}
    if cursor is None:
        return tx.session.scalars(_INBOX, bound).all()
    return tx.session.scalars(_INBOX_BEFORE, bound | {"cursor": cursor}).all()


def list_told(tx: Tx, person_id: str) -> Sequence[MessageRow]:
    """Return everything the person was ever told, oldest first."""
    statement = select(MessageRow).where(MessageRow.person_id == person_id)
    return tx.session.scalars(statement.order_by(MessageRow.id)).all()


def count_unread(tx: Tx, person_id: str) -> int:
    """Return how many messages the person has not read."""
    return tx.execute(_UNREAD, person_id=person_id).scalar_one()


def was_told(tx: Tx, cause: str, person_id: str) -> bool:
    """Say whether there is a message for this cause."""
    return tx.execute(_BY_CAUSE, cause=cause, person_id=person_id).first() is not None


def rights_of(tx: Tx, person_id: str) -> dict[str, int]:
    """Return the remaining rights by template id."""
    return {row.template_id: row.remaining for row in tx.execute(_RIGHTS, person_id=person_id)}


def causes_told(tx: Tx, person_id: str, beginning: str) -> dict[str, str | None]:
    """Return the causes with this beginning that the person was told of, and the words quoted."""
    found = tx.execute(_CAUSES, person_id=person_id, beginning=beginning)
    return {row.cause: row.words for row in found}
