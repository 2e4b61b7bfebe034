"""Rate limits per address and per caller, in memory or in Redis.

When Redis is away requests pass: a limit protects the shop's comfort, not its money.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

from limits import RateLimitItemPerSecond
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

Kind = Literal["address", "caller"]
Hit = Callable[[Kind, str], bool]
"""Counts one request of a kind and a name, unless that is one too many; then returns False."""

_WINDOW_SECONDS = 1.0

log = logging.getLogger(__name__)


class Limiter:
    """Counts requests in moving windows of one second."""

    def __init__(self, *, redis_url: str, per_address: int, per_caller: int) -> None:
        allowed: dict[Kind, int] = {"address": per_address, "caller": per_caller}
        self._hit = _in_redis(redis_url, allowed) if redis_url else MemoryWindows(allowed).hit

    def allow(self, kind: Kind, who: str) -> bool:
        """Count one request of `who`, and say whether it is within the limit of its kind."""
        try:
            return self._hit(kind, who)
        except Exception:  # noqa: BLE001 # whatever ails the storage, the shop goes on
            log.warning("rate limits are away; requests pass")
            return True


class MemoryWindows:
    """Moving windows in this process; who was not here for a second is forgotten."""

    def __init__(self, allowed: dict[Kind, int], now: Callable[[], float] = time.monotonic) -> None:
        self._allowed = allowed
        self._now = now
        self._lock = threading.Lock()
        self._seen: dict[tuple[Kind, str], deque[float]] = {}
        self._sweep_at = 0.0

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._seen)

    def hit(self, kind: Kind, who: str) -> bool:
        """Count one request unless the window is full, and return whether it was not."""
        with self._lock:
            now = self._now()
            if now >= self._sweep_at:
                self._forget(now - _WINDOW_SECONDS)
                self._sweep_at = now + _WINDOW_SECONDS
            times = self._seen.setdefault((kind, who), deque())
            while times and times[0] <= now - _WINDOW_SECONDS:
                times.popleft()
            if len(times) >= self._allowed[kind]:
                return False
            times.append(now)
            return True

    def _forget(self, before: float) -> None:
        gone = [name for name, times in self._seen.items() if times[-1] <= before]
        for name in gone:
            del self._seen[name]


def _in_redis(url: str, allowed: dict[Kind, int]) -> Hit:
    storage = storage_from_string(url)
    assert isinstance(storage, Storage)
    strategy = MovingWindowRateLimiter(storage)
    items = {kind: RateLimitItemPerSecond(limit) for kind, limit in allowed.items()}
    return lambda kind, who: strategy.hit(items[kind], kind, who)
