"""The rotating code of a coupon: shown by its owner, read by a clerk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from wxapp_backend.features.coupons.domain.codes import (
    SCAN_LIFE,
    end_of_step,
    is_fresh,
    make_code,
    read_code,
    step_of,
)
from wxapp_backend.features.coupons.domain.specs import Coupon
from wxapp_backend.features.coupons.errors import (
    CouponExpired,
    CouponNotValidHere,
    CouponNotYetValid,
    CouponUsed,
    CouponVoid,
)
from wxapp_backend.features.coupons.models import Scan
from wxapp_backend.features.coupons.queries.wallet import get, get_own
from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import Conflict, NotFound

_PURPOSE = "coupons.rotating_code"

_REFUSALS: dict[str, type[Conflict]] = {
    "used": CouponUsed,
    "expired": CouponExpired,
    "void": CouponVoid,
    "pending": CouponNotYetValid,
}


@dataclass(frozen=True, slots=True)
class Code:
    """A coupon's code of the moment."""

    token: str = field(repr=False)
    expires_at: datetime


def show_code(tx: Tx, person_id: str, coupon_id: str) -> Code:
    """Return the code of one's own coupon and when it changes.

    Raises:
        NotFound: there is no such coupon, or it is somebody else's.
        CouponUsed, CouponExpired, CouponVoid, CouponNotYetValid: it cannot be used now.
    """
    coupon = get_own(tx, person_id, coupon_id)
    refuse_unusable(coupon)
    step = step_of(tx.now)
    code = make_code(coupon.id, step, lambda text: tx.keyed_hash(_PURPOSE, text))
    return Code(code, end_of_step(step))


def read_coupon(tx: Tx, token: str, store_id: str) -> tuple[Coupon, int]:
    """Return the usable coupon behind a scanned code, and the code's period.

    What is wrong with the coupon is said before the code's age: a clerk can do more with it.

    Raises:
        UnknownToken: the code is none of ours.
        CouponUsed, CouponExpired, CouponVoid, CouponNotYetValid: it cannot be used now.
        CouponNotValidHere: it belongs to other stores.
        TokenExpired: the code has changed since, and was not scanned in this store before.
    """
    found = read_code(token, lambda text: tx.keyed_hash(_PURPOSE, text))
    if found is None:
        raise identity.UnknownToken
    coupon_id, step = found
    try:
        coupon = get(tx, coupon_id)
    except NotFound:
        raise identity.UnknownToken from None
    refuse_unusable(coupon)
    if coupon.spec.stores and store_id not in coupon.spec.stores:
        raise CouponNotValidHere
    if not is_fresh(step, tx.now) and not _was_scanned(tx, coupon_id, store_id, step):
        raise identity.TokenExpired
    return coupon, step


def note_scan(tx: Tx, token: str, store_id: str) -> Coupon:
    """Read a code as `read_coupon` does, and keep it usable here while the amount is typed."""
    coupon, step = read_coupon(tx, token, store_id)
    usable_until = tx.now + SCAN_LIFE
    scan = Scan(coupon_id=coupon.id, store_id=store_id, step=step, usable_until=usable_until)
    if not tx.add_unless_present(scan):
        known = tx.session.get_one(Scan, (coupon.id, store_id))
        if known.step != step:  # scanning the same code again does not prolong its life
            known.step, known.usable_until = step, usable_until
            tx.session.flush()
    return coupon


def refuse_unusable(coupon: Coupon) -> None:
    """Raise the refusal that fits the coupon's state, if it cannot be used now."""
    refusal = _REFUSALS.get(coupon.state)
    if refusal is not None:
        raise refusal


def _was_scanned(tx: Tx, coupon_id: str, store_id: str, step: int) -> bool:
    scan = tx.session.get(Scan, (coupon_id, store_id))
    return scan is not None and scan.step == step and tx.now <= scan.usable_until
