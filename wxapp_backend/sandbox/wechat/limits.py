"""What is left of the day's calls, and starting anew.

WeChat: openApi管理; the two ways of clear_quota share ten calls a month.
"""

import hmac

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT, Account, find_account
from wxapp_backend.sandbox.state.quotas import A_MINUTE, ClearsUsedUp
from wxapp_backend.sandbox.wechat.call import (
    OK,
    POST,
    Answer,
    Call,
    Endpoint,
    OpenEndpoint,
    TokenEndpoint,
    text_of,
)
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.world import World

_MINUTE_SECONDS = 60


def _clear(world: World, call: Call, account: Account) -> Answer:
    if call.json().get("appid") != account.appid:
        raise Refusal(40013)
    return _cleared(world, account)


def _clear_by_secret(world: World, call: Call) -> Answer:
    """Do the same without a token, which may be out of reach when the quota is gone."""
    body = call.json()
    account = find_account(body.get("appid"))
    if account is None:
        raise Refusal(40013)
    if not hmac.compare_digest(text_of(body.get("appsecret")).encode(), account.secret.encode()):
        raise Refusal(40125)
    return _cleared(world, account)


def _cleared(world: World, account: Account) -> Answer:
    try:
        world.quotas.clear(account.kind, world.clock.now().strftime("%Y-%m"))
    except ClearsUsedUp:
        raise Refusal(48006) from None
    return OK


def _show(world: World, call: Call, account: Account) -> Answer:
    path = text_of(call.json().get("cgi_path"))
    if not path.startswith(("/cgi-bin/", "/wxa/", "/wxaapi/")):
        raise Refusal(76021)
    limit = world.quotas.limit(path)
    used = world.quotas.used(account.kind, path, world.now())
    answer: dict[str, object] = {
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": limit, "used": used, "remain": max(0, limit - used)},
    }
    if path in A_MINUTE:
        answer["rate_limit"] = {"call_count": A_MINUTE[path], "refresh_second": _MINUTE_SECONDS}
    return answer


_KINDS = frozenset({MINI_PROGRAM, OFFICIAL_ACCOUNT})
ENDPOINTS: dict[str, Endpoint] = {
    "/cgi-bin/clear_quota": TokenEndpoint(_clear, POST, _KINDS),
    "/cgi-bin/clear_quota/v2": OpenEndpoint(_clear_by_secret, POST),
    "/cgi-bin/openapi/quota/get": TokenEndpoint(_show, POST, _KINDS),
}
