"""What visits need from the outside."""

from __future__ import annotations

from typing import Literal, Protocol

Opinion = Literal["pass", "review", "risky", "unavailable"]
"""WeChat's judgement of a text; `unavailable`: it cannot judge this person's texts now (61010)."""


class TextCheck(Protocol):
    """Asks whether a text may be published (WeChat: msg_sec_check)."""

    def __call__(self, openid: str, text: str, /) -> Opinion:
        """Return the opinion; raise to be asked again soon."""
