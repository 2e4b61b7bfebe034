"""Our two WeChat accounts, connected as the settings say; made once per process."""

from __future__ import annotations

from dataclasses import dataclass

from wxapp_backend.infra.wechat.client import ApiClient
from wxapp_backend.infra.wechat.inbox import CallbackKeys, Inbox
from wxapp_backend.infra.wechat.miniapp import MiniApp
from wxapp_backend.infra.wechat.official import OfficialAccount
from wxapp_backend.infra.wechat.shared import MemoryCache, RedisCache, SharedCache
from wxapp_backend.infra.wechat.tokens import Account
from wxapp_backend.infra.wechat.transport import Session
from wxapp_backend.settings import Settings, WeChatApp


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the features reach of WeChat.

    Attributes:
        cache: what all processes may know of WeChat for a while; nothing is lost with it.
    """

    mini_program: MiniApp
    official_account: OfficialAccount
    mini_program_inbox: Inbox
    official_account_inbox: Inbox
    cache: SharedCache


def connect(settings: Settings) -> Accounts:
    """Build both accounts over one pool of connections; nothing is called yet."""
    wechat = settings.wechat
    session = Session(
        wechat.base_url,
        wechat.mp_base_url,
        connect_seconds=wechat.connect_timeout_seconds,
        read_seconds=wechat.read_timeout_seconds,
    )
    cache: SharedCache = RedisCache.at(settings.redis.url) if settings.redis.url else MemoryCache()

    def client(app: WeChatApp) -> ApiClient:
        return ApiClient(Account(app.appid, app.secret), session, cache)

    mini, official = wechat.mini_program, wechat.official_account
    return Accounts(
        MiniApp(client(mini), env_version=mini.env_version),
        OfficialAccount(client(official)),
        Inbox(_keys(mini)),
        Inbox(_keys(official)),
        cache,
    )


def _keys(app: WeChatApp) -> CallbackKeys:
    return CallbackKeys(
        app.appid, app.token, app.encoding_aes_key, app.previous_aes_key, app.original_id
    )
