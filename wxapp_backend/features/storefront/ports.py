"""What the storefront needs from outside the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from wxapp_backend.drawing.decoder import ImageDecoder
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.storage import Storage
from wxapp_backend.infra.wechat.miniapp import LoginResult, Phone
from wxapp_backend.settings import Settings


class WeChatLogin(Protocol):
    """The part of the mini-program's WeChat that tells who somebody is; raises `WeChatError`."""

    def login(self, code: str) -> LoginResult:
        """Exchange wx.login's code."""

    def phone(self, code: str, openid: str | None = None) -> Phone:
        """Exchange the code of a getPhoneNumber button."""


@dataclass(frozen=True, slots=True)
class Front:
    """The storefront's collaborators."""

    db: Database
    settings: Settings
    wechat: WeChatLogin
    storage: Storage
    decoder: ImageDecoder
