"""Events that are heard in the transaction that emits them: together, or each apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import Engine, select

from tests.conftest import FakeClock, Harness
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.claims import due
from wxapp_backend.infra.outbox.deliver import deliver
from wxapp_backend.infra.outbox.handlers import Effect, Handler, InTx, Payload
from wxapp_backend.infra.outbox.rows import DeliveryRow, EventRow
from wxapp_backend.infra.ticks import TickRow
from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(DomainEvent):
    """A door was opened."""

    name: ClassVar[str] = "tests.door.opened"

    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeted(DomainEvent):
    """Whoever came in was greeted."""

    name: ClassVar[str] = "tests.guest.greeted"

    door: str


class House:
    """A porter who greets when a door opens, and those who hear the greeting."""

    def __init__(self, engine: Engine, clock: FakeClock) -> None:
        self.calls: list[str] = []
        self.handlers: dict[str, Handler] = {"tests.porter": InTx(self._greet)}
        self.subscribers = {Opened.name: ["tests.porter"], Greeted.name: list[str]()}
        self.harness = Harness(engine, clock, self.subscribers, self.handlers)

    def hears_greeting(self, name: str, handler: Handler) -> None:
        """Let somebody hear greetings."""
        self.handlers[name] = handler
        self.subscribers[Greeted.name].append(name)

    def noting(self, name: str) -> InTx:
        """Return work that leaves a row."""
        return InTx(lambda tx, _payload: self.note(tx, name))

    def note(self, tx: Tx, name: str) -> None:
        """Leave a row under this name, once for ever."""
        self.calls.append(name)
        tx.session.add(TickRow(job=name, planned_at=tx.now))

    def open(self) -> Harness:
        """Open a door, and return what delivers that news."""
        self.harness.db.run(lambda tx: tx.emit(Opened(door="front")))
        return self.harness

    def _greet(self, tx: Tx, payload: Payload) -> None:
        self.note(tx, "porter")
        tx.emit(Greeted(door=payload["door"]))


@pytest.fixture
def house(engine: Engine, clock: FakeClock) -> House:
    """Return a house with a porter."""
    return House(engine, clock)


def states(harness: Harness) -> dict[str, str]:
    """Return what became of each subscriber's delivery."""
    return harness.db.read(
        lambda tx: {row.subscriber: row.state for row in tx.session.scalars(select(DeliveryRow))}
    )


def notes(harness: Harness) -> set[str]:
    """Return the names of the rows that were left."""
    return harness.db.read(lambda tx: set(tx.session.scalars(select(TickRow.job))))


def first(harness: Harness) -> int:
    """Return the only delivery that is due."""
    [found] = due(harness.db, limit=2)
    return found


def test_those_who_hear_work_in_the_same_transaction(house: House) -> None:
    """One delivery does the work of all, and each one's row says that it was done."""
    house.hears_greeting("tests.cook", house.noting("cook"))
    house.hears_greeting("tests.maid", house.noting("maid"))
    harness = house.open()

    assert deliver(harness.db, house.handlers, first(harness))

    assert states(harness) == dict.fromkeys(("tests.porter", "tests.cook", "tests.maid"), "done")
    assert notes(harness) == {"porter", "cook", "maid"}
    assert due(harness.db, limit=10) == []


def test_a_crash_undoes_all_of_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the commit nothing was done and nothing claimed; the next worker does it all."""
    house.hears_greeting("tests.cook", house.noting("cook"))
    harness = house.open()

    def die(_tx: Tx) -> None:
        raise KeyboardInterrupt

    delivery_id = first(harness)
    with monkeypatch.context() as patch:
        patch.setattr(Tx, "write_events", die)
        with pytest.raises(KeyboardInterrupt):
            deliver(harness.db, house.handlers, delivery_id)

    assert (states(harness), notes(harness)) == ({"tests.porter": "new"}, set())
    assert deliver(harness.db, house.handlers, first(harness))
    assert notes(harness) == {"porter", "cook"}


def failing(times: int, then: Callable[[Tx, Payload], None]) -> InTx:
    """Return work that fails so often before it is done."""
    left = [times]

    def run(tx: Tx, payload: Payload) -> None:
        then(tx, payload)
        left[0] -= 1
        if left[0] >= 0:
            raise LookupError

    return InTx(run)


def test_one_who_fails_holds_up_no_other(house: House) -> None:
    """The porter's work and the maid's stand; the cook's is undone and has its next attempt."""
    house.hears_greeting("tests.cook", failing(2, lambda tx, _: house.note(tx, "cook")))
    house.hears_greeting("tests.maid", house.noting("maid"))
    harness = house.open()

    assert harness.settle() == 2  # the porter, and the maid by a delivery of her own

    assert states(harness) == {"tests.porter": "done", "tests.cook": "new", "tests.maid": "done"}
    assert notes(harness) == {"porter", "maid"}
    row = harness.db.read(
        lambda tx: tx.session.scalars(
            select(DeliveryRow).where(DeliveryRow.subscriber == "tests.cook")
        ).one()
    )
    assert (row.attempts, row.last_error) == (1, "LookupError")


def test_a_call_outside_has_a_delivery_of_its_own(house: House) -> None:
    """Nothing outside is called while the transaction is open."""
    said: list[str] = []
    house.hears_greeting(
        "tests.bell",
        Effect(
            lambda _tx, payload: str(payload["door"]),
            said.append,
            lambda *_: None,
            unknown="repeat",
        ),
    )
    harness = house.open()

    assert deliver(harness.db, house.handlers, first(harness))
    assert (said, states(harness)["tests.bell"]) == ([], "new")

    assert harness.settle() == 1
    assert said == ["front"]


def test_who_hears_own_news_goes_on_later(house: House) -> None:
    """Work in batches emits its own event to go on: each batch is one short transaction."""

    def batch(tx: Tx, _payload: Payload) -> None:
        house.calls.append("batch")
        if len(house.calls) < 5:
            tx.emit(Greeted(door="back"))

    house.hears_greeting("tests.batch", InTx(batch))
    harness = house.harness
    harness.db.run(lambda tx: tx.emit(Greeted(door="back")))

    assert deliver(harness.db, house.handlers, first(harness))
    assert house.calls == ["batch"]
    assert harness.settle() == 4


def test_events_keep_the_order_in_which_they_were_emitted(house: House) -> None:
    """Many in one transaction are written in one statement, numbered as they came."""

    def emit_many(tx: Tx) -> None:
        for number in range(300):
            tx.emit(Opened(door=str(number)) if number % 3 else Greeted(door=str(number)))

    house.harness.db.run(emit_many)

    rows = house.harness.db.read(
        lambda tx: [
            (row.name, row.payload["door"])
            for row in tx.session.scalars(select(EventRow).order_by(EventRow.id))
        ]
    )
    assert rows == [(Opened.name if n % 3 else Greeted.name, str(n)) for n in range(300)]
