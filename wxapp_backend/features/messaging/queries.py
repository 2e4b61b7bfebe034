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
_BEGINNING = bindparam("beginning", type_=String())
_CAUSES = select(MessageRow.cause, MessageRow.words).where(
    # By the friend: whoever brought thousands has been told as many things.
    MessageRow.about_id == bindparam("about_id"),
    _PERSON,
    func.substr(MessageRow.cause, 1, func.length(_BEGINNING)) == _BEGINNING,
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


def rights_of(tx: Tx, person_id: str) -> dict[str, int]:
    """Return the remaining rights by template id."""
    return {row.template_id: row.remaining for row in tx.execute(_RIGHTS, person_id=person_id)}


def causes_told(tx: Tx, person_id: str, beginning: str, *, about_id: str) -> dict[str, str | None]:
    """Return what the person was told about a friend: causes of this beginning, words quoted."""
    found = tx.execute(_CAUSES, person_id=person_id, beginning=beginning, about_id=about_id)
    return {row.cause: row.words for row in found}
