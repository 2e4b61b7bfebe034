"""What an account's owner can ask: templates, addresses, links, and the check of the callback."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.conftest import Starter
from tests.sandbox.driver import Driver
from wxapp_backend.sandbox.accounts import ACCOUNTS, OFFICIAL_ACCOUNT
from wxapp_backend.sandbox.callbacks.crypto import sign

URL_LINK = "/wxa/generate_urllink"
DAY = 86400


def test_templates_are_listed_with_their_keys(sandbox: Driver) -> None:
    """Both lists name each template's id, title and keys, as a check of settings needs them."""
    official = sandbox.official("/cgi-bin/template/get_all_private_template")["template_list"]
    mini = sandbox.mini("/wxaapi/newtmpl/gettemplate")["data"]

    assert official[0]["title"] == mini[0]["title"] == "推荐成功通知"
    assert official[0]["template_id"] != mini[0]["priTmplId"]
    assert official[0]["content"].splitlines() == [
        "好友昵称:{{thing1.DATA}}",
        "获得奖励:{{thing2.DATA}}",
        "达成时间:{{time3.DATA}}",
        "温馨提示:{{thing4.DATA}}",
    ]
    assert mini[0]["type"] == 2


def test_addresses_and_network_check_answer(sandbox: Driver) -> None:
    """WeChat's servers are on this machine."""
    assert sandbox.official("/cgi-bin/getcallbackip") == {"ip_list": ["127.0.0.1"]}
    assert set(sandbox.official("/cgi-bin/callback/check", {"action": "all"})) == {"dns", "ping"}
    assert sandbox.official("/cgi-bin/callback/check", {"action": "x"})["errcode"] == 40097


def test_url_link_opens_its_page_until_it_ends(sandbox: Driver) -> None:
    """A phone that opens the link sees the page with its query; afterwards nothing."""
    person = sandbox.person()
    body = {
        "path": "pages/landing/index",
        "query": "code=7KQ2M9AB",
        "expire_type": 1,
        "expire_interval": 1,
    }
    link = sandbox.mini(URL_LINK, body)["url_link"]

    opened = sandbox.act(person, "scan", payload=link)

    assert opened == {
        "opens": "mini_program",
        "path": "pages/landing/index",
        "query": "code=7KQ2M9AB",
    }
    sandbox.advance(DAY)
    assert sandbox.act(person, "scan", payload=link)["opens"] == "nothing"


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"path": "pages/nowhere/index"}, 40165),
        ({"query": "名字=王"}, 40212),
        ({"env_version": "beta"}, 85402),
        ({"expire_interval": 31}, 85401),
        ({"expire_interval": 0}, 85401),
        ({"expire_type": 0}, 85401),
        ({"expire_type": 0, "expire_time": 1}, 85401),
    ],
)
def test_url_link_refuses(sandbox: Driver, changed: dict[str, object], errcode: int) -> None:
    """Page, query and life are checked."""
    body = {"path": "pages/landing/index", "expire_type": 1, "expire_interval": 30}

    assert sandbox.mini(URL_LINK, body)["errcode"] == 0
    assert sandbox.mini(URL_LINK, body | changed)["errcode"] == errcode


def test_unbound_account_learns_no_unionid(sandbox: Driver) -> None:
    """Without the Open Platform each account knows people by its own openid alone."""
    person = sandbox.person(follows=True)
    openid = person["openids"]["official_account"]

    def learned() -> list[bool]:
        login = sandbox.login(sandbox.act(person, "login-code")["code"])
        return [
            "unionid" in login,
            "unionid" in sandbox.official("/cgi-bin/user/info", openid=openid),
        ]

    assert learned() == [True, True]
    sandbox.post("/_apps/mini_program/binding", {"bound": False})
    assert learned() == [False, True]
    sandbox.post("/_apps/official_account/binding", {"bound": False})
    assert learned() == [False, False]
    sandbox.post("/_apps/mini_program/binding", {"bound": True})
    assert learned() == [True, False]


class _Echo(BaseHTTPRequestHandler):
    """Answers the check as the guide says, and falsely under another path."""

    def do_GET(self) -> None:
        """Return the echo when the signature is right."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        account = ACCOUNTS[OFFICIAL_ACCOUNT]
        right = sign(account.token, given["timestamp"], given["nonce"]) == given["signature"]
        is_ours = urlsplit(self.path).path == account.callback_path
        self.send_response(200 if right else 403)
        self.end_headers()
        self.wfile.write(given["echostr"].encode() if is_ours else b"welcome")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[str]:
    """Serve a backend that knows the check of its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_callback_address_is_verified_by_its_echo(start: Starter, echo: str) -> None:
    """Only the very echo counts; any other page, or nobody, does not."""
    sandbox = start(backend=echo)

    assert sandbox.post("/_apps/official_account/verify") == {"is_verified": True}
    assert sandbox.post("/_apps/mini_program/verify") == {"is_verified": False}
    away = start(backend="http://127.0.0.1:9")
    assert away.post("/_apps/official_account/verify") == {"is_verified": False}
    assert away.ask("POST", "/_apps/other/verify").status_code == 404
