"""Reads of messaging."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from wxapp_backend.features.messaging.models import MessageRow, RightRow
from wxapp_backend.infra.db import Tx


def list_inbox(tx: Tx, person_id: str, *, cursor: str | None, limit: int) -> Sequence[MessageRow]:
    """Return up to `limit` messages of the person, newest first, older than `cursor`."""
    statement = select(MessageRow).where(MessageRow.person_id == person_id)
    if cursor is not None:
        statement = statement.where(MessageRow.id < cursor)
    return tx.session.scalars(statement.order_by(MessageRow.id.desc()).limit(limit)).all()


def list_told(tx: Tx, person_id: str) -> Sequence[MessageRow]:
    """Return everything the person was ever told, oldest first."""
    statement = select(MessageRow).where(MessageRow.person_id == person_id)
    return tx.session.scalars(statement.order_by(MessageRow.id)).all()


def count_unread(tx: Tx, person_id: str) -> int:
    """Return how many messages the person has not read."""
    statement = (
        select(func.count())
        .select_from(MessageRow)
        .where(MessageRow.person_id == person_id, MessageRow.read_at.is_(None))
    )
    return tx.session.scalar(statement) or 0


def find_by_cause(tx: Tx, cause: str, person_id: str) -> MessageRow | None:
    """Return the message for this cause, if there is one."""
    return tx.session.scalar(
        select(MessageRow).where(MessageRow.cause == cause, MessageRow.person_id == person_id)
    )


def rights_of(tx: Tx, person_id: str) -> dict[str, int]:
    """Return the remaining rights by template id."""
    rows = tx.session.scalars(select(RightRow).where(RightRow.person_id == person_id))
    return {row.template_id: row.remaining for row in rows}


def causes_told(tx: Tx, person_id: str, beginning: str) -> dict[str, str | None]:
    """Return the causes with this beginning that the person was told of, and the words quoted."""
    statement = select(MessageRow.cause, MessageRow.words).where(
        MessageRow.person_id == person_id, MessageRow.cause.startswith(beginning, autoescape=True)
    )
    return {row.cause: row.words for row in tx.session.execute(statement)}
