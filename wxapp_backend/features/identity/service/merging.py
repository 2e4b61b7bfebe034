"""Two records that are one person become one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from wxapp_backend.features.identity import queries
from wxapp_backend.features.identity.events import PersonMerged
from wxapp_backend.features.identity.models import (
    ConsentRow,
    OpenidRow,
    PersonRow,
    PhoneRow,
    SessionRow,
)
from wxapp_backend.infra.db import Tx

_OWNED = (OpenidRow, PhoneRow, SessionRow, ConsentRow)
TOLD_AGAIN_FOR = timedelta(minutes=20)
"""Far longer than any transaction that began before a merge can still be writing after it."""

_KEPT_IF_MISSING = ("nickname", "avatar_key", "birthday", "phone_last_four", "joined_at")


def merge(tx: Tx, one: str, other: str, *, unionid: str | None = None) -> PersonRow:
    """Merge two records and return the one that stays.

    Whoever came through WeChat stays before one known by phone only, whoever uses the mini-program
    before a mere follower (its id and code are on screens and posters already), then the older. The
    other record stays as a pointer, so that ids handed out before lead to the same person.

    Args:
        tx: the transaction.
        one: id of a person.
        other: id of another.
        unionid: what WeChat calls both now; else the staying one's, or the other's.
    """
    rows = _locked(tx, one, other)
    first, second = (row.merged_into or row.id for row in rows)
    if {first, second} != {one, other}:  # a rival merged one of them while we waited
        if first != second:
            return merge(tx, first, second, unionid=unionid)
        return _locked(tx, first, second)[0]
    uses_mini_program = _users_of_mini_program(tx, one, other)
    stays, goes = sorted(
        rows,
        key=lambda row: (
            row.joined_at is None,
            row.id not in uses_mini_program,
            row.created_at,
            row.id,
        ),
    )
    chosen = unionid or stays.unionid or goes.unionid
    goes.unionid = None
    queries.write(tx)  # a unionid is unique: freed before it is taken
    stays.unionid = chosen
    _keep_what_is_missing(stays, goes)
    if goes.came_back:
        stays.came_back = True
    goes.merged_into, goes.merged_at = stays.id, tx.now
    for table in _OWNED:
        tx.session.execute(
            update(table).where(table.person_id == goes.id).values(person_id=stays.id)
        )
    tx.session.execute(
        update(PersonRow).where(PersonRow.merged_into == goes.id).values(merged_into=stays.id)
    )
    queries.write(tx)
    tx.emit(PersonMerged(from_id=goes.id, into_id=stays.id))
    return stays


def _users_of_mini_program(tx: Tx, *person_ids: str) -> set[str]:
    statement = select(OpenidRow.person_id).where(
        OpenidRow.person_id.in_(person_ids), OpenidRow.app == "mini_program"
    )
    return set(tx.session.scalars(statement))


def tell_again(tx: Tx) -> int:
    """Emit the merges of the last minutes once more, and return how many.

    A transaction that began before a merge may write under the old id after every subscriber has
    moved what there was; told again, they move that too.
    """
    statement = (
        select(PersonRow)
        .where(PersonRow.merged_at > tx.now - TOLD_AGAIN_FOR)
        .order_by(PersonRow.merged_at, PersonRow.id)
    )
    rows = tx.session.scalars(statement).all()
    for row in rows:
        assert row.merged_into is not None  # set together with merged_at
        tx.emit(PersonMerged(from_id=row.id, into_id=row.merged_into))
    return len(rows)


def hold(tx: Tx, person_id: str) -> PersonRow:
    """Return the present record of a person, which no rival merges before this transaction ends.

    Whatever is about to be hung on a person must hold it first, or a merge would leave it behind.
    """
    row = tx.session.scalars(
        select(PersonRow)
        .where(PersonRow.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    return row if row.merged_into is None else hold(tx, row.merged_into)


def _locked(tx: Tx, one: str, other: str) -> list[PersonRow]:
    """Return both rows, locked in the order of their ids, as they are after the wait."""
    return list(
        tx.session.scalars(
            select(PersonRow)
            .where(PersonRow.id.in_((one, other)))
            .order_by(PersonRow.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _keep_what_is_missing(stays: PersonRow, goes: PersonRow) -> None:
    for name in _KEPT_IF_MISSING:
        if getattr(stays, name) is None:
            setattr(stays, name, getattr(goes, name))
        setattr(goes, name, None)
    if stays.name_style == "masked":
        stays.name_style = goes.name_style
