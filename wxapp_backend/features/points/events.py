"""Events of the points ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsDue(DomainEvent):
    """It is time to release pending points and to expire lots; from the timetable, or to go on."""

    name: ClassVar[str] = "points.lots.due"
