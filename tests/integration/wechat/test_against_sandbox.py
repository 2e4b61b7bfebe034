"""The client and the inbox work with the offline WeChat, which shares no code with them."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from wxapp_backend.infra.wechat.callback_event import Event
from wxapp_backend.infra.wechat.client import ApiClient
from wxapp_backend.infra.wechat.errors import BadCode, OutcomeUnknown, TokenRejected, UserRefused
from wxapp_backend.infra.wechat.fields import fit_all
from wxapp_backend.infra.wechat.inbox import CallbackKeys, Inbox
from wxapp_backend.infra.wechat.miniapp import MiniApp
from wxapp_backend.infra.wechat.official import OfficialAccount
from wxapp_backend.infra.wechat.replies import TextReply
from wxapp_backend.infra.wechat.tokens import Account
from wxapp_backend.infra.wechat.transport import Session
from wxapp_backend.sandbox.options import Options
from wxapp_backend.sandbox.server import Handle, start

Json = dict[str, Any]


class Shop:
    """A tiny backend whose callback addresses are our inboxes; it answers every text."""

    def __init__(self) -> None:
        self.inboxes: dict[str, Inbox] = {}
        self.events: list[Event] = []
        self.refused: list[str] = []

    def post(self, path: str, args: dict[str, str], body: bytes) -> tuple[str, str]:
        """Open a callback and seal an answer."""
        inbox = self.inboxes[path]
        event = inbox.open(args, body)
        self.events.append(event)
        said = TextReply(f"收到：{event.text or event.kind}")
        return inbox.seal(event, said, now=event.created_at)


class _Handler(BaseHTTPRequestHandler):
    shop: Shop

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer, content_type = self.shop.post(parts.path, dict(parse_qsl(parts.query)), body)
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(params=["safe", "plain", "compat"])
def mode(request: pytest.FixtureRequest) -> Any:
    """Return each of WeChat's callback modes."""
    return request.param


@pytest.fixture
def shop() -> Iterator[tuple[Shop, str]]:
    """Yield a running backend and its address."""
    found = Shop()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"shop": found}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


