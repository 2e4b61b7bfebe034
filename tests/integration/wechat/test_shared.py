"""Both shared caches behave alike, and Redis may be away."""

import socket
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from tests.conftest import REDIS_URL
from wxapp_backend.infra.wechat.shared import MemoryCache, RedisCache, SharedCache


def _away() -> RedisCache:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        return RedisCache.at(f"redis://127.0.0.1:{nobody.getsockname()[1]}")


@pytest.fixture(params=["memory", "redis", "redis away"])
def cache(request: pytest.FixtureRequest) -> Iterator[SharedCache]:
    """Yield each kind of cache, empty."""
    if request.param == "memory":
        yield MemoryCache()
        return
    if request.param == "redis away":
        yield _away()
        return
    if not REDIS_URL:
        pytest.skip("this run has no Redis")
    prefix = f"yinjian-test:{uuid.uuid4().hex}:"
    with redis.Redis.from_url(REDIS_URL) as client:
        yield RedisCache(client, prefix)
        for key in client.scan_iter(prefix + "*"):
            client.delete(key)


def test_values_are_kept_and_replaced(cache: SharedCache) -> None:
    """What is set is got, Chinese included; what is not, is None."""
    assert cache.get("a") is None
    cache.set("a", "一", 60)
    cache.set("a", "二", 60)

    assert cache.get("a") == "二"
    assert cache.get("b") is None


def test_first_to_add_wins(cache: SharedCache) -> None:
    """Of eight rivals one gets the key."""
    barrier = threading.Barrier(8)

    def add(number: int) -> bool:
        barrier.wait()
        return cache.add("lock", str(number), 60)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(add, range(8))) == [False] * 7 + [True]


def test_only_the_owner_removes(cache: SharedCache) -> None:
    """A late owner cannot free its successor's lock."""
    cache.add("lock", "mine", 60)

    assert not cache.delete_if("lock", "theirs")
    assert cache.get("lock") == "mine"
    assert cache.delete_if("lock", "mine")
    assert not cache.delete_if("lock", "mine")
    assert cache.add("lock", "theirs", 60)


def test_memory_forgets_when_the_time_is_over() -> None:
    """A value lives as long as it was given, for every operation."""
    now = 100.0
    cache = MemoryCache(lambda: now)
    cache.set("a", "1", 5)
    cache.add("b", "1", 5)

    now = 105.0
    assert cache.get("a") is None
    assert not cache.delete_if("b", "1")
    assert cache.add("b", "2", 5)


def test_absence_of_redis_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """Each process then keeps its own copy, and says so once."""
    cache = _away()

    cache.set("a", "1", 60)

    assert cache.get("a") == "1"
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_redis_that_comes_back_is_used_again() -> None:
    """After a pause Redis is asked again; until then nobody waits for it."""
    now = 100.0
    client = _Flaky()
    cache = RedisCache(client, clock=lambda: now)
    cache.set("a", "1", 60)
    client.is_away = False

    assert cache.get("a") == "1"
    now += 5
    assert cache.get("a") == "from redis"


class _Flaky(redis.Redis):
    """A client whose server is away at first."""

    is_away = True

    def execute_command(self, *_args: object, **_options: object) -> bytes:
        """Fail, or answer the same to everything."""
        if self.is_away:
            raise redis.ConnectionError("away")
        return b"from redis"
