"""Codes that a phone hands to the mini-program: single use, five minutes."""

import secrets
from dataclasses import dataclass
from typing import Literal

Purpose = Literal["login", "phone"]
CODE_SECONDS = 300  # WeChat: wx.login and 手机号快速验证组件


@dataclass(frozen=True, slots=True)
class _Issued:
    purpose: Purpose
    person_id: str
    expires_at: float


class Codes:
    """The codes that are out; times are seconds since 1970."""

    def __init__(self) -> None:
        self._issued: dict[str, _Issued] = {}

    def issue(self, purpose: Purpose, person_id: str, now: float) -> str:
        """Make a code."""
        code = ("0" if purpose == "login" else "p") + secrets.token_urlsafe(30)[:31]
        self._issued[code] = _Issued(purpose, person_id, now + CODE_SECONDS)
        return code

    def owner(self, purpose: Purpose, code: object, now: float) -> str | None:
        """Tell whose unused, living code this is."""
        issued = self._issued.get(code) if isinstance(code, str) else None
        if issued is None or issued.purpose != purpose or issued.expires_at <= now:
            return None
        return issued.person_id

    def use(self, code: str) -> None:
        """Spend a code: it never works again."""
        self._issued.pop(code, None)