class World:
    """The sandbox, its accounts as their console shows them, and our side of each."""

    def __init__(self, sandbox: Handle) -> None:
        self.sandbox = sandbox
        self.session = Session(sandbox.url, sandbox.url, connect_seconds=1, read_seconds=1)
        self.apps: dict[str, Json] = {app["kind"]: app for app in self.ask("GET", "/_apps")}
        self.mini = MiniApp(self._client("mini_program"))
        self.official = OfficialAccount(self._client("official_account"))

    def _client(self, kind: str) -> ApiClient:
        app = self.apps[kind]
        return ApiClient(Account(app["appid"], app["secret"]), self.session)

    def ask(self, method: str, path: str, body: Json | None = None) -> Any:
        """Use the phones' side of the sandbox."""
        request = urllib.request.Request(  # noqa: S310  # loopback
            self.sandbox.url + path,
            data=None if method == "GET" else json.dumps(body or {}).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310  # same
            return json.load(answer)

    def person(self) -> Json:
        """Bring a new person with a phone."""
        found: Json = self.ask("POST", "/_phones", {"nickname": "李小燕"})
        return found

    def template(self, kind: str) -> str:
        """Return the id of the account's first template."""
        return str(self.apps[kind]["templates"][0]["template_id"])


@pytest.fixture
def world() -> Iterator[World]:
    """Yield a sandbox whose callbacks go nowhere."""
    sandbox = start(options=Options(backend="http://127.0.0.1:9", retry_pause_seconds=0.01))
    world = World(sandbox)
    yield world
    world.session.close()
    sandbox.stop()


def _values() -> dict[str, str]:
    return fit_all(
        {
            "thing1": "李**",
            "thing2": "满一百减二十的优惠券一张，还有三百积分等您来拿",
            "time3": "2026年3月2日 11:04",
            "thing4": "推荐成功🎉",
        }
    )


def test_login_links_both_accounts_by_unionid(world: World) -> None:
    """wx.login's code gives the ids that the follower has too; a second use is refused."""
    person = world.person()
    code = world.ask("POST", f"/_phones/{person['id']}/login-code")["code"]

    found = world.mini.login(code)

    assert found.openid == person["openids"]["mini_program"]
    assert found.unionid == person["unionid"]
    with pytest.raises(BadCode):
        world.mini.login(code)


def test_phone_code_gives_a_number(world: World) -> None:
    """The button's code is exchanged for the person it belongs to."""
    person = world.person()
    code = world.ask("POST", f"/_phones/{person['id']}/phone-code")["code"]

    found = world.mini.phone(code, person["openids"]["mini_program"])

    assert found.country_code == "86"
    assert found.number.isdecimal()


def test_code_and_scan_code_are_made(world: World) -> None:
    """Both kinds of code for one scene."""
    image = world.mini.code_image("ABCD2345", "pages/landing/index")
    scan = world.official.temp_qr("ABCD2345", 3600)

    assert image.startswith((b"\xff\xd8\xff", b"\x89PNG"))
    assert scan.expires_in_seconds == 3600
    assert scan.url


def test_subscription_message_needs_and_uses_up_consent(world: World) -> None:
    """One consent is one message."""
    person, template = world.person(), world.template("mini_program")
    openid = person["openids"]["mini_program"]
    body = {"template_ids": [template], "accept": True}
    world.ask("POST", f"/_phones/{person['id']}/login-code")
    world.ask("POST", f"/_phones/{person['id']}/subscribe", body)

    world.mini.send_subscribe(openid, template, _values(), "pages/landing/index")
    with pytest.raises(UserRefused):
        world.mini.send_subscribe(openid, template, _values())

    (shown,) = world.ask("GET", f"/_phones/{person['id']}/messages")
    assert shown["channel"] == "subscription"


def test_template_message_reaches_followers_alone(world: World) -> None:
    """It is shown once per client id, also when it is sent again."""
    person, template = world.person(), world.template("official_account")
    openid = person["openids"]["official_account"]
    with pytest.raises(UserRefused):
        world.official.send_template(openid, template, _values())
    world.ask("POST", f"/_phones/{person['id']}/follow")

    for _ in range(2):
        world.official.send_template(openid, template, _values(), client_msg_id="d-1")

    messages = world.ask("GET", f"/_phones/{person['id']}/messages")
    assert [shown["channel"] for shown in messages].count("template") == 1
    assert world.official.user(openid).unionid == person["unionid"]
    assert world.official.followers().openids == (openid,)


def test_message_whose_answer_got_lost_is_shown_once(world: World) -> None:
    """A time-out after the effect is an unknown outcome; the repeat under the same id is safe."""
    person, template = world.person(), world.template("official_account")
    openid = person["openids"]["official_account"]
    world.ask("POST", f"/_phones/{person['id']}/follow")
    world.official.user(openid)
    fault = {"path": "/cgi-bin/message/template/send", "timeout": 1.5, "after_effect": True}
    world.ask("POST", "/_faults", fault)

    with pytest.raises(OutcomeUnknown):
        world.official.send_template(openid, template, _values(), client_msg_id="d-1")
    world.official.send_template(openid, template, _values(), client_msg_id="d-1")

    messages = world.ask("GET", f"/_phones/{person['id']}/messages")
    assert [shown["channel"] for shown in messages].count("template") == 1


def test_token_that_ends_early_is_replaced_unnoticed(world: World) -> None:
    """WeChat's clock moves on by hours; the next call works all the same."""
    openid = world.person()["openids"]["official_account"]
    world.official.user(openid)
    world.ask("POST", "/_clock", {"advance_seconds": 7201})

    assert not world.official.user(openid).is_following


def test_endless_rejection_ends(world: World) -> None:
    """A token fault that stays becomes a clean error."""
    fault = {"path": "/cgi-bin/user/info", "errcode": 40001, "times": 100}
    world.ask("POST", "/_faults", fault)

    with pytest.raises(TokenRejected):
        world.official.user("o1")


def test_menu_and_picture_are_taken(world: World) -> None:
    """What the bot needs besides messages."""
    world.official.create_menu([{"type": "click", "name": "我的奖励", "key": "rewards"}])
    person = world.person()
    world.ask("POST", f"/_phones/{person['id']}/follow")

    menu = world.official.find_menu()
    media_id = world.official.upload_image("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "image/png")

    assert menu is not None
    assert "我的奖励" in json.dumps(menu, ensure_ascii=False)
    assert media_id


def test_callbacks_open_and_answers_are_read_in_every_mode(
    shop: tuple[Shop, str], mode: Any
) -> None:
    """A follow by code and a text arrive; the phone shows what was answered."""
    backend, url = shop
    sandbox = start(port=0, backend=url, mode=mode)
    world = World(sandbox)
    for app in world.apps.values():
        keys = CallbackKeys(
            app["appid"],
            app["token"],
            "" if mode == "plain" else app["encoding_aes_key"],
            original_id=app["original_id"],
        )
        backend.inboxes[urlsplit(app["callback_url"]).path] = Inbox(keys)
    person = world.person()

    followed = world.ask("POST", f"/_phones/{person['id']}/follow", {"scene": "ABCD2345"})
    sent = world.ask("POST", f"/_phones/{person['id']}/send", {"text": "我的]]>积分"})
    world.session.close()
    sandbox.stop()

    follow, text = backend.events
    assert (follow.kind, follow.scene) == ("subscribe", "ABCD2345")
    assert (text.kind, text.text) == ("text", "我的]]>积分")
    assert follow.openid == text.openid == person["openids"]["official_account"]
    assert "收到：subscribe" in json.dumps(followed, ensure_ascii=False)
    assert "收到：我的]]>积分" in json.dumps(sent, ensure_ascii=False)
