"""Refusals of referrals."""

from __future__ import annotations

from wxapp_backend.kernel.errors import Conflict, NotFound


class UnknownReferralCode(NotFound):
    """The code belongs to nobody."""

    code = "unknown_referral_code"
    message = "没有找到这个推荐码，请核对后再试"


class SelfReferral(Conflict):
    """Referrer and friend are one person."""

    code = "self_referral"
    message = "这是你自己的推荐码，快把它分享给朋友吧"


class AlreadyReferred(Conflict):
    """The friend has a referrer already, who stays for life, or is one of the referrer's own."""

    code = "already_referred"
    message = "你已有推荐人，新客优惠每人只能领取一次"


class NotNewCustomer(Conflict):
    """The friend has been a paying customer before."""

    code = "not_new_customer"
    message = "这份优惠送给首次到店的新朋友，感谢你一直以来的光顾"
