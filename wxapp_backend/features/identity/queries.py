"""Reads of identity's tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from wxapp_backend.features.identity.domain import App, Person
from wxapp_backend.features.identity.models import OpenidRow, PersonRow, PhoneRow
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.text import mask_phone


def find_row(tx: Tx, person_id: str) -> PersonRow | None:
    """Return the record under which a person is known now, or None."""
    row = tx.session.get(PersonRow, person_id)
    if row is None or row.merged_into is None:
        return row
    return tx.session.get(PersonRow, row.merged_into)


def row_by_openid(tx: Tx, app: App, openid: str) -> PersonRow | None:
    """Return whom one of our accounts calls `openid`, or None."""
    return tx.session.scalar(
        select(PersonRow)
        .join(OpenidRow, OpenidRow.person_id == PersonRow.id)
        .where(OpenidRow.app == app, OpenidRow.openid == openid)
    )


def row_by_unionid(tx: Tx, unionid: str) -> PersonRow | None:
    """Return the person with this unionid, or None."""
    return tx.session.scalar(select(PersonRow).where(PersonRow.unionid == unionid))


def row_by_phone_hash(tx: Tx, phone_hash: bytes) -> PersonRow | None:
    """Return the person with this phone, or None."""
    return tx.session.scalar(
        select(PersonRow)
        .join(PhoneRow, PhoneRow.person_id == PersonRow.id)
        .where(PhoneRow.phone_hash == phone_hash)
    )


def openids_of(tx: Tx, person_id: str) -> Sequence[OpenidRow]:
    """Return a person's openids, newest first."""
    return tx.session.scalars(
        select(OpenidRow)
        .where(OpenidRow.person_id == person_id)
        .order_by(OpenidRow.created_at.desc(), OpenidRow.openid)
    ).all()


def rows_of(tx: Tx, person_ids: Iterable[str]) -> dict[str, PersonRow]:
    """Return the present record of each id that is known, in two queries at most."""
    wanted = set(person_ids)
    rows = _by_id(tx, wanted)
    survivors = _by_id(tx, {row.merged_into for row in rows.values() if row.merged_into} - {*rows})
    everyone = rows | survivors
    return {each: everyone[row.merged_into or each] for each, row in rows.items()}


def _by_id(tx: Tx, person_ids: set[str]) -> dict[str, PersonRow]:
    if not person_ids:
        return {}
    rows = tx.session.scalars(select(PersonRow).where(PersonRow.id.in_(person_ids)))
    return {row.id: row for row in rows}


def to_person(row: PersonRow) -> Person:
    """Return the frozen view of a row."""
    return Person(
        id=row.id,
        nickname=row.nickname,
        avatar_key=row.avatar_key,
        name_style=row.name_style,  # type: ignore[arg-type] # held by a CHECK
        phone_masked=mask_phone(row.phone_last_four) if row.phone_last_four else None,
        unionid=row.unionid,
        birthday=row.birthday,
        created_at=row.created_at,
        joined_at=row.joined_at,
        erased_at=row.erased_at,
    )
