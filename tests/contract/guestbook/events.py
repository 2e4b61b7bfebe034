"""What happens in the guest book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWritten(DomainEvent):
    """A guest wrote something."""

    name: ClassVar[str] = "guestbook.entry.written"

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingDue(DomainEvent):
    """The entries are read aloud; from the timetable."""

    name: ClassVar[str] = "guestbook.reading.due"
