"""Deliveries against a real database: nothing lost, nothing twice, failures visible."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.pool import QueuePool

from tests.conftest import FakeClock, Harness
from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.outbox.claims import MAX_ATTEMPTS, due
from wxapp_backend.infra.outbox.deliver import Done, deliver
from wxapp_backend.infra.outbox.handlers import (
    Effect,
    Handler,
    InTx,
    OutcomeUnknown,
    Payload,
    TryLater,
)
from wxapp_backend.infra.outbox.rows import DeliveryRow
from wxapp_backend.infra.ticks import TickRow
from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRung(DomainEvent):
    """Something happened at a door."""

    name: ClassVar[str] = "tests.bell.rung"

    door: str


class Ringing:
    """A harness with one subscriber, and what the subscriber did."""

    def __init__(self, engine: Engine, clock: FakeClock) -> None:
        self.engine = engine
        self.clock = clock
        self.calls: list[str] = []
        self.use(InTx(self.note))

    def use(self, handler: Handler) -> None:
        """Subscribe `handler` in place of the earlier one."""
        subscribers = {BellRung.name: ["tests.ring"]}
        self.harness = Harness(self.engine, self.clock, subscribers, {"tests.ring": handler})

    @property
    def db(self) -> Database:
        """The database."""
        return self.harness.db

    def ring(self, door: str = "front") -> None:
        """Commit one event."""
        self.db.run(lambda tx: tx.emit(BellRung(door=door)))

    def note(self, tx: Tx, payload: Payload) -> None:
        """Leave a row that nothing else writes: one for each run."""
        self.calls.append(payload["door"])
        job = f"run-{len(self.calls)}-{payload['door']}"
        tx.session.add(TickRow(job=job, planned_at=tx.now))

    def rows(self) -> int:
        """Count the rows that handlers left."""
        return self.db.read(
            lambda tx: tx.session.scalar(select(func.count()).select_from(TickRow)) or 0
        )

    def delivery(self) -> DeliveryRow:
        """Return the only delivery as it stands."""
        return self.db.read(lambda tx: tx.session.scalars(select(DeliveryRow)).one())

    def make_due(self, **values: Any) -> None:
        """Let time pass for all deliveries: leases end and retries come."""
        past = system_clock() - timedelta(hours=1)
        self.db.run(
            lambda tx: tx.session.execute(
                update(DeliveryRow).values({"run_at": past, "lease_until": past} | values)
            )
        )


@pytest.fixture
def ringing(engine: Engine, clock: FakeClock) -> Ringing:
    """Return a bell with a subscriber."""
    return Ringing(engine, clock)


def test_an_event_is_delivered_once(ringing: Ringing) -> None:
    """What was done is done: a second look finds nothing due."""
    ringing.ring()

    assert ringing.harness.settle() == 1
    assert ringing.harness.settle() == 0
    assert (ringing.calls, ringing.rows(), ringing.delivery().state) == (["front"], 1, "done")


def test_rolled_back_work_sends_nothing(ringing: Ringing) -> None:
    """An event of a transaction that failed is never delivered."""

    def fail(tx: Tx) -> None:
        tx.emit(BellRung(door="front"))
        raise LookupError

    with pytest.raises(LookupError):
        ringing.db.run(fail)
    assert due(ringing.db, limit=10) == []


def test_a_failed_handler_leaves_no_half_work(ringing: Ringing) -> None:
    """What a handler wrote before it failed is undone, and the reason is kept."""

    def half(tx: Tx, payload: Payload) -> None:
        ringing.note(tx, payload)
        raise LookupError

    ringing.use(InTx(half))
    ringing.ring()

    assert ringing.harness.settle() == 0
    assert ringing.rows() == 0
    row = ringing.delivery()
    assert (row.state, row.attempts, row.last_error) == ("new", 1, "LookupError")
    assert row.run_at > system_clock() - timedelta(seconds=5)


def test_a_failed_delivery_succeeds_later(ringing: Ringing) -> None:
    """It is not due at once, and done when its time has come."""

    def refuse(_tx: Tx, _payload: Payload) -> None:
        raise TryLater("busy", seconds=60)

    ringing.use(InTx(refuse))
    ringing.ring()
    assert ringing.harness.settle() == 0
    assert due(ringing.db, limit=10) == []

    ringing.make_due()
    ringing.use(InTx(ringing.note))
    assert ringing.harness.settle() == 1
    assert ringing.delivery().attempts == 2


def test_a_hopeless_delivery_is_left_for_a_person(ringing: Ringing) -> None:
    """After the last attempt it is dead: visible, and never due again."""

    def refuse(_tx: Tx, _payload: Payload) -> None:
        raise LookupError

    ringing.use(InTx(refuse))
    ringing.ring()
    for _ in range(MAX_ATTEMPTS):
        ringing.make_due()
        assert ringing.harness.settle() == 0

    ringing.make_due()
    row = ringing.delivery()
    assert (row.state, row.attempts) == ("dead", MAX_ATTEMPTS)
    assert due(ringing.db, limit=10) == []


def test_an_effect_runs_with_no_transaction_open(ringing: Ringing) -> None:
    """A slow call outside holds neither a lock nor a connection."""
    pool = ringing.engine.pool
    assert isinstance(pool, QueuePool)
    seen: list[int] = []

    def call(_request: str) -> str:
        seen.append(pool.checkedout())
        return "told"

    ringing.use(
        Effect(
            lambda _tx, payload: str(payload["door"]),
            call,
            lambda tx, payload, outcome: ringing.note(tx, {**payload, "door": outcome}),
            unknown="abandon",
        )
    )
    ringing.ring()

    assert ringing.harness.settle() == 1
    assert (seen, ringing.calls) == ([0], ["told"])


def test_an_effect_with_nothing_to_call_is_done(ringing: Ringing) -> None:
    """`prepare` may find that the world has moved on."""

    def never(_request: object) -> None:
        raise AssertionError

    def nothing(_tx: Tx, _payload: Payload) -> None:
        return None

    ringing.use(Effect(nothing, never, lambda *_: None, unknown="repeat"))
    ringing.ring()

    assert ringing.harness.settle() == 1
    assert ringing.delivery().state == "done"


@pytest.mark.parametrize(("policy", "told"), [("repeat", ["front", "front"]), ("abandon", [None])])
def test_a_call_whose_end_is_unknown_follows_the_policy(
    ringing: Ringing, policy: Any, told: list[str | None]
) -> None:
    """A worker that dies while calling: the call is repeated, or given up and recorded as such."""
    recorded: list[str | None] = []
    calls: list[str] = []

    def call(request: str) -> str:
        calls.append(request)
        return request

    ringing.use(
        Effect(
            lambda _tx, payload: str(payload["door"]),
            call,
            lambda _tx, _payload, outcome: recorded.append(outcome),
            unknown=policy,
        )
    )
    ringing.ring()
    ringing.make_due(state="sending", attempts=1)
    if policy == "repeat":
        calls.append("front")  # the call of the worker that died

    assert ringing.harness.settle() == 1
    assert (calls or recorded) == told


def test_a_lost_answer_is_not_repeated_where_that_would_be_heard_twice(ringing: Ringing) -> None:
    """With `abandon` the call is made once, and recorded with an unknown end."""
    calls: list[str] = []
    recorded: list[object] = []

    def call(request: str) -> None:
        calls.append(request)
        raise OutcomeUnknown("time-out")

    ringing.use(
        Effect(
            lambda _tx, payload: str(payload["door"]),
            call,
            lambda _tx, _payload, outcome: recorded.append(outcome),
            unknown="abandon",
        )
    )
    ringing.ring()

    assert ringing.harness.settle() == 1
    assert (calls, recorded) == (["front"], [None])


def test_a_worker_that_wakes_up_late_changes_nothing(ringing: Ringing) -> None:
    """Who lost the lease is fenced off: its writes are undone, the other's stay."""

    def overtaken(tx: Tx, payload: Payload) -> None:
        ringing.note(tx, payload)
        tx.session.execute(update(DeliveryRow).values(fence=DeliveryRow.fence + 1))

    ringing.use(
        Effect(
            lambda _tx, payload: payload,
            lambda request: request,
            lambda tx, payload, _outcome: overtaken(tx, payload),
            unknown="repeat",
        )
    )
    ringing.ring()
    [delivery_id] = due(ringing.db, limit=10)

    assert not deliver(ringing.db, ringing.harness.handlers, delivery_id)
    assert ringing.rows() == 0


