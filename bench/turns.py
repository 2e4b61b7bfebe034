"""CPU time of one call of several ways of doing a thing, taken in shuffled blocks."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from random import Random  # noqa: TID251 # shuffles blocks, with a fixed seed

ROUNDS = 30
BLOCK = 10
_WARM_UP = 20


def calls_of_each() -> int:
    """Return how often `cpu_seconds` calls each way."""
    return _WARM_UP + ROUNDS * BLOCK


def cpu_seconds(ways: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return the CPU seconds of one call by name: the median of the blocks.

    Every round runs a block of each way in a fresh order, all in this one thread.
    """
    shuffler = Random(7)  # noqa: S311 # an order, not a secret
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        for _ in range(_WARM_UP):
            way()
    gc.collect()
    for _ in range(ROUNDS):
        for name in shuffler.sample(sorted(ways), len(ways)):
            way = ways[name]
            begun = time.process_time_ns()
            for _ in range(BLOCK):
                way()
            taken[name].append((time.process_time_ns() - begun) / BLOCK / 1e9)
    return {name: statistics.median(times) for name, times in taken.items()}
