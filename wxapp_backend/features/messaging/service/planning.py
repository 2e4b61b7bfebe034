"""Deciding that something is told: once per cause and person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.messaging.domain import OVER_WECHAT, Draft
from wxapp_backend.features.messaging.events import OfficialAttemptDue
from wxapp_backend.features.messaging.models import AttemptRow, MessageRow, RightRow
from wxapp_backend.features.messaging.queries import count_unread
from wxapp_backend.features.messaging.service.rights import add_right
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id

_GONE = "这位朋友已注销，内容不再显示。"


def plan(tx: Tx, person_id: str, draft: Draft, *, cause: str, about_id: str | None = None) -> bool:
    """Put the message into the person's inbox and begin with the first channel.

    Args:
        tx: the transaction.
        person_id: who is told, also under an id from before a merge.
        draft: what is told.
        cause: why; the same cause tells the same person nothing more.
        about_id: the friend whom it tells about.

    Returns:
        False when nothing was done: it was told before, or the person is no more.
    """
    person = identity.find_person(tx, person_id)
    if person is None or person.erased_at is not None:
        return False
    goes_out = draft.kind in OVER_WECHAT
    row = MessageRow(
        id=new_id(tx.now),
        person_id=person.id,
        kind=draft.kind,
        cause=cause,
        about_id=about_id,
        title=draft.title,
        body=draft.body,
        words=draft.words,
        values=draft.values,
        page=draft.page,
        state="planned" if goes_out else "inbox_only",
        created_at=tx.now,
    )
    if not tx.insert_unless_present(row, key=("cause", "person_id")):
        return False
    if goes_out:
        tx.emit(OfficialAttemptDue(message_id=row.id, person_id=person.id))
    return True


def mark_read(tx: Tx, person_id: str, message_ids: Sequence[str]) -> int:
    """Mark the person's own messages among these as read; return how many stay unread."""
    tx.session.execute(
        update(MessageRow)
        .where(MessageRow.person_id == person_id, MessageRow.id.in_(message_ids))
        .where(MessageRow.read_at.is_(None))
        .values(read_at=tx.now)
    )
    return count_unread(tx, person_id)


def move_messages(tx: Tx, from_id: str, into_id: str) -> None:
    """Hand messages and rights of a person over to who they proved to be.

    What both were told for the same cause stays with the survivor once, and goes out once.
    """
    told = select(MessageRow.cause).where(MessageRow.person_id == into_id)
    mine = MessageRow.person_id == from_id
    for statement in (
        update(MessageRow).where(mine, MessageRow.cause.not_in(told)).values(person_id=into_id),
        update(MessageRow).where(mine).values(state="inbox_only"),
        update(MessageRow).where(MessageRow.about_id == from_id).values(about_id=into_id),
    ):
        tx.session.execute(statement.execution_options(synchronize_session=False))
    for right in tx.session.scalars(select(RightRow).where(RightRow.person_id == from_id)).all():
        add_right(tx, into_id, right.template_id, right.remaining)
        right.remaining = 0
    tx.session.flush()


def forget_messages(tx: Tx, person_id: str) -> None:
    """Delete what a person was told, and what others were told in the person's words and name."""
    mine = select(MessageRow.id).where(MessageRow.person_id == person_id)
    for statement in (
        delete(AttemptRow).where(AttemptRow.message_id.in_(mine)),
        delete(MessageRow).where(MessageRow.person_id == person_id),
        delete(RightRow).where(RightRow.person_id == person_id),
        update(MessageRow)
        .where(MessageRow.about_id == person_id)
        .values(body=_GONE, words=None, values={}, about_id=None, state="inbox_only"),
    ):
        tx.session.execute(statement.execution_options(synchronize_session=False))
