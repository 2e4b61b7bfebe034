"""What a subscriber may be: work inside the database, or a call to the outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.events import DomainEvent

Payload = Mapping[str, Any]
EventT = TypeVar("EventT", bound=DomainEvent)


@dataclass(frozen=True, slots=True)
class InTx:
    """A handler that only writes to the database: its writes and the mark commit together."""

    run: Callable[[Tx, Payload], None]


@dataclass(frozen=True, slots=True)
class Effect:
    """A handler that calls the outside world, in three steps; no transaction is open in the second.

    Attributes:
        prepare: reads what the call needs, in a transaction; None means there is nothing to call.
        call: calls out with what `prepare` returned. It raises to be tried again later
            (`TryLater` says when), or returns what happened, refusals included.
        record: writes what happened, in one transaction with the mark.
        unknown: what to do when a worker died during `call`: "repeat" the whole effect (the
            receiver drops duplicates), or "abandon": `record` is given None.
        lock_field: name of a payload field; deliveries that agree in it run one at a time.
        not_taken: undoes what `prepare` wrote when `call` raised `TryLater`, which says that the
            outside surely did nothing.
    """

    prepare: Callable[[Tx, Payload], Any]
    call: Callable[[Any], Any]
    record: Callable[[Tx, Payload, Any], None]
    unknown: Literal["repeat", "abandon"]
    lock_field: str | None = None
    not_taken: Callable[[Tx, Payload], None] | None = None


Handler = InTx | Effect


class TryLater(Exception):
    """The outside cannot answer now; try again after `seconds`, at the least."""

    def __init__(self, reason: str, *, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


class OutcomeUnknown(Exception):
    """The call may or may not have had its effect: the handler's `unknown` policy decides."""


def in_tx(event: type[EventT], run: Callable[[Tx, EventT], None]) -> InTx:
    """Return a handler that gives `run` the event again, as it was emitted."""
    return InTx(lambda tx, payload: run(tx, event(**payload)))
