"""What people say about themselves, and their own rotating code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from wxapp_backend.features.identity import queries
from wxapp_backend.features.identity.domain import (
    NameForm,
    end_of_step,
    make_token,
    read_token,
    step_of,
)
from wxapp_backend.features.identity.errors import TokenExpired, UnknownToken
from wxapp_backend.features.identity.models import PersonRow
from wxapp_backend.features.identity.queries import find_row
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound, ValidationFailed

_PURPOSE = "identity.personal_token"


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """A person's code of the moment, for a clerk to scan."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What a person changes; fields that are not in `fields` stay as they are."""

    fields: frozenset[str]
    nickname: str | None = None
    birthday: date | None = None
    name_style: NameForm = "masked"


def living_row(tx: Tx, person_id: str) -> PersonRow:
    """Return a person's record.

    Raises:
        NotFound: there is no such person, or they were erased.
    """
    row = find_row(tx, person_id)
    if row is None or row.erased_at is not None:
        raise NotFound
    return row


def update_profile(tx: Tx, person_id: str, change: ProfileChange) -> None:
    """Change what a person says about themselves.

    Raises:
        NotFound: as in `living_row`.
        ValidationFailed: the birthday has not come yet.
    """
    if change.birthday is not None and change.birthday > tx.now.date():
        raise ValidationFailed(fields={"birthday": ["must not lie in the future"]})
    row = living_row(tx, person_id)
    values: dict[str, Any] = {
        "nickname": change.nickname,
        "birthday": change.birthday,
        "name_style": change.name_style,
    }
    for name in change.fields:
        setattr(row, name, values[name])
    queries.write(tx)


def set_avatar(tx: Tx, person_id: str, key: str) -> str | None:
    """Give a person another picture and return the storage key of the one before.

    Raises:
        NotFound: as in `living_row`.
    """
    row = living_row(tx, person_id)
    before, row.avatar_key = row.avatar_key, key
    queries.write(tx)
    return before


def personal_token(tx: Tx, person_id: str) -> PersonalToken:
    """Return a person's rotating code and when it changes."""
    step = step_of(tx.now)
    token = make_token(person_id, step, lambda text: tx.keyed_hash(_PURPOSE, text))
    return PersonalToken(token, end_of_step(step))


def person_of_token(tx: Tx, token: str) -> str:
    """Return whose rotating code this is; the one before is accepted too, as people are slow.

    Raises:
        UnknownToken: it is none of ours.
        TokenExpired: it has changed more than once since.
    """
    found = read_token(token, lambda text: tx.keyed_hash(_PURPOSE, text))
    row = find_row(tx, found[0]) if found else None
    if found is None or row is None or row.erased_at is not None:
        raise UnknownToken
    if found[1] < step_of(tx.now) - 1:
        raise TokenExpired
    return row.id
