"""Using a coupon at a store, once, and undoing that within the stated minutes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from wxapp_backend.features.coupons.domain.specs import Coupon, discount
from wxapp_backend.features.coupons.errors import (
    AlreadyUndone,
    OneCouponEach,
    ThresholdNotMet,
    UndoTooLate,
)
from wxapp_backend.features.coupons.events import CouponRedeemed, RedemptionUndone
from wxapp_backend.features.coupons.models import CouponRow, RedemptionRow
from wxapp_backend.features.coupons.queries.wallet import get
from wxapp_backend.features.coupons.service.showing import read_coupon, refuse_unusable
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import InvariantBroken, NotFound
from wxapp_backend.kernel.ids import new_id

_USE = (
    update(CouponRow)
    .where(CouponRow.id == bindparam("coupon_id"), CouponRow.state == "available")
    .values(state="used", used_at=bindparam("now"))
    .returning(CouponRow.person_id)
)
_OTHER = select(RedemptionRow.id).where(
    RedemptionRow.visit_id == bindparam("visit_id"), RedemptionRow.undone_at.is_(None)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRedemption:
    """What a clerk sends: the scanned code, the store, the order before the discount."""

    token: str = field(repr=False)
    store_id: str
    staff_id: str
    order_amount_fen: int
    order_no: str | None = None


@dataclass(frozen=True, slots=True)
class Redemption:
    """A coupon that was used.

    Attributes:
        coupon: as it is after the use.
        payable_fen: the order less the discount.
        visit: the visit that the redemption made, or the till's report of the same order.
    """

    id: str
    coupon: Coupon
    discount_fen: int
    payable_fen: int
    visit: visits.Visit
    redeemed_at: datetime


@dataclass(frozen=True, slots=True)
class Undo:
    """A redemption that was undone; the visit stays if the till had reported the order."""

    redemption_id: str
    undone_at: datetime
    visit_cancelled: bool


def redeem(tx: Tx, new: NewRedemption) -> Redemption:
    """Use the coupon behind a scanned code, and record the visit for what remains to be paid.

    A refusal changes nothing.

    Raises:
        NotStaffHere: the clerk does not work in the store.
        UnknownToken, TokenExpired, CouponUsed, CouponExpired, CouponVoid, CouponNotYetValid,
        CouponNotValidHere: as in `read_coupon`.
        ThresholdNotMet: the order is too small for this coupon.
        OneCouponEach: the order has had a coupon.
        OrderMismatch: the order number belongs to another person, store or amount.
    """
    stores.require_staff(tx, new.staff_id, new.store_id)
    coupon, _step = read_coupon(tx, new.token, new.store_id)
    if new.order_amount_fen < coupon.spec.threshold_fen:
        raise ThresholdNotMet(
            threshold_fen=coupon.spec.threshold_fen, order_amount_fen=new.order_amount_fen
        )
    return tx.attempt(lambda inner: _use(inner, coupon.id, new))


def undo(tx: Tx, redemption_id: str, *, staff_id: str, within: timedelta) -> Undo:
    """Make the coupon usable again and cancel the visit that its redemption made.

    Raises:
        NotFound: there is no such redemption in a store where the clerk works.
        AlreadyUndone: it was undone before.
        UndoTooLate: it is longer ago than `within`.
    """
    row = tx.session.get(RedemptionRow, redemption_id, populate_existing=True)
    if row is None or row.store_id not in {post.store_id for post in stores.posts_of(tx, staff_id)}:
        raise NotFound
    if row.undone_at is None and tx.now > row.redeemed_at + within:
        raise UndoTooLate
    undone = tx.session.execute(
        update(RedemptionRow)
        .where(RedemptionRow.id == redemption_id, RedemptionRow.undone_at.is_(None))
        .values(undone_at=tx.now, undone_by=staff_id)
        .returning(RedemptionRow.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if undone is None:
        raise AlreadyUndone
    _restore(tx, row.coupon_id)
    cancelled = row.made_visit and visits.cancel(tx, row.visit_id)
    tx.emit(
        RedemptionUndone(
            redemption_id=redemption_id,
            coupon_id=row.coupon_id,
            person_id=row.person_id,
            store_id=row.store_id,
            visit_id=row.visit_id,
            visit_cancelled=cancelled,
        )
    )
    return Undo(redemption_id, tx.now, cancelled)


def _use(tx: Tx, coupon_id: str, new: NewRedemption) -> Redemption:
    """Mark the coupon used before anything else: of two rivals the second waits, and is refused."""
    taken = tx.execute(_USE, coupon_id=coupon_id, now=tx.now).one_or_none()
    coupon = get(tx, coupon_id)
    if taken is None:
        refuse_unusable(coupon)
        raise InvariantBroken("a usable coupon could not be used")
    discount_fen = discount(coupon.spec, new.order_amount_fen)
    visit = visits.record(
        tx,
        visits.NewVisit(
            person_id=taken.person_id,
            store_id=new.store_id,
            amount_fen=new.order_amount_fen - discount_fen,
            gross_fen=new.order_amount_fen,
            paid_at=tx.now,
            source="redemption",
            order_no=new.order_no,
        ),
    )
    return _note(tx, coupon, visit, new)


def _note(tx: Tx, coupon: Coupon, visit: visits.Visit, new: NewRedemption) -> Redemption:
    """Write the redemption and tell of it."""
    if visit.is_repeat and tx.execute(_OTHER, visit_id=visit.id).first() is not None:
        raise OneCouponEach
    row = RedemptionRow(
        id=new_id(tx.now),
        coupon_id=coupon.id,
        person_id=visit.person_id,
        store_id=new.store_id,
        staff_id=new.staff_id,
        order_no=new.order_no,
        order_amount_fen=new.order_amount_fen,
        discount_fen=discount(coupon.spec, new.order_amount_fen),
        visit_id=visit.id,
        made_visit=not visit.is_repeat,
        redeemed_at=tx.now,
    )
    tx.insert(row)
    tx.emit(
        CouponRedeemed(
            coupon_id=coupon.id,
            redemption_id=row.id,
            person_id=visit.person_id,
            store_id=new.store_id,
            visit_id=visit.id,
            discount_fen=row.discount_fen,
        )
    )
    payable_fen = new.order_amount_fen - row.discount_fen
    return Redemption(row.id, coupon, row.discount_fen, payable_fen, visit, tx.now)


def _restore(tx: Tx, coupon_id: str) -> None:
    restored = tx.session.execute(
        update(CouponRow)
        .where(CouponRow.id == coupon_id, CouponRow.state == "used")
        .values(state="available", used_at=None)
        .returning(CouponRow.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if restored is None:
        raise InvariantBroken("a redemption in force has a coupon that is not used")
