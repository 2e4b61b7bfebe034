"""What a poster costs over HTTP, against drawing alone; and what a second web process brings.

Every request is a look at a poster that this server has not drawn yet: a nickname and a link never
seen, an avatar that is known; what stands on it is read from the database. Servers are processes of
their own, started as `bench.web`, and each has one client, which only sends prepared bytes: threads
of one process take turns at drawing. The machine may be shared, so the figures are CPU time of the
servers: what one poster takes of a core, and from that how many more posters two cores make with
two processes than one core with one. What the wall clock showed stands in the note.
"""

from __future__ import annotations

import itertools
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251 # shuffles blocks, with a fixed seed

from bench.client import Connections
from bench.posters import ROOT, Contenders, _face, _nickname
from bench.rates import _free_port, _running, _wait_for
from bench.shop import Shop, open_shop
from bench.table import Row
from wxapp_backend.drawing import get_template, normalise_avatar
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.posters import api as posters
from wxapp_backend.infra.db import Tx

ROUNDS = 10
"""Blocks of each side; the first `_WARM_UP` of each only warm up."""

BLOCK = 48
_WARM_UP = 2
_THREADS = 4
_CLIENTS = 1
_AVATARS = 2

COST_GOAL = 4.0

SCALE_GOAL = 1.8


@dataclass(frozen=True, slots=True)
class Taken:
    """What a block took: CPU seconds of the servers, and seconds on the wall."""

    cpu: float
    wall: float


class Customers:
    """People of a shop with a poster that no server has drawn, each good for one request."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._numbers = itertools.count(1)
        self._avatars = [f"avatars/{secrets.token_hex(16)}.jpg" for _ in range(_AVATARS)]
        for number, key in enumerate(self._avatars):
            shop.assembly.outside.storage.put(key, normalise_avatar(_face(number)))
        running = shop.assembly.db.read(campaigns.find_default)
        assert running is not None
        self._wish = posters.Wish(running.id, None, "qr", None)

    def requests(self, count: int) -> list[bytes]:
        """Return the requests of so many of them."""
        people = self._shop.assembly.db.run(lambda tx: list(self._people(tx, count)))
        renderer = posters.renderer_of(self._shop.assembly.parts)
        return [_request(renderer.make(person_id, self._wish).image_key) for person_id in people]

    def _people(self, tx: Tx, count: int) -> Iterator[str]:
        for number in itertools.islice(self._numbers, count):
            entered = identity.sign_in(
                tx, app="mini_program", openid=secrets.token_hex(14), unionid=None, days=30
            )
            change = identity.ProfileChange(frozenset({"nickname"}), nickname=_nickname(number))
            identity.update_profile(tx, entered.person.id, change)
            identity.set_avatar(tx, entered.person.id, self._avatars[number % _AVATARS])
            yield entered.person.id


def _request(image_key: str) -> bytes:
    return f"GET /media/posters/{image_key}.jpg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


class Servers:
    """Web processes on one database, each with connections of its own."""

    def __init__(self, stack: ExitStack, url: str, folder: str, count: int) -> None:
        self._pids: list[int] = []
        self._lines: list[Connections] = []
        for _ in range(count):
            port = _free_port()
            command = ["bench.web", url, folder, str(port), str(_THREADS)]
            self._pids.append(stack.enter_context(_running(command)).pid)
            _wait_for(port)
            self._lines.append(Connections(port, _CLIENTS))
            stack.callback(self._lines[-1].close)

    def make(self, requests: Sequence[bytes]) -> Taken:
        """Have the posters made, by all processes at once."""
        begun, clock = self._cpu_seconds(), time.perf_counter()
        with ThreadPoolExecutor(len(self._lines)) as pool:
            shares = [requests[number :: len(self._lines)] for number in range(len(self._lines))]
            list(pool.map(Connections.send_all, self._lines, shares))
        return Taken(self._cpu_seconds() - begun, time.perf_counter() - clock)

    def _cpu_seconds(self) -> float:
        """Return what all threads of all processes have computed; the kernel counts in ns."""
        tasks = (task for pid in self._pids for task in Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def rows(url: str = "") -> list[Row]:
    """Measure on SQLite, or on the database at `url`."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        where = url or f"sqlite:///{folder}/posters.db"
        shop = open_shop(where, Path(folder))
        stack.callback(shop.assembly.db.engine.dispose)
        one, two = (Servers(stack, where, folder, count) for count in (1, 2))
        taken = _measure(Customers(shop), one, two)
        name = shop.assembly.db.engine.dialect.name
    return [_cost(taken, name), _scale(taken, name)]


def _measure(customers: Customers, one: Servers, two: Servers) -> dict[str, Taken]:
    """Return what one poster took, by side: the median of the blocks."""
    template = get_template(ROOT, "new-customer-gift")
    size = (template.sizes[0].width, template.sizes[0].height)
    drawing = Contenders(template, size, itertools.count(1))

    def draw() -> Taken:
        begun, clock = time.process_time(), time.perf_counter()
        for _ in range(BLOCK):
            drawing.new_name()
        return Taken(time.process_time() - begun, time.perf_counter() - clock)

    sides = {
        "drawing": draw,
        "one": lambda: one.make(customers.requests(BLOCK)),
        "two": lambda: two.make(customers.requests(BLOCK)),
    }
    shuffler = Random(7)  # noqa: S311 # an order, not a secret
    found: dict[str, list[Taken]] = {side: [] for side in sides}
    for _ in range(ROUNDS):
        for side in shuffler.sample(sorted(sides), len(sides)):
            found[side].append(sides[side]())
    return {
        side: Taken(
            statistics.median(each.cpu for each in blocks[_WARM_UP:]) / BLOCK,
            statistics.median(each.wall for each in blocks[_WARM_UP:]) / BLOCK,
        )
        for side, blocks in found.items()
    }


def _cost(taken: dict[str, Taken], name: str) -> Row:
    one, drawing = taken["one"], taken["drawing"]
    note = f"CPU {one.cpu * 1e3:.2f} ms against {drawing.cpu * 1e3:.2f} ms"
    return Row(
        f"poster over HTTP, {name}", "drawing alone", one.cpu / drawing.cpu, COST_GOAL, note=note
    )


def _scale(taken: dict[str, Taken], name: str) -> Row:
    one, two = taken["one"], taken["two"]
    note = f"by CPU time; on the wall {1 / one.wall:.0f}/s and {1 / two.wall:.0f}/s"
    return Row(
        f"posters of two web processes, {name}",
        "one process",
        2 * one.cpu / two.cpu,
        SCALE_GOAL,
        more_is_better=True,
        note=note,
    )


def main() -> None:
    """Print the rows."""
    for row in rows():
        print(f"{row.what:45} {row.ratio:6.2f} {row.goal} {row.note}")


if __name__ == "__main__":
    main()
