"""A small cache that all processes of one installation share, in memory or in Redis."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.5
AWAY_SECONDS = 5.0


class SharedCache(Protocol):
    """What the token provider needs of a cache; values are text, times to live whole seconds."""

    def get(self, key: str) -> str | None:
        """Return the living value or None."""

    def set(self, key: str, value: str, ttl_seconds: int) -> None:
        """Store the value, replacing any other."""

    def add(self, key: str, value: str, ttl_seconds: int) -> bool:
        """Store the value if there is none; return whether it was stored. Atomic."""

    def delete_if(self, key: str, value: str) -> bool:
        """Remove the key if it still holds `value`; return whether it did. Atomic."""


class MemoryCache:
    """The shared cache of a single process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[str, float]] = {}

    def get(self, key: str) -> str | None:
        """Return the living value or None."""
        with self._lock:
            return self._living(key)

    def set(self, key: str, value: str, ttl_seconds: int) -> None:
        """Store the value, replacing any other."""
        with self._lock:
            self._entries[key] = (value, self._clock() + ttl_seconds)

    def add(self, key: str, value: str, ttl_seconds: int) -> bool:
        """Store the value if there is none."""
        with self._lock:
            if self._living(key) is not None:
                return False
            self._entries[key] = (value, self._clock() + ttl_seconds)
            return True

    def delete_if(self, key: str, value: str) -> bool:
        """Remove the key if it still holds `value`."""
        with self._lock:
            if self._living(key) != value:
                return False
            del self._entries[key]
            return True

    def _living(self, key: str) -> str | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry[1] <= self._clock():
            del self._entries[key]
            return None
        return entry[0]


# GET and DEL must not be torn apart, or a slow owner would free its successor's lock.
_DELETE_IF = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"


class RedisCache:
    """The shared cache of several processes.

    Open when Redis is away: each process then keeps its own copy. That is harmless for tokens,
    because WeChat's stable endpoint gives every process the same one.
    """

    def __init__(
        self,
        client: "redis.Redis",
        prefix: str = "wechat:",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = client
        self._prefix = prefix
        self._clock = clock
        self._own = MemoryCache(clock)
        self._away_until = 0.0

    @classmethod
    def at(cls, url: str, prefix: str = "wechat:") -> "RedisCache":
        """Return a cache at a Redis URL, with little patience: a token must not wait for it."""
        client = redis.Redis.from_url(
            url,
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        return cls(client, prefix)

    def get(self, key: str) -> str | None:
        """Return the living value or None."""
        value = self._ask(lambda: self._redis.get(self._prefix + key), lambda: self._own.get(key))
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else _text(value)

    def set(self, key: str, value: str, ttl_seconds: int) -> None:
        """Store the value, replacing any other."""
        self._ask(
            lambda: self._redis.set(self._prefix + key, value, ex=ttl_seconds),
            lambda: self._own.set(key, value, ttl_seconds),
        )

    def add(self, key: str, value: str, ttl_seconds: int) -> bool:
        """Store the value if there is none."""
        added = self._ask(
            lambda: self._redis.set(self._prefix + key, value, ex=ttl_seconds, nx=True),
            lambda: self._own.add(key, value, ttl_seconds),
        )
        return bool(added)

    def delete_if(self, key: str, value: str) -> bool:
        """Remove the key if it still holds `value`."""
        deleted = self._ask(
            lambda: self._redis.eval(_DELETE_IF, 1, self._prefix + key, value),
            lambda: self._own.delete_if(key, value),
        )
        return bool(deleted)

    def _ask(self, redis_call: Callable[[], object], own_call: Callable[[], object]) -> object:
        """Ask Redis, or our own copy while it is away; a pause spares every caller the time-out."""
        if self._clock() >= self._away_until:
            try:
                answer = redis_call()
            except redis.RedisError:
                if not self._away_until:
                    log.warning("redis is away; this process keeps its WeChat token by itself")
                self._away_until = self._clock() + AWAY_SECONDS
            else:
                self._away_until = 0.0
                return answer
        return own_call()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
