"""Base of domain events: facts in the past tense, immutable, JSON-ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainEvent:
    """A fact that has happened.

    Fields are ids and plain JSON values (str, int, bool, None, lists of them); instants are
    RFC 3339 strings.

    Attributes:
        name: `feature.noun.verb_past`, e.g. `points.entry.posted`; stored with the event, so
            renaming one is a migration.
        version: raised whenever a field's meaning changes.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
