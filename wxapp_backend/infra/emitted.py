"""Events of a transaction that is still open, and those who hear them within it."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Protocol

from wxapp_backend.kernel.events import DomainEvent

if TYPE_CHECKING:
    from wxapp_backend.infra.db import Tx


@dataclass(frozen=True, slots=True)
class Emitted:
    """An event of this transaction, and those who have already heard it in here."""

    event: DomainEvent
    payload: Mapping[str, Any]
    heard_by: list[str] = field(default_factory=list)


class Stage(Protocol):
    """Knows who hears an event, and writes events and deliveries; `infra.outbox` supplies it."""

    def hearers(self, event_name: str, /) -> Sequence[Hearer]:
        """Return those who hear this event inside the database, in their order."""

    def write(self, tx: Tx, emitted: Sequence[Emitted], /) -> Sequence[int]:
        """Write the events and their deliveries; return the ids of those still to be done."""


class Hearer(Protocol):
    """A subscriber whose work stays inside the database."""

    @property
    def name(self) -> str:
        """The name under which it subscribes."""

    def run(self, tx: Tx, payload: Mapping[str, Any], /) -> None:
        """Do its work."""


class FollowOnFailed(Exception):
    """Someone who heard an event within the transaction failed: the whole has to be undone.

    The cause is what was raised. Done without running on, each has a delivery of its own again.
    """


def payload_of(event: DomainEvent) -> dict[str, Any]:
    """Return the fields of an event, as they are stored."""
    return {name: getattr(event, name) for name in _fields_of(type(event))}  # type: ignore[arg-type] # a class can be hashed


@functools.cache
def _fields_of(event: type[DomainEvent]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(event))
