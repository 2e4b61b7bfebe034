"""The official account's menu: its limits, and what a tap brings."""

import json
from typing import Any

import pytest

from tests.sandbox.driver import Driver
from tests.sandbox.receiver import Receiver
from wxapp_backend.sandbox.accounts import OFFICIAL_ACCOUNT

CREATE = "/cgi-bin/menu/create"
POINTS = {"type": "click", "name": "我的积分", "key": "points"}
SHOP = {"type": "view", "name": "门店", "url": "https://x.cn/shop"}
MINI = {
    "type": "miniprogram",
    "name": "做海报",
    "url": "https://x.cn",
    "appid": "wx1",
    "pagepath": "packages/share/poster/index?a=1",
}
MENU: dict[str, Any] = {"button": [POINTS, {"name": "更多", "sub_button": [SHOP, MINI]}]}


def create(sandbox: Driver, body: object, *, escaped: bool = False) -> int:
    """Create a menu from UTF-8, or from JSON with escapes, and tell the errcode."""
    query = {"access_token": sandbox.token(OFFICIAL_ACCOUNT)}
    if escaped:
        return int(sandbox.ask("POST", CREATE, params=query, json=body).json()["errcode"])
    text = json.dumps(body, ensure_ascii=False).encode()
    return int(sandbox.ask("POST", CREATE, params=query, data=text).json()["errcode"])


def test_menu_is_kept_and_removed(sandbox: Driver) -> None:
    """What was created comes back; after the deletion there is none."""
    assert sandbox.official("/cgi-bin/menu/get")["errcode"] == 46003

    assert create(sandbox, MENU) == 0
    names = [one["name"] for one in sandbox.official("/cgi-bin/menu/get")["menu"]["button"]]
    assert names == ["我的积分", "更多"]
    assert sandbox.official("/cgi-bin/menu/delete")["errcode"] == 0
    assert sandbox.official("/cgi-bin/menu/get")["errcode"] == 46003


def test_escaped_chinese_is_refused(sandbox: Driver) -> None:
    """Names must come as real UTF-8, not as escapes."""
    assert create(sandbox, MENU, escaped=True) == 40033


@pytest.mark.parametrize(
    ("buttons", "errcode"),
    [
        ([], 40016),
        ([POINTS] * 4, 40016),
        ([{**POINTS, "name": "名字太长了吧"}], 40018),
        ([{**POINTS, "type": "dance"}], 40017),
        ([{**POINTS, "key": ""}], 40019),
        ([{**SHOP, "url": "https://x.cn/" + "a" * 1024}], 40020),
        ([{"name": "更多", "sub_button": [POINTS] * 6}], 40023),
        ([{"name": "更多", "sub_button": [{**POINTS, "name": "字" * 21}]}], 40025),
        ([{**MINI, "appid": ""}], 40013),
    ],
)
def test_menu_has_limits(sandbox: Driver, buttons: list[Any], errcode: int) -> None:
    """Counts, lengths in bytes and types are checked; the old menu stays."""
    create(sandbox, MENU)

    assert create(sandbox, {"button": buttons}) == errcode
    assert len(sandbox.official("/cgi-bin/menu/get")["menu"]["button"]) == 2


def test_taps_bring_their_events(sandbox: Driver, receiver: Receiver) -> None:
    """Click, link and mini-program are told apart, and the phone says what opens."""
    create(sandbox, MENU)
    person = sandbox.person()

    assert "opens" not in sandbox.act(person, "tap-menu", key="points")
    assert sandbox.act(person, "tap-menu", key="门店")["url"] == "https://x.cn/shop"
    opened = sandbox.act(person, "tap-menu", key="做海报")
    assert (opened["path"], opened["query"]) == ("packages/share/poster/index", "a=1")

    told = [(one.kind, one.message["EventKey"]) for one in receiver.deliveries]
    assert told == [
        ("CLICK", "points"),
        ("VIEW", "https://x.cn/shop"),
        ("view_miniprogram", "packages/share/poster/index?a=1"),
    ]
