"""One token serves all, is fetched once, and never asked for without end."""

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from tests.conftest import REDIS_URL
from tests.integration.wechat.conftest import ACCOUNT, SECRET
from tests.integration.wechat.server import TOKEN_PATH, Answer, Asked, WeChatServer, answer
from wxapp_backend.infra.wechat.client import ApiClient
from wxapp_backend.infra.wechat.errors import (
    NotConfigured,
    RateLimited,
    TokenRejected,
    Unavailable,
    WeChatError,
)
from wxapp_backend.infra.wechat.shared import MemoryCache, RedisCache
from wxapp_backend.infra.wechat.tokens import Account, TokenProvider
from wxapp_backend.infra.wechat.transport import Session


class Clock:
    """A clock in seconds that tests move."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        """Return the instant it stands at."""
        return self.now


def _slow(wechat: WeChatServer) -> None:
    ordinary = wechat.scripts[TOKEN_PATH]

    def script(asked: Asked) -> Answer:
        time.sleep(0.1)  # long enough for every rival to arrive
        return ordinary(asked)

    wechat.script(TOKEN_PATH, script)


def _together(count: int, work: Callable[[], str]) -> list[str]:
    barrier = threading.Barrier(count)

    def start(_: int) -> str:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(start, range(count)))


def test_eight_cold_threads_fetch_one_token(wechat: WeChatServer, api: ApiClient) -> None:
    """All wait for the one fetch and use its token."""
    _slow(wechat)

    assert _together(8, api.tokens.get) == [wechat.token] * 8
    assert len(wechat.calls(TOKEN_PATH)) == 1


def test_eight_clients_of_one_cache_fetch_one_token(wechat: WeChatServer, session: Session) -> None:
    """The lock is in the cache, so processes exclude each other as threads do."""
    _slow(wechat)
    cache = MemoryCache()
    clients = iter([ApiClient(ACCOUNT, session, cache) for _ in range(8)])

    def get() -> str:
        return next(clients).tokens.get()

    assert _together(8, get) == [wechat.token] * 8
    assert len(wechat.calls(TOKEN_PATH)) == 1


@pytest.mark.skipif(not REDIS_URL, reason="this run has no Redis")
def test_eight_clients_over_redis_fetch_one_token(wechat: WeChatServer, session: Session) -> None:
    """The same holds for processes that share nothing but Redis."""
    _slow(wechat)
    prefix = f"yinjian-test:{uuid.uuid4().hex}:"
    clients = iter(
        [ApiClient(ACCOUNT, session, RedisCache.at(REDIS_URL, prefix)) for _ in range(8)]
    )

    def get() -> str:
        return next(clients).tokens.get()

    assert _together(8, get) == [wechat.token] * 8
    assert len(wechat.calls(TOKEN_PATH)) == 1
    with redis.Redis.from_url(REDIS_URL) as client:
        assert list(client.scan_iter(prefix + "*:lock")) == []
        client.delete(*client.scan_iter(prefix + "*"))


def test_secret_travels_in_the_body_of_a_stable_request(
    wechat: WeChatServer, api: ApiClient
) -> None:
    """The normal mode is asked first, and no URL carries the secret."""
    api.tokens.get()

    (asked,) = wechat.calls(TOKEN_PATH)
    assert asked.query == {}
    assert asked.json == {
        "grant_type": "client_credential",
        "appid": ACCOUNT.appid,
        "secret": SECRET,
        "force_refresh": False,
    }


def test_token_is_renewed_shortly_before_its_end(wechat: WeChatServer, session: Session) -> None:
    """With less than two minutes left it is asked for again, not before."""
    clock = Clock()
    cache = MemoryCache(clock)
    tokens = ApiClient(ACCOUNT, session, cache, clock=clock).tokens
    tokens.get()

    clock.now += 7200 - 121
    tokens.get()
    assert len(wechat.calls(TOKEN_PATH)) == 1
    clock.now += 2
    tokens.get()
    assert len(wechat.calls(TOKEN_PATH)) == 2


def test_old_token_serves_while_another_process_renews(
    wechat: WeChatServer, session: Session
) -> None:
    """Nobody waits for a renewal while the old token is honoured."""
    clock = Clock()
    cache = MemoryCache(clock)
    tokens = ApiClient(ACCOUNT, session, cache, clock=clock).tokens
    first = tokens.get()
    clock.now += 7200 - 60
    cache.set(f"token:{ACCOUNT.appid}:lock", "another", 10)

    assert tokens.get() == first
    assert len(wechat.calls(TOKEN_PATH)) == 1


def test_waiting_for_another_process_ends(api: ApiClient) -> None:
    """A lock that stays taken costs five seconds at most, then a clean refusal."""
    cache = MemoryCache()
    cache.set(f"token:{ACCOUNT.appid}:lock", "another", 3600)
    pauses: list[float] = []
    tokens = TokenProvider(ACCOUNT, api, cache, sleep=pauses.append)

    with pytest.raises(Unavailable):
        tokens.get()

    assert sum(pauses) == pytest.approx(5.0, abs=0.1)


def test_rejected_token_is_replaced_by_the_shared_newer_one(
    wechat: WeChatServer, api: ApiClient
) -> None:
    """If another process has renewed meanwhile, nothing is fetched."""
    newer = api.tokens.get()

    assert api.tokens.invalidate("the old one") == newer
    assert len(wechat.calls(TOKEN_PATH)) == 1


def test_stubborn_token_is_forced_once_then_refused(wechat: WeChatServer, api: ApiClient) -> None:
    """The normal mode comes first; force follows, and not again within half a minute."""
    first = api.tokens.get()

    second = api.tokens.invalidate(first)
    with pytest.raises(TokenRejected):
        api.tokens.invalidate(second)

    assert first != second
    assert [asked.json["force_refresh"] for asked in wechat.calls(TOKEN_PATH)] == [
        False,
        False,
        True,
        False,
    ]


def test_force_is_rationed_by_the_day(wechat: WeChatServer, session: Session) -> None:
    """Fifteen forced refreshes a day leave WeChat's last five to people."""
    clock = Clock()
    tokens = ApiClient(ACCOUNT, session, MemoryCache(clock), clock=clock).tokens
    token = tokens.get()
    refused = 0
    for _ in range(18):
        clock.now += 32
        try:
            token = tokens.invalidate(token)
        except TokenRejected:
            refused += 1

    assert (wechat.forced, refused) == (15, 3)


