"""Operations a second over HTTP, against the same transaction in the same process without HTTP.

Server and bare process live at once on one database and take turns in shuffled blocks, so that a
machine which slows down slows both.
"""

from __future__ import annotations

import dataclasses
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251 # shuffles blocks, with a fixed seed

import orjson

from bench.client import Connections
from bench.operations import OPERATIONS, Call
from bench.shop import Shop, open_shop
from bench.table import Row

BLOCKS = 6
"""Blocks of each side and operation; the first of each only warms up."""

_READY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Plan:
    """How the application is served.

    Attributes:
        block: operations in one block.
    """

    name: str
    url: str
    processes: int
    threads: int
    block: int
    goal: float


def rows(plan: Plan) -> list[Row]:
    """Measure one way of serving."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        shop = open_shop(plan.url, Path(folder))
        port = _free_port()
        stack.enter_context(_running(_server(plan, folder, port)))
        bare = [
            stack.enter_context(_running(_bare(plan), pipes=True)) for _ in range(plan.processes)
        ]
        _wait_for(port)
        connections = Connections(port, plan.processes * plan.threads)
        stack.callback(connections.close)
        host = f"127.0.0.1:{port}"

        def over_http(_name: str, calls: Sequence[Call]) -> float:
            return connections.send_all([call.as_http(host) for call in calls])

        def without(name: str, calls: Sequence[Call]) -> float:
            return _hand_out(bare, name, calls)

        found = [_measure(plan, shop, name, over_http, without) for name in OPERATIONS]
        shop.assembly.db.engine.dispose()
    return found


def _measure(
    plan: Plan,
    shop: Shop,
    name: str,
    over_http: Callable[[str, Sequence[Call]], float],
    without: Callable[[str, Sequence[Call]], float],
) -> Row:
    sides = {"http": over_http, "bare": without}
    shuffler = Random(7)  # noqa: S311 # an order, not a secret
    rates: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(BLOCKS):
        for side in shuffler.sample(sorted(sides), len(sides)):
            calls = OPERATIONS[name].prepare(shop, plan.block)
            rates[side].append(plan.block / sides[side](name, calls))
    http, bare = (statistics.median(rates[side][1:]) for side in ("http", "bare"))
    return Row(
        f"{name}, {plan.name}",
        "same transaction without HTTP",
        http / bare,
        plan.goal,
        more_is_better=True,
        note=f"{http:.0f}/s against {bare:.0f}/s",
    )


def _hand_out(
    workers: Sequence[subprocess.Popen[bytes]], name: str, calls: Sequence[Call]
) -> float:
    """Give each process its share, and return the seconds of the slowest."""
    for number, worker in enumerate(workers):
        share = [dataclasses.asdict(call) for call in calls[number :: len(workers)]]
        assert worker.stdin is not None
        worker.stdin.write(orjson.dumps({"operation": name, "calls": share}) + b"\n")
        worker.stdin.flush()
    answers = [worker.stdout.readline() for worker in workers if worker.stdout is not None]
    return max(float(each) for each in answers)


def _server(plan: Plan, folder: str, port: int) -> list[str]:
    if plan.processes == 1:
        return ["bench.web", plan.url, folder, str(port), str(plan.threads)]
    return [
        "gunicorn",
        f"bench.web:make({plan.url!r}, {folder!r})",
        f"--bind=127.0.0.1:{port}",
        f"--workers={plan.processes}",
        f"--threads={plan.threads}",
        "--keep-alive=60",
        "--log-level=warning",
    ]


def _bare(plan: Plan) -> list[str]:
    return ["bench.direct", plan.url, str(plan.threads)]


@contextmanager
def _running(module: list[str], *, pipes: bool = False) -> Generator[subprocess.Popen[bytes]]:
    pipe = subprocess.PIPE if pipes else None
    with subprocess.Popen(  # noqa: S603 # our own interpreter and programs
        [sys.executable, "-m", *module], stdin=pipe, stdout=pipe
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")
