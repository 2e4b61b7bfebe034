"""Customer-service messages: their windows, their kinds, and media."""

from typing import Any

import pytest

from tests.sandbox.driver import Driver
from wxapp_backend.sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT

SEND = "/cgi-bin/message/custom/send"
PNG = b"\x89PNG\r\n\x1a\n pretend"


def say(sandbox: Driver, person: Any, kind: str = "text", **content: object) -> int:
    """Send a customer-service message and tell the errcode."""
    body = {
        "touser": person["openids"]["official_account"],
        "msgtype": kind,
        kind: content or {"content": "海报做好了"},
    }
    return int(sandbox.official(SEND, body)["errcode"])


def upload(sandbox: Driver, name: str = "a.png", mimetype: str = "image/png", **query: str) -> Any:
    """Upload a file as the official account."""
    params = {"access_token": sandbox.token(OFFICIAL_ACCOUNT), "type": "image"} | query
    files = {"media": (name, PNG, mimetype)}
    return sandbox.ask("POST", "/cgi-bin/media/upload", params=params, files=files).json()


def test_a_message_opens_five_in_48_hours(sandbox: Driver) -> None:
    """The sixth is 45047; after 48 hours it is 45015."""
    person = sandbox.person()
    assert say(sandbox, person) == 45015
    sandbox.act(person, "send", text="你好")

    assert [say(sandbox, person) for _ in range(6)] == [0] * 5 + [45047]
    assert len(sandbox.messages(person)) == 5
    assert sandbox.messages(person)[0]["channel"] == "customer_service"
    sandbox.advance(48 * 3600)
    sandbox.forget_tokens()
    assert say(sandbox, person) == 45015


@pytest.mark.parametrize("action", [("follow", {}), ("tap-menu", {"key": "points"})])
def test_a_touch_opens_three_in_a_minute(
    sandbox: Driver, action: tuple[str, dict[str, str]]
) -> None:
    """Following and menu taps allow three messages, for sixty seconds."""
    person = sandbox.person()
    sandbox.act(person, action[0], **action[1])

    assert [say(sandbox, person) for _ in range(4)] == [0] * 3 + [45047]
    sandbox.act(person, "tap-menu", key="points")
    sandbox.advance(60)
    assert say(sandbox, person) == 45015


def test_windows_add_up(sandbox: Driver) -> None:
    """The short window is used first, then the long one."""
    person = sandbox.person(follows=True)
    sandbox.act(person, "send", text="你好")

    assert [say(sandbox, person) for _ in range(9)] == [0] * 8 + [45047]


def test_after_an_unfollow_nothing_can_be_said(sandbox: Driver) -> None:
    """Leaving closes every window."""
    person = sandbox.person(follows=True)
    sandbox.act(person, "unfollow")

    assert say(sandbox, person) == 45015


def test_every_kind_is_shown(sandbox: Driver) -> None:
    """Pictures, cards, articles and menus reach the phone with what they open."""
    person = sandbox.person()
    sandbox.act(person, "send", text="海报")
    media_id = upload(sandbox)["media_id"]
    card = {"title": "我的推荐", "pagepath": "pages/referrals/index", "thumb_media_id": media_id}
    article = {"title": "会员日", "description": "周三", "url": "https://x.cn", "picurl": ""}
    choices = [{"id": "1", "content": "满意"}, {"id": "2", "content": "一般"}]

    assert say(sandbox, person, "image", media_id=media_id) == 0
    assert say(sandbox, person, "miniprogrampage", **card) == 0
    assert say(sandbox, person, "news", articles=[article]) == 0
    assert say(sandbox, person, "msgmenu", head_content="如何？", list=choices) == 0

    menu, news, page, image = sandbox.messages(person)
    assert sandbox.ask("GET", image["image_url"]).content == PNG
    assert page["opens"] == {
        "opens": "mini_program",
        "path": "pages/referrals/index",
        "query": "",
    }
    assert (news["title"], news["opens"]["url"]) == ("会员日", "https://x.cn")
    assert menu["text"] == "如何？\n满意\n一般"


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("poem", {"content": "x"}, 40008),
        ("text", {"content": ""}, 44004),
        ("text", {"content": "字" * 683}, 45002),
        ("image", {"media_id": "none"}, 40007),
        ("news", {"articles": [{"title": "a"}, {"title": "b"}]}, 45008),
        ("news", {"articles": []}, 47001),
    ],
)
def test_bad_content_is_refused_and_costs_nothing(
    sandbox: Driver, kind: str, content: dict[str, Any], errcode: int
) -> None:
    """A refused message does not use up the window."""
    person = sandbox.person()
    sandbox.act(person, "send", text="你好")

    assert say(sandbox, person, kind, **content) == errcode
    assert [say(sandbox, person) for _ in range(6)] == [0] * 5 + [45047]


def test_media_are_kept_three_days(sandbox: Driver) -> None:
    """Then the same id is 40007."""
    answer = upload(sandbox)
    query = {"access_token": sandbox.token(OFFICIAL_ACCOUNT), "media_id": answer["media_id"]}

    assert answer["type"] == "image"
    response = sandbox.ask("GET", "/cgi-bin/media/get", params=query)
    assert (response.content, response.headers["Content-Type"]) == (PNG, "image/png")
    sandbox.advance(3 * 86400)
    query["access_token"] = sandbox.stable_token(OFFICIAL_ACCOUNT)["access_token"]
    dead = sandbox.ask("GET", "/cgi-bin/media/get", params=query)
    assert dead.json()["errcode"] == 40007


def test_a_picture_stays_on_the_phone(sandbox: Driver) -> None:
    """The account's copy ends after three days; who received it still sees it."""
    person = sandbox.person()
    sandbox.act(person, "send", text="海报")
    media_id = upload(sandbox)["media_id"]
    assert say(sandbox, person, "image", media_id=media_id) == 0
    sandbox.advance(3 * 86400)
    sandbox.forget_tokens()
    sandbox.act(person, "send", text="海报")

    assert say(sandbox, person, "image", media_id=media_id) == 40007
    [image] = [one for one in sandbox.messages(person) if one["image_url"]]
    assert sandbox.ask("GET", image["image_url"]).content == PNG


def test_an_image_message_wants_an_image_of_this_account(sandbox: Driver) -> None:
    """A voice is no picture, and the mini-program's upload is nothing to the official account."""
    person = sandbox.person()
    sandbox.act(person, "send", text="海报")
    voice = upload(sandbox, name="a.mp3", mimetype="audio/mp3", type="voice")["media_id"]
    token = sandbox.stable_token(MINI_PROGRAM)["access_token"]
    foreign = upload(sandbox, access_token=token)["media_id"]

    assert say(sandbox, person, "image", media_id=voice) == 40004
    assert say(sandbox, person, "image", media_id=foreign) == 40007
    assert not [one for one in sandbox.messages(person) if one["image_url"]]


def test_media_need_a_name_and_a_type(sandbox: Driver) -> None:
    """A nameless file, a wrong type and no file are refused each in its way."""
    assert upload(sandbox, name="media")["errcode"] == 40005
    assert upload(sandbox, mimetype="application/octet-stream")["errcode"] == 40005
    assert upload(sandbox, type="song")["errcode"] == 40004
    assert sandbox.official("/cgi-bin/media/upload", {}, type="image")["errcode"] == 41005
