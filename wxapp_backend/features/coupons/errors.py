"""Refusals around coupons, worded for the customer or the clerk who reads them."""

from __future__ import annotations

from wxapp_backend.kernel.errors import Conflict


class SoldOut(Conflict):
    """The template's stock is used up."""

    code = "sold_out"
    message = "来晚了一步，这张券已经领完了"


class CouponLimitReached(Conflict):
    """The person has got as many coupons of the template as one person may."""

    code = "coupon_limit_reached"
    message = "您已经领过这张券了，每人限领的数量已用完"


class CouponUsed(Conflict):
    """The coupon was redeemed before."""

    code = "coupon_used"
    message = "这张券已经用过了"


class CouponExpired(Conflict):
    """The coupon's time is over."""

    code = "coupon_expired"
    message = "这张券已经过期了"


class CouponVoid(Conflict):
    """The coupon was taken back, e.g. since the purchase behind it was refunded."""

    code = "coupon_void"
    message = "这张券已失效"


class CouponNotYetValid(Conflict):
    """The coupon cannot be used yet."""

    code = "coupon_not_yet_valid"
    message = "这张券还没到可用时间"


class CouponNotValidHere(Conflict):
    """The coupon belongs to other stores."""

    code = "coupon_not_valid_here"
    message = "这张券不能在本店使用"


class ThresholdNotMet(Conflict):
    """The order is smaller than the coupon asks for."""

    code = "threshold_not_met"
    message = "消费金额还没有达到这张券的使用门槛"


class UndoTooLate(Conflict):
    """The minutes in which a redemption can be undone are over."""

    code = "undo_too_late"
    message = "已超过可撤销的时间"


class AlreadyUndone(Conflict):
    """The redemption was undone before."""

    code = "already_undone"
    message = "这次核销已经撤销过了"


class OneCouponEach(Conflict):
    """The order has had a coupon."""

    code = "order_has_coupon"
    message = "这笔订单已经用过一张券了，每笔消费限用一张"
