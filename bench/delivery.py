"""From a paid visit to the staged message, against the same statements with nothing around them.

One friend's first visit becomes a qualified referral, a reward and a message: two transactions, in
one thread, on SQLite. Beside it a bare connection sends the
very statements that were recorded from a third copy of the same database.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251 # shuffles blocks, with a fixed seed

from bench.operations import OPERATIONS, Call
from bench.shop import Shop, environment, open_shop
from bench.statements import Statement, queries, recorded, replay
from bench.table import Row
from wxapp_backend.assembly import assemble
from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Collaborators, Database, Tx
from wxapp_backend.infra.engine import make_engine
from wxapp_backend.infra.outbox.claims import due
from wxapp_backend.infra.outbox.deliver import deliver
from wxapp_backend.infra.outbox.handlers import Handler, InTx
from wxapp_backend.infra.outbox.stage import OutboxStage
from wxapp_backend.settings import load_settings

BLOCKS = 8
FRIENDS = 5
"""Friends of one block."""

GOAL = 0.6


@dataclass(frozen=True, slots=True)
class Worker:
    """A database and those who listen inside it; nothing goes to the outside."""

    db: Database
    handlers: Mapping[str, Handler]
    hinted: list[int]
    """Deliveries that were committed and not yet carried out."""

    def follow(self, visit: Call) -> None:
        """Record the visit and deliver until nothing is left of what it leads to."""
        OPERATIONS["record a visit"].run(self.db, visit)
        while self.hinted:
            if not deliver(self.db, self.handlers, self.hinted.pop(0)):
                raise RuntimeError("a delivery failed")


def rows() -> list[Row]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shop = open_shop(f"sqlite:///{place}/base.db", place)
        visits = first_visits(shop, BLOCKS * FRIENDS)
        settle(shop)
        shop.assembly.db.engine.dispose()
        for name in ("recorded", "ours", "bare"):
            shutil.copy(place / "base.db", place / f"{name}.db")
        traces = _traces(place, visits)
        worker = _worker(place, "ours")
        bare = sqlite3.connect(place / "bare.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            bare.execute(f"PRAGMA {pragma}")
        ours, floor = _measure(worker, visits, bare, traces)
        bare.close()
        worker.db.engine.dispose()
    note = (
        f"{1 / ours[0]:.0f}/s against {1 / floor[0]:.0f}/s; CPU {ours[1] * 1e3:.1f} ms against "
        f"{floor[1] * 1e3:.1f} ms; {queries(traces[-1])} queries"
    )
    return [
        Row(
            "visit → reward → message staged",
            "same statements, bare driver",
            floor[0] / ours[0],
            GOAL,
            more_is_better=True,
            note=note,
        )
    ]


def _measure(
    worker: Worker,
    visits: Sequence[Call],
    bare: sqlite3.Connection,
    traces: Sequence[Sequence[Statement]],
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return wall and CPU seconds of one friend, ours and bare: medians of the blocks."""
    shuffler = Random(7)  # noqa: S311 # an order, not a secret
    sides: dict[str, Callable[[int], None]] = {
        "ours": lambda number: worker.follow(visits[number]),
        "bare": lambda number: replay(bare, traces[number]),
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    for block in range(BLOCKS):
        for name in shuffler.sample(sorted(sides), len(sides)):
            wall, cpu = time.perf_counter(), time.process_time()
            for number in range(block * FRIENDS, (block + 1) * FRIENDS):
                sides[name](number)
            spent = (time.perf_counter() - wall, time.process_time() - cpu)
            taken[name].append((spent[0] / FRIENDS, spent[1] / FRIENDS))
    ours, floor = (
        (
            statistics.median(wall for wall, _ in taken[name][1:]),
            statistics.median(cpu for _, cpu in taken[name][1:]),
        )
        for name in ("ours", "bare")
    )
    return ours, floor


def first_visits(shop: Shop, count: int) -> list[Call]:
    """Let so many friends claim, and return each one's first visit."""
    claims = OPERATIONS["claim"].prepare(shop, count)
    db = shop.assembly.db
    for call in claims:
        OPERATIONS["claim"].run(db, call)
    bodies = OPERATIONS["record a visit"].prepare(shop, count)

    def owner(tx: Tx, token: str) -> str:
        return identity.authenticate(tx, token).id

    friends = db.read(lambda tx: [owner(tx, call.token) for call in claims])
    return [
        Call(call.path, call.token, {**call.body, "customer": {"customer_id": friend}}, call.key)
        for call, friend in zip(bodies, friends, strict=True)
    ]


def settle(shop: Shop) -> None:
    """Deliver what the claims left, but for what goes to the outside."""
    worker = worker_at(str(shop.settings.database.url), Path("unused"))
    handlers = shop.assembly.handlers
    for each in due(worker.db, limit=100_000):
        if not deliver(worker.db, handlers, each):
            raise RuntimeError("a delivery failed")
    worker.db.engine.dispose()


def _traces(place: Path, visits: Sequence[Call]) -> list[list[Statement]]:
    """Return the statements that each visit comes to."""
    worker = _worker(place, "recorded")
    traces = []
    for visit in visits:
        with recorded(worker.db.engine) as seen:
            worker.follow(visit)
        traces.append(list(seen))
    worker.db.engine.dispose()
    return traces


def _worker(place: Path, name: str) -> Worker:
    return worker_at(f"sqlite:///{place}/{name}.db", place)


def worker_at(url: str, folder: Path) -> Worker:
    """Return a worker whose events reach those who stay inside the database."""
    settings = load_settings(environment(url, folder))
    inside = [each for each in assemble(settings).subscriptions if isinstance(each.handler, InTx)]
    handlers = {each.name: each.handler for each in inside}
    subscribers: dict[str, list[str]] = {}
    for each in inside:
        subscribers.setdefault(each.event.name, []).append(each.name)
    hinted: list[int] = []
    collaborators = Collaborators(
        system_clock,
        OutboxStage(subscribers, handlers),
        hinted.extend,
        settings.security.secret_key,
    )
    return Worker(Database(make_engine(url), collaborators), handlers, hinted)
