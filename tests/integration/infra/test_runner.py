"""The two carriers of deliveries: threads of this process, and Dramatiq over Redis."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.conftest import REDIS_URL, FakeClock
from tests.integration.infra.test_outbox import BellRung
from wxapp_backend.infra import ticks
from wxapp_backend.infra.db import Collaborators, Database
from wxapp_backend.infra.outbox.claims import due
from wxapp_backend.infra.outbox.deliver import deliver
from wxapp_backend.infra.outbox.handlers import Handler, InTx
from wxapp_backend.infra.outbox.runner import Runner
from wxapp_backend.infra.outbox.stage import OutboxStage
from wxapp_backend.infra.queue import DeliveryQueue
from wxapp_backend.infra.ticks import Job

SUBSCRIBERS = {BellRung.name: ["tests.ring"]}
PATIENCE_SECONDS = 60.0


class Bell:
    """Counts what was delivered, and lets a test wait for it."""

    def __init__(self, wanted: int) -> None:
        self.doors: list[str] = []
        self.complete = threading.Event()
        self._wanted = wanted
        self.handlers: dict[str, Handler] = {
            "tests.ring": InTx(lambda _tx, payload: self._note(payload["door"]))
        }

    def _note(self, door: str) -> None:
        self.doors.append(door)
        if len(self.doors) >= self._wanted:
            self.complete.set()


def open_database(
    engine: Engine, clock: FakeClock, bell: Bell, carrier: Runner | DeliveryQueue
) -> Database:
    """Return a database whose commits give hints to the carrier."""
    stage = OutboxStage(SUBSCRIBERS, bell.handlers)
    return Database(engine, Collaborators(clock, stage, carrier.hint))


def ring(db: Database, doors: Sequence[str]) -> None:
    """Commit one event for each door."""
    for door in doors:
        db.run(lambda tx, door=door: tx.emit(BellRung(door=door)))  # type: ignore[misc] # bound now


def test_threads_deliver_what_is_committed(engine: Engine, clock: FakeClock) -> None:
    """A hint after each commit is enough; stopping lets what runs come to its end."""
    bell, runner = Bell(wanted=5), Runner(threads=3)
    db = open_database(engine, clock, bell, runner)
    runner.start(db, bell.handlers)

    ring(db, ["a", "b", "c", "d", "e"])

    assert bell.complete.wait(PATIENCE_SECONDS)
    runner.stop()
    assert sorted(bell.doors) == ["a", "b", "c", "d", "e"]


def test_threads_find_what_an_earlier_process_left(engine: Engine, clock: FakeClock) -> None:
    """Rows that were committed before a crash are delivered by the next process."""
    bell, runner = Bell(wanted=1), Runner(threads=1)
    db = open_database(engine, clock, bell, Runner(threads=1))
    ring(db, ["left behind"])

    runner.start(db, bell.handlers)

    assert bell.complete.wait(PATIENCE_SECONDS)
    runner.stop()
    assert bell.doors == ["left behind"]


@pytest.mark.skipif(not REDIS_URL, reason="TEST_REDIS_URL is not set")
def test_the_queue_carries_ids_to_a_worker(engine: Engine, clock: FakeClock) -> None:
    """A worker over Redis delivers what another process committed, once."""
    queue = DeliveryQueue(REDIS_URL, namespace=f"test-{uuid.uuid4().hex[:8]}")
    bell = Bell(wanted=3)
    db = open_database(engine, clock, bell, queue)
    worker = queue.worker(lambda each: deliver(db, bell.handlers, each), threads=2)
    worker.start()

    ring(db, ["a", "b", "c"])
    queue.sweep(db)  # ids that travel twice are harmless

    assert bell.complete.wait(PATIENCE_SECONDS)
    worker.stop()
    queue.forget()
    assert sorted(bell.doors) == ["a", "b", "c"]


def test_a_commit_stands_when_redis_is_away(engine: Engine, clock: FakeClock) -> None:
    """The hint fails, the rows wait for the sweep."""
    queue = DeliveryQueue("redis://127.0.0.1:1/0", namespace="test-away")
    bell = Bell(wanted=1)
    db = open_database(engine, clock, bell, queue)

    ring(db, ["kept"])

    assert deliver(db, bell.handlers, _only_delivery(db))
    assert bell.doors == ["kept"]


def _only_delivery(db: Database) -> int:
    [found] = due(db, limit=2)
    return found


def test_a_tick_is_staged_once_for_all_schedulers(engine: Engine, clock: FakeClock) -> None:
    """Two schedulers look at the same minute; the next minute is another tick."""
    bell = Bell(wanted=1)
    db = open_database(engine, clock, bell, Runner(threads=1))
    job = Job("tests.ring", timedelta(minutes=1), lambda: BellRung(door="tick"))

    assert [ticks.fire(db, job), ticks.fire(db, job)] == [True, False]
    clock.advance(minutes=1)
    assert ticks.fire(db, job) is True
