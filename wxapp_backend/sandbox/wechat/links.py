"""Links from outside WeChat into the mini-program.

WeChat: 获取加密 URLLink; at most 30 days, any number of people.
"""

import re
from collections.abc import Mapping

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, Account
from wxapp_backend.sandbox.wechat.call import POST, Answer, Call, Endpoint, TokenEndpoint, text_of
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.world import World

_QUERY = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~%]{0,1024}")
_ENVIRONMENTS = frozenset({"release", "trial", "develop"})
_BY_TIME, _BY_DAYS = 0, 1
_MINUTE_SECONDS, _DAY_SECONDS = 60, 86400
_LONGEST_DAYS = 30


def _url_link(world: World, call: Call, _account: Account) -> Answer:
    body = call.json()
    path, query = text_of(body.get("path")), text_of(body.get("query"))
    if path and (path.startswith("/") or path not in world.options.pages):
        raise Refusal(40165)
    if not _QUERY.fullmatch(query):
        raise Refusal(40212)
    if body.get("env_version", "release") not in _ENVIRONMENTS:
        raise Refusal(85402)
    link = world.links.add(
        path or world.options.pages[0], query, expires_at=_expires_at(body, world.now())
    )
    return {"errcode": 0, "errmsg": "ok", "url_link": link.url}


def _expires_at(body: Mapping[str, object], now: float) -> float:
    """Read the end of a link: an instant, or a number of days from now.

    Raises:
        Refusal: 85401, it is not between one minute and 30 days ahead.

    """
    kind = body.get("expire_type", _BY_TIME)
    given = body.get("expire_time" if kind == _BY_TIME else "expire_interval")
    if kind not in (_BY_TIME, _BY_DAYS) or not isinstance(given, int):
        raise Refusal(85401)
    ends_at = given if kind == _BY_TIME else now + given * _DAY_SECONDS
    if not _MINUTE_SECONDS <= ends_at - now <= _LONGEST_DAYS * _DAY_SECONDS:
        raise Refusal(85401)
    return ends_at


ENDPOINTS: dict[str, Endpoint] = {
    "/wxa/generate_urllink": TokenEndpoint(_url_link, POST, frozenset({MINI_PROGRAM})),
}
