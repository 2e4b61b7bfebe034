"""What happened to coupons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponIssued(DomainEvent):
    """A person got a coupon; `cause` says for what."""

    name: ClassVar[str] = "coupons.coupon.issued"

    coupon_id: str
    person_id: str
    template_id: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponRedeemed(DomainEvent):
    """A coupon was used at a store, for the visit named."""

    name: ClassVar[str] = "coupons.coupon.redeemed"

    coupon_id: str
    redemption_id: str
    person_id: str
    store_id: str
    visit_id: str
    discount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionUndone(DomainEvent):
    """A redemption was undone in time: the coupon is usable again.

    `visit_cancelled` says whether the visit went with it; it stays if the till had reported it.
    """

    name: ClassVar[str] = "coupons.redemption.undone"

    redemption_id: str
    coupon_id: str
    person_id: str
    store_id: str
    visit_id: str
    visit_cancelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponVoided(DomainEvent):
    """A coupon was taken back before it was used."""

    name: ClassVar[str] = "coupons.coupon.voided"

    coupon_id: str
    person_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponExpiryDue(DomainEvent):
    """It is time to mark coupons that have had their time; from the timetable, or to go on."""

    name: ClassVar[str] = "coupons.expiry.due"