def test_deliveries_of_one_key_run_in_order(ringing: Ringing) -> None:
    """One person's messages stay in order; another's need not wait."""
    ringing.use(
        Effect(
            lambda _tx, payload: payload,
            lambda request: request,
            lambda tx, payload, _outcome: ringing.note(tx, payload),
            unknown="repeat",
            lock_field="door",
        )
    )
    for door in ("a", "a", "b"):
        ringing.ring(door)
    first, second, other = sorted(
        ringing.db.read(lambda tx: list(tx.session.scalars(select(DeliveryRow.id))))
    )
    handlers = ringing.harness.handlers

    assert not deliver(ringing.db, handlers, second)
    assert deliver(ringing.db, handlers, other) == Done("b")
    assert deliver(ringing.db, handlers, first) == Done("a")
    assert deliver(ringing.db, handlers, second) == Done("a")
    assert ringing.calls == ["b", "a", "a"]


def test_many_workers_deliver_each_event_once(ringing: Ringing) -> None:
    """Eight workers grab at the same twenty deliveries; each is carried out by one of them."""
    for number in range(20):
        ringing.ring(f"door-{number}")
    ids = due(ringing.db, limit=100)
    handlers = ringing.harness.handlers

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda each: bool(deliver(ringing.db, handlers, each)), ids * 4))

    assert sum(done) == 20
    assert sorted(ringing.calls) == sorted(f"door-{number}" for number in range(20))
    assert ringing.rows() == 20
