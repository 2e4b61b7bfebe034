"""What coupons do when something has happened elsewhere."""

from __future__ import annotations

from wxapp_backend.features.coupons import api
from wxapp_backend.features.coupons.events import CouponExpiryDue
from wxapp_backend.features.identity.events import PersonMerged
from wxapp_backend.infra.db import Tx

_BATCH = 500
"""Coupons in one transaction: well below a second."""


def on_expiry_due(tx: Tx, _event: CouponExpiryDue) -> None:
    """Mark what has had its time, and ask to be called again while there may be more."""
    if api.expire_due(tx, _BATCH) == _BATCH:
        tx.emit(CouponExpiryDue())


def on_person_merged(tx: Tx, event: PersonMerged) -> None:
    """Give the coupons of the person that is no more to the one that stays."""
    api.merge(tx, from_id=event.from_id, into_id=event.into_id)
