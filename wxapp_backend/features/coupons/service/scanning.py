"""Reading a code at the counter: a coupon's, or a customer's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wxapp_backend.features.coupons.domain.codes import CODE_PREFIX
from wxapp_backend.features.coupons.domain.specs import Coupon
from wxapp_backend.features.coupons.service.showing import note_scan
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Tx


@dataclass(frozen=True, slots=True)
class Scanned:
    """Whose code it is, masked, and the coupon if it is one's."""

    kind: Literal["coupon", "customer"]
    display_name: str
    visits: int
    coupon: Coupon | None


def scan(tx: Tx, token: str, *, store_id: str, staff_id: str) -> Scanned:
    """Say what a code is; it stays usable in this store while the amount is typed.

    Raises:
        NotStaffHere: the clerk does not work in the store.
        UnknownToken, TokenExpired, CouponUsed, CouponExpired, CouponVoid, CouponNotYetValid,
        CouponNotValidHere: as for a redemption.
    """
    stores.require_staff(tx, staff_id, store_id)
    coupon = None
    if token.strip().upper().startswith(CODE_PREFIX):
        coupon = note_scan(tx, token, store_id)
        person_id = coupon.person_id
    else:
        person_id = visits.note_customer_scan(tx, token, store_id)
    return Scanned(
        kind="coupon" if coupon else "customer",
        display_name=identity.display_name(identity.get_person(tx, person_id)),
        visits=visits.count_paid(tx, person_id),
        coupon=coupon,
    )
