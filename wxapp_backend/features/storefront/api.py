"""What the storefront's edges use of it."""

from __future__ import annotations

from wxapp_backend.features.storefront.ports import Front, WeChatLogin
from wxapp_backend.features.storefront.service.entering import enter
from wxapp_backend.features.storefront.service.facts import Me, export, me
from wxapp_backend.features.storefront.service.pictures import keep_avatar, read_avatar
from wxapp_backend.features.storefront.service.wechat import identify, verified_phone

__all__ = [
    "Front",
    "Me",
    "WeChatLogin",
    "enter",
    "export",
    "identify",
    "keep_avatar",
    "me",
    "read_avatar",
    "verified_phone",
]
