"""Reads of identity's tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, String, bindparam, func, select
from sqlalchemy.orm import aliased

from wxapp_backend.features.identity.domain import App, Person
from wxapp_backend.features.identity.models import OpenidRow, PersonRow, PhoneRow
from wxapp_backend.infra.batched import QueryPart
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.text import mask_phone

_ASKED = aliased(PersonRow)
_PRESENT_ID = func.coalesce(_ASKED.merged_into, _ASKED.id)
_COLUMNS = select(
    PersonRow.id,
    PersonRow.nickname,
    PersonRow.avatar_key,
    PersonRow.name_style,
    PersonRow.phone_last_four,
    PersonRow.unionid,
    PersonRow.birthday,
    PersonRow.created_at,
    PersonRow.joined_at,
    PersonRow.erased_at,
)
_PRESENT = _COLUMNS.join(_ASKED, PersonRow.id == _PRESENT_ID)
_PERSONS = _PRESENT.add_columns(_ASKED.id).where(
    _ASKED.id.in_(bindparam("person_ids", expanding=True))
)

_IS_CALLED = (OpenidRow.app == bindparam("app")) & (OpenidRow.openid == bindparam("openid"))
_BY_OPENID = _COLUMNS.join(OpenidRow, OpenidRow.person_id == PersonRow.id).where(_IS_CALLED)
_ROW_BY_OPENID = (
    select(PersonRow).join(OpenidRow, OpenidRow.person_id == PersonRow.id).where(_IS_CALLED)
)
_OPENIDS = (
    select(OpenidRow)
    .where(OpenidRow.person_id == bindparam("person_id"))
    .order_by(OpenidRow.created_at.desc(), OpenidRow.openid)
)


def find_person(tx: Tx, person_id: str) -> Person | None:
    """Return a person, also by an id that has been merged into another, or None."""
    return tx.once("person", person_id, lambda: PERSON.find(tx, person_id=person_id))


def keep(tx: Tx, person_id: str, person: Person | None) -> None:
    """Let this transaction know somebody who was read as a part of a larger statement."""
    tx.once("person", person_id, lambda: person)


def write(tx: Tx) -> None:
    """Send changes of people to the database; whoever was read before is read anew."""
    tx.flush()
    tx.forget("person")


def find_by_openid(tx: Tx, app: App, openid: str) -> Person | None:
    """Return whom one of our WeChat accounts calls `openid`, or None."""
    row = tx.execute(_BY_OPENID, app=app, openid=openid).one_or_none()
    return _person(row) if row is not None else None


def list_persons(tx: Tx, person_ids: Iterable[str]) -> dict[str, Person]:
    """Return the people behind these ids, by the id that was asked for; unknown ids are missing."""
    wanted = sorted(set(person_ids))
    rows = tx.execute(_PERSONS, person_ids=wanted) if wanted else ()
    return {row[-1]: _person(row[:-1]) for row in rows}


def find_current_id(tx: Tx, person_id: str) -> str | None:
    """Return the id under which a person is known now, or None."""
    person = find_person(tx, person_id)
    return person.id if person else None


def find_row(tx: Tx, person_id: str) -> PersonRow | None:
    """Return the record under which a person is known now, or None."""
    row = tx.session.get(PersonRow, person_id)
    if row is None or row.merged_into is None:
        return row
    return tx.session.get(PersonRow, row.merged_into)


def row_by_openid(tx: Tx, app: App, openid: str) -> PersonRow | None:
    """Return whom one of our accounts calls `openid`, or None."""
    return tx.session.scalar(_ROW_BY_OPENID, {"app": app, "openid": openid})


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
    return tx.session.scalars(_OPENIDS, {"person_id": person_id}).all()


def _person(columns: Sequence[Any]) -> Person:
    """Return the frozen view of `_COLUMNS`."""
    person_id, nickname, avatar_key, name_style, last_four, *rest = columns
    phone = mask_phone(last_four) if last_four else None
    return Person(person_id, nickname, avatar_key, name_style, phone, *rest)


def person_part(person_id: SQLColumnExpression[str]) -> QueryPart[Person]:
    """Return the part of a statement that reads a person, by whichever id `person_id` gives."""
    return QueryPart(_PRESENT.where(_ASKED.id == person_id), _person)


PERSON = person_part(bindparam("person_id"))
"""The person `person_id`."""

REFERRER = person_part(bindparam("referrer_id", type_=String()))
"""The person `referrer_id`."""

CAME_BACK = QueryPart(
    select(PersonRow.came_back).where(
        PersonRow.id == bindparam("person_id"),
        PersonRow.came_back.is_not(None),
        PersonRow.erased_at.is_(None),
    ),
    lambda columns: bool(columns[0]),
)
"""Whether someone with a name of `person_id` was erased; nothing where nobody has looked."""


def with_person(
    statement: Select[*tuple[Any, ...]], person_id: SQLColumnExpression[str]
) -> Select[*tuple[Any, ...]]:
    """Return the statement with the person behind a column of it, for `split_person` to read.

    Rows whose column names nobody are left out.
    """
    return (
        statement.add_columns(*_COLUMNS.selected_columns)
        .join(_ASKED, _ASKED.id == person_id)
        .join(PersonRow, PersonRow.id == _PRESENT_ID)
    )


def split_person(columns: Sequence[Any]) -> tuple[Sequence[Any], Person]:
    """Return a row of a statement that `with_person` made without the person, and the person."""
    end = -len(_COLUMNS.selected_columns)
    return columns[:end], _person(columns[end:])


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
