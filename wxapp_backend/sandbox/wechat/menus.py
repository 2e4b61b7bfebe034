"""The official account's menu.

WeChat: 创建自定义菜单.
"""

import re
from collections.abc import Mapping

from wxapp_backend.sandbox.accounts import OFFICIAL_ACCOUNT, Account
from wxapp_backend.sandbox.wechat.call import (
    GET,
    OK,
    POST,
    Answer,
    Call,
    Endpoint,
    TokenEndpoint,
    text_of,
)
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.world import World

_MOST_BUTTONS, _MOST_SUB_BUTTONS = 3, 5
_LONGEST_NAME_BYTES, _LONGEST_SUB_NAME_BYTES = 16, 60
_LONGEST_KEY_BYTES, _LONGEST_URL_BYTES = 128, 1024
_KEYED = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
_LINKED = frozenset({"view", "miniprogram"})
_ESCAPE = re.compile(rb"\\u[0-9a-fA-F]{4}")


def _create(world: World, call: Call, _account: Account) -> Answer:
    if _ESCAPE.search(call.body):
        raise Refusal(40033)
    buttons = call.json().get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= _MOST_BUTTONS:
        raise Refusal(40016)
    world.menu = [_button(one) for one in buttons]
    return OK


def _button(given: object) -> dict[str, object]:
    """Check one button of the bar."""
    if not isinstance(given, dict):
        raise Refusal(47001)
    _check_name(given, _LONGEST_NAME_BYTES, 40018)
    inner = given.get("sub_button")
    if not inner:
        _check_action(given)
        return {**given, "sub_button": []}
    if not isinstance(inner, list) or len(inner) > _MOST_SUB_BUTTONS:
        raise Refusal(40023)
    for one in inner:
        if not isinstance(one, dict):
            raise Refusal(47001)
        _check_name(one, _LONGEST_SUB_NAME_BYTES, 40025)
        _check_action(one)
    return dict(given)


def _check_name(button: Mapping[str, object], longest: int, errcode: int) -> None:
    if not 1 <= len(text_of(button.get("name")).encode()) <= longest:
        raise Refusal(errcode)


def _check_action(button: Mapping[str, object]) -> None:
    kind = button.get("type")
    if kind in _KEYED:
        if not 1 <= len(text_of(button.get("key")).encode()) <= _LONGEST_KEY_BYTES:
            raise Refusal(40019)
    elif kind in _LINKED:
        if not 1 <= len(text_of(button.get("url")).encode()) <= _LONGEST_URL_BYTES:
            raise Refusal(40020)
        if kind == "miniprogram" and not (button.get("appid") and button.get("pagepath")):
            raise Refusal(40013 if not button.get("appid") else 40066)
    else:
        raise Refusal(40017)


def _get(world: World, _call: Call, _account: Account) -> Answer:
    if not world.menu:
        raise Refusal(46003)
    return {"menu": {"button": world.menu}}


def _delete(world: World, _call: Call, _account: Account) -> Answer:
    world.menu = []
    return OK


_OFFICIAL = frozenset({OFFICIAL_ACCOUNT})
ENDPOINTS: dict[str, Endpoint] = {
    "/cgi-bin/menu/create": TokenEndpoint(_create, POST, _OFFICIAL),
    "/cgi-bin/menu/get": TokenEndpoint(_get, GET, _OFFICIAL),
    "/cgi-bin/menu/delete": TokenEndpoint(_delete, GET, _OFFICIAL),
}
