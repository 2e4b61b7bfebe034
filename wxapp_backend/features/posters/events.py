"""Events of posters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWanted(DomainEvent):
    """A poster needs a code that only WeChat can make; `kind` is one of `domain.CodeKind`."""

    name: ClassVar[str] = "posters.code.wanted"

    kind: str
    referral_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMade(DomainEvent):
    """WeChat has made the code; posters that went out with a plain QR can be re-made."""

    name: ClassVar[str] = "posters.code.made"

    kind: str
    referral_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalDue(DomainEvent):
    """It is time to look for codes that end soon; from the timetable."""

    name: ClassVar[str] = "posters.renewal.due"
