"""Personal codes: one is handed out per person, all that a person ever had keep working."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from wxapp_backend.features.referrals import queries
from wxapp_backend.features.referrals.domain.codes import make_code, normalise
from wxapp_backend.features.referrals.errors import UnknownReferralCode
from wxapp_backend.features.referrals.models import ReferralCode
from wxapp_backend.features.referrals.queries import standing
from wxapp_backend.features.referrals.queries.standing import Presented
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import InvariantBroken

_ATTEMPTS = 5
"""Two codes alike are met once in 850 thousand million; five in a row mean a broken generator."""

_OWNER = select(ReferralCode.person_id).where(ReferralCode.code == bindparam("code"))
_CODES = (
    select(ReferralCode.current_for)
    .where(ReferralCode.current_for.in_(bindparam("person_ids", expanding=True)))
    .order_by(ReferralCode.current_for)
)
_LOCK = _CODES.with_for_update()
_LOCK_AT_ONCE = _CODES.with_for_update(nowait=True)


def code_of(tx: Tx, person_id: str) -> str:
    """Return the person's code, made on first need."""
    code = queries.find_code(tx, person_id)
    return code if code is not None else make_first(tx, person_id)


def make_first(tx: Tx, person_id: str) -> str:
    """Return a code for a person who has none; a rival's makes this run again."""
    for _ in range(_ATTEMPTS):
        row = ReferralCode(
            code=make_code(), person_id=person_id, current_for=person_id, created_at=tx.now
        )
        if tx.insert_unless_present(row):
            return row.code
    raise InvariantBroken("no free referral code was found")


def find_by_scene(tx: Tx, scene: str) -> str | None:
    """Return whose code stands in a scene or a typed text, or None."""
    code = normalise(scene)
    return tx.execute(_OWNER, code=code).scalar() if code else None


def find_presented(tx: Tx, code: str) -> Presented:
    """Return what a code leads to, in whatever case it is written.

    Raises:
        UnknownReferralCode: it is nobody's.
    """
    tidy = normalise(code)
    found = standing.find_presented(tx, tidy) if tidy else None
    if found is None:
        raise UnknownReferralCode
    return found


def find_referrer(tx: Tx, code: str) -> str:
    """Return whose code this is, in whatever case it is written.

    Raises:
        UnknownReferralCode: it is nobody's.
    """
    person_id = find_by_scene(tx, code)
    if person_id is None:
        raise UnknownReferralCode
    return person_id


def lock(tx: Tx, person_ids: Iterable[str]) -> set[str]:
    """Hold these people's codes against rivals until the transaction ends, in a fixed order.

    Returns those who have a code to hold.
    """
    rows = tx.execute(_LOCK, person_ids=sorted(set(person_ids)))
    return {owner for (owner,) in rows if owner is not None}


def lock_at_once(tx: Tx, person_id: str) -> None:
    """Hold one more person's code without waiting for it.

    Raises:
        OperationalError: a rival holds it; `Database.run` begins anew.
    """
    tx.execute(_LOCK_AT_ONCE, person_ids=[person_id]).all()


def merge(tx: Tx, *, from_id: str, into_id: str) -> None:
    """Give one person's codes to another; posters that carry them keep working."""
    has_own = queries.find_code(tx, into_id) is not None
    rows = tx.session.scalars(select(ReferralCode).where(ReferralCode.person_id == from_id))
    for row in rows.all():
        was_current = row.current_for is not None
        row.current_for = None
        tx.session.flush()  # before another row may take its place
        row.person_id = into_id
        if was_current and not has_own:
            row.current_for = into_id
    tx.session.flush()


def forget(tx: Tx, person_id: str) -> None:
    """Make the codes of an erased person unknown."""
    for row in tx.session.scalars(select(ReferralCode).where(ReferralCode.person_id == person_id)):
        tx.session.delete(row)
    tx.session.flush()
