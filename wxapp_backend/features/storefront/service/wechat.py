"""Asking WeChat who somebody is, with its refusals turned into ours."""

from __future__ import annotations

import logging

from wxapp_backend.features.storefront.errors import (
    HeldByWeChat,
    LoginRefused,
    PhoneCodeRefused,
    WeChatAway,
)
from wxapp_backend.features.storefront.ports import WeChatLogin
from wxapp_backend.infra.wechat.errors import BadInput, PersonBlocked, WeChatError
from wxapp_backend.infra.wechat.miniapp import LoginResult
from wxapp_backend.kernel.errors import AppError

log = logging.getLogger(__name__)


def identify(wechat: WeChatLogin, code: str) -> LoginResult:
    """Return whom wx.login's code stands for.

    Raises:
        LoginRefused: the code is wrong, used or old.
        HeldByWeChat: WeChat holds the person back.
        WeChatAway: WeChat cannot tell now.
    """
    try:
        return wechat.login(code)
    except BadInput as error:
        raise LoginRefused from error
    except WeChatError as error:
        raise _translated(error) from error


def verified_phone(wechat: WeChatLogin, code: str, openid: str | None) -> str:
    """Return the phone number that WeChat verified, in E.164 form.

    Raises:
        PhoneCodeRefused: the code is wrong, used, old or another person's.
        HeldByWeChat: WeChat holds the person back.
        WeChatAway: WeChat cannot tell now.
    """
    try:
        phone = wechat.phone(code, openid)
    except BadInput as error:
        raise PhoneCodeRefused from error
    except WeChatError as error:
        raise _translated(error) from error
    return f"+{phone.country_code.lstrip('+')}{phone.number}"


def _translated(error: WeChatError) -> AppError:
    if isinstance(error, PersonBlocked):
        return HeldByWeChat()
    log.warning(
        "WeChat cannot tell who it is", extra={"kind": type(error).__name__, "code": error.code}
    )
    return WeChatAway(error.wait_seconds)
