"""Codes that people scan: the mini-program's and the official account's.

WeChat: 获取不限制的小程序码, 生成带参数的二维码.
"""

import re
from collections.abc import Mapping
from functools import partial

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT, Account
from wxapp_backend.sandbox.pictures.codes import Colour, draw_plain, draw_round
from wxapp_backend.sandbox.wechat.call import (
    GET,
    POST,
    Answer,
    Call,
    Endpoint,
    OpenEndpoint,
    Picture,
    Sketch,
    TokenEndpoint,
    text_of,
)
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.world import World

_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]*")
_LONGEST_SCENE = 32
_NARROWEST, _DEFAULT_WIDTH, _WIDEST = 280, 430, 1280
_ENVIRONMENTS = frozenset({"release", "trial", "develop"})
_DEFAULT_EXPIRE, _LONGEST_EXPIRE = 60, 2_592_000
_LONGEST_SCENE_STR = 64
_LARGEST_SCENE_ID, _LARGEST_LIMIT_ID = 2**32 - 1, 100_000
_ACTIONS = frozenset({"QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"})
_LARGEST_CHANNEL = 255


def _mini_program_code(world: World, call: Call, _account: Account) -> Sketch:
    body = call.json(otherwise=40169)
    scene = text_of(body.get("scene"))
    if not 1 <= len(scene) <= _LONGEST_SCENE:
        raise Refusal(40169)
    if not _SCENE.fullmatch(scene):
        raise Refusal(40129)
    if "scancode_time" in scene:
        raise Refusal(85096)
    if body.get("env_version", "release") not in _ENVIRONMENTS:
        raise Refusal(40097)
    page = text_of(body.get("page"))
    _check_page(world, page, is_checked=body.get("check_path", True) is not False)
    width = body.get("width", _DEFAULT_WIDTH)
    if not isinstance(width, int) or isinstance(width, bool):
        raise Refusal(40097)
    code = world.scene_codes.add_mini(page or world.options.pages[0], scene)
    is_clear = body.get("is_hyaline") is True
    draw = partial(
        draw_round,
        code.payload,
        max(_NARROWEST, min(width, _WIDEST)),
        ink=_ink(body),
        is_clear=is_clear,
    )
    return Sketch(draw, "image/png" if is_clear else "image/jpeg")


def _check_page(world: World, page: str, *, is_checked: bool) -> None:
    """Refuse a page with a leading slash or a query, and one that was not released."""
    is_malformed = page.startswith("/") or "?" in page
    is_missing = is_checked and page and page not in world.options.pages
    if is_malformed or is_missing:
        raise Refusal(41030)


def _ink(body: Mapping[str, object]) -> Colour:
    """Read `line_color`; it counts only while `auto_color` is off."""
    given = body.get("line_color")
    if body.get("auto_color") is True or not isinstance(given, dict):
        return (0, 0, 0)
    parts = [str(given.get(name, 0)) for name in "rgb"]
    if not all(one.isdigit() and int(one) <= _LARGEST_CHANNEL for one in parts):
        raise Refusal(40097)
    return int(parts[0]), int(parts[1]), int(parts[2])


def _create_ticket(world: World, call: Call, _account: Account) -> Answer:
    body = call.json()
    action = text_of(body.get("action_name"))
    if action not in _ACTIONS:
        raise Refusal(40052)
    scene = _scene(body, action)
    if action.startswith("QR_LIMIT"):
        ticket = world.scene_codes.add_ticket(scene, None)
        return {"ticket": ticket.ticket, "url": ticket.url}
    seconds = body.get("expire_seconds", _DEFAULT_EXPIRE)
    if not isinstance(seconds, int) or not 1 <= seconds <= _LONGEST_EXPIRE:
        raise Refusal(40053)
    ticket = world.scene_codes.add_ticket(scene, world.now() + seconds)
    return {"ticket": ticket.ticket, "expire_seconds": seconds, "url": ticket.url}


def _scene(body: Mapping[str, object], action: str) -> str:
    info = body.get("action_info")
    scene = info.get("scene") if isinstance(info, dict) else None
    if not isinstance(scene, dict):
        raise Refusal(40053)
    if action.endswith("STR_SCENE"):
        text = text_of(scene.get("scene_str"))
        if not 1 <= len(text) <= _LONGEST_SCENE_STR:
            raise Refusal(40053)
        return text
    number = scene.get("scene_id")
    largest = _LARGEST_LIMIT_ID if action == "QR_LIMIT_SCENE" else _LARGEST_SCENE_ID
    if not isinstance(number, int) or not 1 <= number <= largest:
        raise Refusal(40053)
    return str(number)


def _show_ticket(world: World, call: Call) -> Answer | Sketch:
    """Draw a ticket; HTTP 404 for one that is unknown or dead."""
    ticket = world.scene_codes.find_ticket(call.query.get("ticket", ""), world.now())
    if ticket is None:
        return Picture(b"", "text/plain", 404)
    return Sketch(partial(draw_plain, ticket.url, _DEFAULT_WIDTH), "image/jpeg")


ENDPOINTS: dict[str, Endpoint] = {
    "/wxa/getwxacodeunlimit": TokenEndpoint(_mini_program_code, POST, frozenset({MINI_PROGRAM})),
    "/cgi-bin/qrcode/create": TokenEndpoint(_create_ticket, POST, frozenset({OFFICIAL_ACCOUNT})),
    "/cgi-bin/showqrcode": OpenEndpoint(_show_ticket, GET),
}
