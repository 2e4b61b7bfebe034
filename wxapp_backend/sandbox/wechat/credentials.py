"""Login of people and of servers: `jscode2session`, `token`, `stable_token`.

WeChat: 小程序登录凭证校验, 获取接口调用凭据, 获取稳定版接口调用凭据.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, Account, find_account
from wxapp_backend.sandbox.state.tokens import TooManyForces
from wxapp_backend.sandbox.wechat.call import ANY, POST, Answer, Call, Endpoint, OpenEndpoint
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.world import World


def _login(world: World, call: Call) -> Answer:
    """Exchange a `wx.login` code; every exchange makes a new session_key."""
    account = _authenticate(call.query, grant="authorization_code")
    code = call.query.get("js_code", "")
    if not code:
        raise Refusal(41008)
    owner = world.codes.owner("login", code, world.now())
    if account.kind != MINI_PROGRAM or owner is None:
        raise Refusal(40029)
    world.codes.use(code)
    person = world.people.find(owner)
    if person is None:
        raise Refusal(40029)
    person.session_key = base64.b64encode(secrets.token_bytes(16)).decode()
    return {
        "session_key": person.session_key,
        "openid": person.openids[MINI_PROGRAM],
        **world.unionid(MINI_PROGRAM, person),
    }


def _token(world: World, call: Call) -> Answer:
    account = _authenticate(call.query, grant="client_credential")
    _count(world, account, call)
    value, seconds = world.tokens.classic(account.kind, world.now())
    return {"access_token": value, "expires_in": seconds}


def _stable_token(world: World, call: Call) -> Answer:
    body = call.json()
    account = _authenticate(body, grant="client_credential")
    _count(world, account, call)
    try:
        value, seconds = world.tokens.stable(
            account.kind, world.now(), force=body.get("force_refresh") is True
        )
    except TooManyForces:
        raise Refusal(45009) from None
    return {"access_token": value, "expires_in": seconds}


def _authenticate(given: Mapping[str, object], *, grant: str) -> Account:
    """Check appid and secret in WeChat's order."""
    if not given.get("appid"):
        raise Refusal(41002)
    if not given.get("secret"):
        raise Refusal(41004)
    if given.get("grant_type") != grant:
        raise Refusal(40002)
    account = find_account(given["appid"])
    if account is None:
        raise Refusal(40013)
    if not hmac.compare_digest(str(given["secret"]).encode(), account.secret.encode()):
        raise Refusal(40125)
    return account


def _count(world: World, account: Account, call: Call) -> None:
    errcode = world.quotas.count(account.kind, call.path, world.now())
    if errcode is not None:
        raise Refusal(errcode)


ENDPOINTS: dict[str, Endpoint] = {
    "/sns/jscode2session": OpenEndpoint(_login, ANY),
    "/cgi-bin/token": OpenEndpoint(_token, ANY),
    "/cgi-bin/stable_token": OpenEndpoint(_stable_token, POST),
}
