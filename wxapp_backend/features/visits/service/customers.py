"""Who is meant when a till or a clerk names a customer."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.visits.domain import SCAN_LIFE, CustomerRef
from wxapp_backend.features.visits.errors import UnknownCustomer
from wxapp_backend.features.visits.models import CustomerScan
from wxapp_backend.infra.db import Tx


def find_customer(tx: Tx, ref: CustomerRef, *, store_id: str) -> str:
    """Return the id of the customer; a phone number that is new makes a person known by it alone.

    Raises:
        UnknownCustomer: nobody has this id, openid or unionid.
        PhoneInvalid: it is no phone number.
        UnknownToken, TokenExpired: the customer's own code is none of ours, or has changed.
    """
    if ref.phone is not None:
        return identity.person_for_phone(tx, ref.phone)
    if ref.token is not None:
        return _of_token(tx, ref.token, store_id)
    person = None
    if ref.customer_id is not None:
        person = identity.find_person(tx, ref.customer_id)
    elif ref.unionid is not None:
        person = identity.find_by_unionid(tx, ref.unionid)
    elif ref.openid is not None:
        person = identity.find_by_openid(tx, "mini_program", ref.openid) or identity.find_by_openid(
            tx, "official_account", ref.openid
        )
    if person is None or person.erased_at is not None:
        raise UnknownCustomer
    return person.id


def note_customer_scan(tx: Tx, token: str, store_id: str) -> str:
    """Return whose code it is, and keep the code usable in this store while the amount is typed.

    Raises:
        UnknownToken, TokenExpired: as in `find_customer`.
    """
    person_id = _of_token(tx, token, store_id)
    tx.session.connection().execute(delete(CustomerScan).where(CustomerScan.usable_until < tx.now))
    tx.add_unless_present(
        CustomerScan(
            digest=_digest(token),
            store_id=store_id,
            person_id=person_id,
            usable_until=tx.now + SCAN_LIFE,
        )
    )
    return person_id


def _of_token(tx: Tx, token: str, store_id: str) -> str:
    try:
        return identity.person_of_token(tx, token)
    except identity.TokenExpired:
        scan = tx.session.get(CustomerScan, (_digest(token), store_id))
        if scan is None or scan.usable_until < tx.now:
            raise
        return identity.current_id(tx, scan.person_id)


def _digest(token: str) -> str:
    return hashlib.sha256(token.strip().upper().encode()).hexdigest()
