"""What posters need of WeChat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanCode:
    """A code of the official account: the text to draw, and how long it lives."""

    url: str
    seconds: int


@dataclass(frozen=True, slots=True)
class CodeMaker:
    """Makes codes for a scene; both calls go to WeChat.

    Attributes:
        mini_program: returns the picture of a mini-program code; permanent.
        official_account: returns a scene code of the official account; at most 30 days.
    """

    mini_program: Callable[[str], bytes]
    official_account: Callable[[str], ScanCode]
