"""Phone numbers: known by a keyed hash and their last four digits only."""

from __future__ import annotations

from sqlalchemy import delete

from wxapp_backend.features.identity import queries
from wxapp_backend.features.identity.domain import normalise_phone
from wxapp_backend.features.identity.errors import PhoneInvalid, PhoneTaken
from wxapp_backend.features.identity.models import PersonRow, PhoneRow
from wxapp_backend.features.identity.queries import find_row, openids_of, row_by_phone_hash
from wxapp_backend.features.identity.service.merging import hold, merge
from wxapp_backend.features.identity.service.tombstones import look_back
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound
from wxapp_backend.kernel.ids import new_id
from wxapp_backend.kernel.text import mask_phone

_PURPOSE = "identity.phone"


def person_for_phone(tx: Tx, phone: str) -> str:
    """Return whose number this is; somebody unknown is noted as a person known by phone only.

    Raises:
        PhoneInvalid: it is no mobile number of the mainland, nor in E.164 form.
    """
    number = _normal(phone)
    known = row_by_phone_hash(tx, _hash(tx, number))
    if known is not None:
        return known.id
    person = PersonRow(id=new_id(tx.now), created_at=tx.now)
    tx.session.add(person)
    queries.write(tx)
    _put(tx, person, number)
    return person.id


def find_by_phone(tx: Tx, phone: str) -> PersonRow | None:
    """Return whose number this is, or None; so also for what is no phone number."""
    number = normalise_phone(phone)
    return row_by_phone_hash(tx, _hash(tx, number)) if number else None


def attach_phone(tx: Tx, person_id: str, phone: str) -> str:
    """Give a person the number that WeChat verified, in place of earlier ones; return it masked.

    Whoever was known by that number only turns out to be this person, and is merged.

    Raises:
        NotFound: there is no such person.
        PhoneInvalid: it is no phone number.
        PhoneTaken: it is bound to another WeChat account.
    """
    number = _normal(phone)
    person = find_row(tx, person_id)
    if person is None or person.erased_at is not None:
        raise NotFound
    owner = row_by_phone_hash(tx, _hash(tx, number))
    if owner is not None and owner.id != person.id:
        if not _may_be_one(tx, person, owner):
            raise PhoneTaken
        person = merge(tx, person.id, owner.id)
    person = hold(tx, person.id)
    tx.session.execute(delete(PhoneRow).where(PhoneRow.person_id == person.id))
    _put(tx, person, number)
    return mask_phone(number[-4:])


def _may_be_one(tx: Tx, person: PersonRow, owner: PersonRow) -> bool:
    """Say whether nothing WeChat told us speaks against the two being one person."""
    if person.unionid and owner.unionid and person.unionid != owner.unionid:
        return False
    mine, theirs = ({row.app for row in openids_of(tx, each.id)} for each in (person, owner))
    return not mine & theirs


def _put(tx: Tx, person: PersonRow, number: str) -> None:
    row = PhoneRow(phone_hash=_hash(tx, number), person_id=person.id, attached_at=tx.now)
    tx.session.add(row)
    person.phone_last_four = number[-4:]
    tx.flush()
    look_back(tx, person)
    queries.write(tx)


def _normal(phone: str) -> str:
    number = normalise_phone(phone)
    if number is None:
        raise PhoneInvalid
    return number


def _hash(tx: Tx, number: str) -> bytes:
    return tx.keyed_hash(_PURPOSE, number)
