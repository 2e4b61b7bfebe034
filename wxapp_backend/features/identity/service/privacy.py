"""Consent, the right to see one's data, and the right to be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from wxapp_backend.features.identity import queries
from wxapp_backend.features.identity.events import PersonErased
from wxapp_backend.features.identity.models import (
    ConsentRow,
    OpenidRow,
    PhoneRow,
    SessionRow,
)
from wxapp_backend.features.identity.queries import openids_of
from wxapp_backend.features.identity.service import tombstones
from wxapp_backend.features.identity.service.profile import living_row
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.text import mask_phone

_ANSWERS = (
    select(ConsentRow).where(ConsentRow.person_id == bindparam("person_id")).order_by(ConsentRow.id)
)


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person answered last to one kind of text."""

    kind: str
    version: str
    granted: bool
    at: datetime


def record_consent(tx: Tx, person_id: str, *, kind: str, version: str, granted: bool) -> Consent:
    """Note a person's answer to a text; every answer is kept, the newest is in force."""
    row = ConsentRow(
        person_id=living_row(tx, person_id).id,
        kind=kind,
        version=version,
        granted=granted,
        at=tx.now,
    )
    tx.session.add(row)
    queries.write(tx)
    return _to_consent(row)


def list_consents(tx: Tx, person_id: str) -> list[Consent]:
    """Return what is in force, one of each kind, by kind."""
    latest = {row.kind: row for row in _answers(tx, person_id)}
    return [_to_consent(latest[kind]) for kind in sorted(latest)]


def has_consented(tx: Tx, person_id: str, kind: str) -> bool:
    """Return whether a person's last answer to this kind of text was yes."""
    return any(each.granted for each in list_consents(tx, person_id) if each.kind == kind)


def export(tx: Tx, person_id: str) -> dict[str, Any]:
    """Return what identity holds about a person, JSON-ready."""
    row = living_row(tx, person_id)
    return {
        "id": row.id,
        "nickname": row.nickname,
        "name_form": row.name_style,
        "birthday": row.birthday.isoformat() if row.birthday else None,
        "phone_masked": mask_phone(row.phone_last_four) if row.phone_last_four else None,
        "unionid": row.unionid,
        "has_avatar": row.avatar_key is not None,
        "created_at": row.created_at.isoformat(),
        "wechat_accounts": [
            {"app": each.app, "openid": each.openid, "since": each.created_at.isoformat()}
            for each in openids_of(tx, row.id)
        ],
        "sessions": [
            {"since": each.created_at.isoformat(), "until": each.expires_at.isoformat()}
            for each in tx.session.scalars(
                select(SessionRow)
                .where(SessionRow.person_id == row.id)
                .order_by(SessionRow.created_at)
            )
        ],
        "consents": [
            {
                "kind": each.kind,
                "version": each.version,
                "granted": each.granted,
                "at": each.at.isoformat(),
            }
            for each in _answers(tx, row.id)
        ],
    }


def erase(tx: Tx, person_id: str) -> None:
    """Forget a person: the id stays without a name, so that the ledger still adds up.

    What remains of openids, unionid and phone is an irreversible keyed hash, so that nobody
    becomes a new customer by being erased. Answers to consent texts stay as evidence.

    Raises:
        NotFound: there is no such person, or they were erased before.
    """
    row = living_row(tx, person_id)
    tombstones.bury(tx, row)
    for table in (OpenidRow, PhoneRow, SessionRow):
        tx.session.execute(delete(table).where(table.person_id == row.id))
    avatar_key = row.avatar_key
    row.nickname = row.avatar_key = row.birthday = row.unionid = row.phone_last_four = None
    row.name_style = "masked"
    row.erased_at = tx.now
    queries.write(tx)
    tx.emit(PersonErased(person_id=row.id, avatar_key=avatar_key))


def _answers(tx: Tx, person_id: str) -> Iterator[ConsentRow]:
    return iter(tx.session.scalars(_ANSWERS, {"person_id": person_id}))


def _to_consent(row: ConsentRow) -> Consent:
    return Consent(row.kind, row.version, row.granted, row.at)
