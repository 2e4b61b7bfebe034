"""Refusals around visits."""

from __future__ import annotations

from wxapp_backend.kernel.errors import Conflict, NotFound, ValidationFailed


class UnknownOrder(NotFound):
    """No visit has this order number."""

    message = "没有找到这笔订单"


class OrderMismatch(ValidationFailed):
    """The order number was reported before, for another person, store or amount."""

    message = "这个单号已经登记过另一笔消费，请核对后再试"


class RefundMismatch(ValidationFailed):
    """The refund number was reported before with another amount."""

    message = "这个退款单号已经登记过另一个金额，请核对后再试"


class RefundTooLarge(ValidationFailed):
    """More would be refunded than was paid."""

    message = "退款金额超过了实付金额"


class UnknownCustomer(NotFound):
    """The till named a customer whom we do not know."""

    message = "没有找到这位顾客"


class AlreadyReviewed(Conflict):
    """The visit has a review."""

    code = "already_reviewed"
    message = "这次消费您已经评价过了，谢谢！"
