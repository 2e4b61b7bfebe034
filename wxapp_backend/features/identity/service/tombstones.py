"""What remains of the erased: keyed hashes, by which who comes back is known to be no new one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import bindparam, select

from wxapp_backend.features.identity.models import OpenidRow, PersonRow, PhoneRow, TombstoneRow
from wxapp_backend.features.identity.queries import CAME_BACK, find_row
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound

_PURPOSE = "identity.tombstone"

_TOMBSTONE = (
    select(TombstoneRow.digest)
    .where(TombstoneRow.digest.in_(bindparam("digests", expanding=True)))
    .limit(1)
)
_OPENIDS = select(OpenidRow.app, OpenidRow.openid).where(
    OpenidRow.person_id == bindparam("person_id")
)
_PHONES = select(PhoneRow.phone_hash).where(PhoneRow.person_id == bindparam("person_id"))


def bury(tx: Tx, row: PersonRow) -> None:
    """Keep the hash of every name that this person has, before the names go."""
    for digest in _digests(tx, row):
        tx.add_unless_present(TombstoneRow(digest=digest, erased_at=tx.now))


def look_back(tx: Tx, row: PersonRow) -> None:
    """Note whether a name that this person has now is an erased one's; call it for each new name.

    A claim asks for it, and has no time to look.
    """
    if not row.came_back:
        row.came_back = tx.execute(_TOMBSTONE, digests=_digests(tx, row)).first() is not None


def was_erased_before(tx: Tx, person_id: str) -> bool:
    """Return whether someone with an openid, unionid or phone of this person was erased.

    Raises:
        NotFound: there is no such person, or they are erased now.
    """
    known = CAME_BACK.find(tx, person_id=person_id)
    if known is not None:
        return known
    row = find_row(tx, person_id)
    if row is None or row.erased_at is not None:
        raise NotFound
    return tx.execute(_TOMBSTONE, digests=_digests(tx, row)).first() is not None


def _digests(tx: Tx, row: PersonRow) -> list[bytes]:
    return [tx.keyed_hash(_PURPOSE, each) for each in _names(tx, row)]


def _names(tx: Tx, row: PersonRow) -> Iterator[str]:
    if row.unionid:
        yield f"unionid:{row.unionid}"
    for app, openid in tx.execute(_OPENIDS, person_id=row.id):
        yield f"openid:{app}:{openid}"
    for phone_hash in tx.execute(_PHONES, person_id=row.id).scalars():
        yield f"phone:{phone_hash.hex()}"