def test_eight_threads_with_a_rejected_token_force_once(
    wechat: WeChatServer, api: ApiClient
) -> None:
    """One owner replaces the token, the others take what it brings."""
    first = api.tokens.get()
    _slow(wechat)

    found = _together(8, lambda: api.tokens.invalidate(first))

    assert set(found) == {wechat.token}
    assert wechat.forced == 1


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(errcode=40125, errmsg="invalid appsecret rid: 1-2-3"), NotConfigured),
        (answer(errcode=40001, errmsg="invalid credential"), NotConfigured),
        (answer(errcode=40164, errmsg="invalid ip 1.2.3.4, not in whitelist"), NotConfigured),
        (answer(errcode=45009, errmsg="reach max api daily quota limit"), RateLimited),
        (answer(errcode=-1, errmsg="system error"), Unavailable),
        (answer(access_token="", expires_in=7200), Unavailable),
        (answer(access_token="T\nT", expires_in=7200), Unavailable),
        (answer(access_token="T" * 3000, expires_in=7200), Unavailable),
        (answer(access_token=["T"], expires_in=7200), Unavailable),
        (answer(access_token="T", expires_in="7200"), Unavailable),
        (answer(access_token="T", expires_in=0), Unavailable),
        (answer(access_token="T"), Unavailable),
        (answer(errcode="abc", errmsg="x"), Unavailable),
        (answer([1, 2]), Unavailable),
        (Answer(b""), Unavailable),
        (Answer(b"<html>gateway</html>"), Unavailable),
        (Answer(b"x" * 1024 * 1024), Unavailable),
        (Answer(b"[" * 100_000), Unavailable),
        (Answer(b"bad", status=502), Unavailable),
        (Answer(b"bad", status=404), NotConfigured),
        (Answer(b"{}", status=302, headers={"Location": "http://127.0.0.1:1/"}), Unavailable),
        (Answer(b'{"access_token":"T","expires_in":7200}', is_cut=True), Unavailable),
    ],
)
def test_every_failure_of_the_endpoint_is_ours(
    wechat: WeChatServer, api: ApiClient, given: Answer, kind: type[WeChatError]
) -> None:
    """Whatever comes back, one of our errors leaves, without the secret."""
    wechat.script(TOKEN_PATH, given)

    with pytest.raises(WeChatError) as caught:
        api.tokens.get()

    assert type(caught.value) is kind
    assert SECRET not in f"{caught.value!s}{caught.value!r}"


def test_failure_is_shared_by_those_who_waited(wechat: WeChatServer, api: ApiClient) -> None:
    """Eight callers meet a wrong secret with one call, not with eight."""
    wechat.script(TOKEN_PATH, answer(errcode=40125, errmsg="invalid appsecret"))

    def failing() -> str:
        with pytest.raises(NotConfigured) as caught:
            api.tokens.get()
        return str(caught.value)

    assert len(set(_together(8, failing))) == 1
    assert len(wechat.calls(TOKEN_PATH)) == 1


@pytest.mark.parametrize("damage", ["", "{", "[]", "[1,2]", '["T"]', '["T","x"]', "null", "5"])
def test_damaged_cache_entry_counts_as_none(
    wechat: WeChatServer, session: Session, damage: str
) -> None:
    """Whatever stands in the cache, a token is fetched."""
    cache = MemoryCache()
    for name in ("token", "failure"):
        cache.set(f"token:{ACCOUNT.appid}:{name}", damage, 60)

    assert ApiClient(ACCOUNT, session, cache).tokens.get() == wechat.token


def test_slow_endpoint_is_given_up(wechat: WeChatServer, hasty: ApiClient) -> None:
    """The token call has a time limit too."""
    wechat.script(TOKEN_PATH, Answer(b"{}", pause=3))

    with pytest.raises(Unavailable):  # waited for, it would have been an answer
        hasty.tokens.invalidate(hasty.tokens.get())


def test_account_needs_both_of_its_parts() -> None:
    """An account without appid or secret is refused, and its text hides the secret."""
    with pytest.raises(NotConfigured):
        Account("", "x")
    with pytest.raises(NotConfigured):
        Account("wx1", "")
    assert SECRET not in repr(ACCOUNT)
