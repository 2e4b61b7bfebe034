"""Fixtures: a scripted WeChat, and our client of it."""

from collections.abc import Iterator

import pytest

from tests.integration.wechat.server import WeChatServer, running
from wxapp_backend.infra.wechat.client import ApiClient
from wxapp_backend.infra.wechat.miniapp import MiniApp
from wxapp_backend.infra.wechat.official import OfficialAccount
from wxapp_backend.infra.wechat.tokens import Account
from wxapp_backend.infra.wechat.transport import Session

SECRET = "TOPSECRET0123456789abcdef0123456"
ACCOUNT = Account("wx0123456789abcdef", SECRET)


@pytest.fixture
def wechat() -> Iterator[WeChatServer]:
    """Yield a WeChat whose answers the test dictates."""
    with running() as server:
        yield server


@pytest.fixture
def session(wechat: WeChatServer) -> Iterator[Session]:
    """Yield a session that finds that WeChat, patient enough for a busy machine."""
    with Session(wechat.url, wechat.url, connect_seconds=5, read_seconds=5) as session:
        yield session


@pytest.fixture
def api(session: Session) -> ApiClient:
    """Return a client with a cache of its own."""
    return ApiClient(ACCOUNT, session)


@pytest.fixture
def hasty(wechat: WeChatServer, api: ApiClient) -> Iterator[ApiClient]:
    """Yield a client that soon gives up and has its token already."""
    api.tokens.get()
    with Session(wechat.url, wechat.url, connect_seconds=0.3, read_seconds=0.3) as session:
        yield ApiClient(ACCOUNT, session, api.cache)


@pytest.fixture
def mini(api: ApiClient) -> MiniApp:
    """Return the mini-program's side."""
    return MiniApp(api)


@pytest.fixture
def official(api: ApiClient) -> OfficialAccount:
    """Return the official account's side."""
    return OfficialAccount(api)
