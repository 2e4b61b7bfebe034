"""The world of the sandbox: people, clock, faults, log, and what the page polls."""

import base64
import io
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests
from PIL import Image

from tests.sandbox.driver import Driver, template_body
from tests.sandbox.receiver import Receiver
from wxapp_backend.sandbox.accounts import ACCOUNTS, OFFICIAL_ACCOUNT

SEND = "/cgi-bin/message/template/send"


def now(sandbox: Driver) -> datetime:
    """Read the clock."""
    return datetime.fromisoformat(sandbox.get("/_clock")["now"])


@pytest.mark.parametrize("nickname", ["王小美", "👨‍👩‍👧‍👦", "𠮷 <b>&amp;", "a" * 64, " "])
def test_any_nickname_up_to_64_characters_is_accepted(sandbox: Driver, nickname: str) -> None:
    """A person has ids of both accounts, a number and an avatar."""
    person = sandbox.person(nickname)

    assert person["nickname"] == nickname
    assert set(person["openids"]) == {"mini_program", "official_account"}
    assert len({person["unionid"], *person["openids"].values()}) == 3
    avatar = sandbox.ask("GET", person["avatar_url"])
    with Image.open(io.BytesIO(avatar.content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (132, 132))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"nickname": ""},
        {"nickname": "a" * 65},
        {"nickname": 5},
        {"nickname": "a", "colour": "red"},
        {"nickname": "a", "avatar": "!!"},
        {"nickname": "a", "avatar": base64.b64encode(b"no picture").decode()},
        {"nickname": "a", "risk_rank": 5},
    ],
)
def test_other_people_are_refused(sandbox: Driver, body: dict[str, Any]) -> None:
    """The answer has the one shape of errors, and nobody was made."""
    response = sandbox.ask("POST", "/_phones", json=body)

    assert response.status_code == 422
    assert response.json()["error"]["code"] == "validation_failed"
    assert response.json()["error"]["details"]
    assert sandbox.get("/_phones") == []


def test_own_avatar_is_cut_square(sandbox: Driver) -> None:
    """A given picture is cut to its middle and made an avatar's size."""
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 30, 30)).save(buffer, "JPEG")
    avatar = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()

    person = sandbox.post("/_phones", {"nickname": "李静", "avatar": avatar})

    content = sandbox.ask("GET", person["avatar_url"]).content
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (132, 132)


def test_unknown_phones_and_paths_are_404(sandbox: Driver) -> None:
    """Both answer the one shape of errors."""
    for method, path in (("GET", "/_phones/p9/messages"), ("POST", "/_phones/p9/follow")):
        response = sandbox.ask(method, path)
        assert response.status_code == 404
        assert response.json()["error"]["code"] == "not_found"
    assert sandbox.ask("GET", "/_nothing").status_code == 404
    assert sandbox.ask("GET", "/_healthz").status_code == 200


def test_broken_json_is_400(sandbox: Driver) -> None:
    """It is named as such."""
    response = sandbox.ask("POST", "/_phones", data="{")

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "malformed_json"


def test_clock_starts_at_real_time_runs_and_moves_forward(sandbox: Driver) -> None:
    """It is moved by exactly what was asked and never back."""
    start = now(sandbox)
    assert abs(start - datetime.now(start.tzinfo)) < timedelta(seconds=5)  # noqa: TID251 # the real one

    sandbox.advance(86400)

    assert timedelta(days=1) < now(sandbox) - start < timedelta(days=1, seconds=5)
    back = sandbox.ask("POST", "/_clock", json={"advance_seconds": -1})
    assert back.status_code == 422


def test_apps_are_all_an_sdk_needs(sandbox: Driver, receiver: Receiver) -> None:
    """Two accounts with credentials, callback addresses and templates."""
    apps = {one["kind"]: one for one in sandbox.get("/_apps")}

    assert set(apps) == {"mini_program", "official_account"}
    for kind, path in (("mini_program", "mini-program"), ("official_account", "official-account")):
        assert apps[kind]["callback_url"] == f"{receiver.url}/wechat/{path}"
        assert [one["title"] for one in apps[kind]["templates"]] == [
            "推荐成功通知",
            "好友再次到店通知",
            "好友评价通知",
        ]
    assert apps["official_account"]["templates"][2]["keys"] == [
        {"key": "thing1", "label": "好友昵称"},
        {"key": "thing2", "label": "评价内容"},
        {"key": "time3", "label": "评价时间"},
    ]


def test_errcode_fault_wears_off(sandbox: Driver) -> None:
    """It hits as often as asked, without any effect; then the call works."""
    person = sandbox.person(follows=True)
    body = template_body(OFFICIAL_ACCOUNT, person["openids"]["official_account"])
    sandbox.post("/_faults", {"path": SEND, "errcode": 45009, "times": 2})

    codes = [sandbox.official(SEND, body)["errcode"] for _ in range(3)]

    assert codes == [45009, 45009, 0]
    assert len(sandbox.messages(person)) == 1
    assert sandbox.get("/_faults") == []


def test_address_fault_names_the_caller(sandbox: Driver) -> None:
    """40164 carries the address that the console must be told."""
    sandbox.post("/_faults", {"path": "/cgi-bin/stable_token", "errcode": 40164})

    answer = sandbox.stable_token(OFFICIAL_ACCOUNT)

    assert answer["errcode"] == 40164
    assert "invalid ip 127.0.0.1" in answer["errmsg"]


def test_garbage_fault_is_no_json(sandbox: Driver) -> None:
    """HTTP says 200 and the body is a page."""
    sandbox.post("/_faults", {"path": "/cgi-bin/*", "garbage": True})

    response = sandbox.ask("GET", "/cgi-bin/user/get")

    assert response.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        response.json()


@pytest.mark.parametrize(("after_effect", "shown"), [(False, 0), (True, 1)])
def test_timeout_fault_may_come_after_the_effect(
    sandbox: Driver, after_effect: bool, shown: int
) -> None:
    """The caller hears nothing in either case; the phone knows the difference."""
    person = sandbox.person(follows=True)
    body = template_body(OFFICIAL_ACCOUNT, person["openids"]["official_account"])
    token = sandbox.token(OFFICIAL_ACCOUNT)
    fault = {"path": SEND, "timeout": 30, "after_effect": after_effect}
    sandbox.post("/_faults", fault)

    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.post(sandbox.url + SEND, params={"access_token": token}, json=body, timeout=1.5)

    assert len(sandbox.messages(person)) == shown


def test_delay_fault_answers_truly_but_late(sandbox: Driver) -> None:
    """The answer is the real one."""
    sandbox.post("/_faults", {"path": "/cgi-bin/stable_token", "delay": 0.2})
    started = time.monotonic()

    assert sandbox.stable_token(OFFICIAL_ACCOUNT)["expires_in"] == 7200
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize(
    "body",
    [
        {"path": SEND},
        {"path": SEND, "errcode": 1, "garbage": True},
        {"path": SEND, "duplicate": 1},
        {"path": SEND, "finish": "lost"},
        {"path": "/cgi-bin/user/get", "finish": "failed:user block"},
        {"path": "/wechat/official-account", "errcode": 1},
        {"path": SEND, "errcode": 1, "times": 0},
        {"path": SEND, "timeout": 0.0001, "often": True},
        {"errcode": 1},
    ],
)
def test_unclear_faults_are_refused(sandbox: Driver, body: dict[str, Any]) -> None:
    """A fault is of one kind, on a path where it can happen."""
    assert sandbox.ask("POST", "/_faults", json=body).status_code == 422
    assert sandbox.get("/_faults") == []


def test_faults_can_be_listed_and_removed(sandbox: Driver) -> None:
    """One by its id, or all."""
    kept, gone = (
        sandbox.post("/_faults", {"path": path, "errcode": -1, "times": 3})
        for path in ("cgi-bin/a", "/cgi-bin/b")
    )
    assert kept == {"id": 1, "path": "/cgi-bin/a", "times": 3, "errcode": -1}

    sandbox.ask("DELETE", f"/_faults/{gone['id']}")
    assert sandbox.get("/_faults") == [kept]
    sandbox.ask("DELETE", "/_faults")
    assert sandbox.get("/_faults") == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/wxa/generatescheme", 200),
        ("GET", "/cgi-bin/tags/get", 200),
        ("POST", "/v3/fund-app/mch-transfer/transfer-bills", 404),
    ],
)
def test_unbuilt_calls_are_answered_and_listed(
    sandbox: Driver, method: str, path: str, status: int
) -> None:
    """WeChat knows no such address; the page shows that it was asked for."""
    for _ in range(2):
        response = sandbox.ask(method, path, json={})
        assert response.status_code == status

    assert sandbox.get("/_state")["unbuilt"] == [{"call": f"{method} {path}", "times": 2}]


def test_log_has_requests_and_answers_without_secrets(sandbox: Driver, receiver: Receiver) -> None:
    """Calls and callbacks are there to read; secrets, tokens and codes are covered."""
    person = sandbox.person(follows=True)
    code = sandbox.act(person, "login-code")["code"]
    session_key = sandbox.login(code)["session_key"]
    body = template_body(OFFICIAL_ACCOUNT, person["openids"]["official_account"])
    sandbox.official(SEND, body)
    receiver.wait_for("TEMPLATESENDJOBFINISH")

    text = sandbox.ask("GET", "/_log").text

    for secret in (
        code,
        session_key,
        sandbox.token(OFFICIAL_ACCOUNT),
        *(one.secret for one in ACCOUNTS.values()),
    ):
        assert secret not in text
    entries = sandbox.get("/_log")["items"]
    sent = next(one for one in entries if one["path"] == SEND)
    assert sent["request"]["body"]["template_id"] == body["template_id"]
    assert (sent["errcode"], sent["account"]) == (0, "official_account")
    follow = next(one for one in entries if one["direction"] == "out")
    assert follow["request"]["Event"] == "subscribe"
    assert follow["note"] == "delivery 1"


def test_state_tells_only_what_is_new(sandbox: Driver) -> None:
    """Polling with the last number brings what came since, and the unread counts."""
    person = sandbox.person(follows=True)
    first = sandbox.get("/_state")
    body = template_body(OFFICIAL_ACCOUNT, person["openids"]["official_account"])
    sandbox.official(SEND, body)

    second = sandbox.get("/_state", since=first["seq"])

    assert [one["title"] for one in second["messages"]] == ["推荐成功通知"]
    assert SEND in [one["path"] for one in second["log"]]
    assert second["phones"][0]["unread"] == {"official_account": 1, "service_notices": 0}
    assert second["phones"][0]["last_message"]["title"] == "推荐成功通知"
    read = sandbox.act(person, "read")
    assert read["unread"] == {"official_account": 0, "service_notices": 0}
    assert sandbox.get("/_state", since=second["seq"])["messages"] == []


def test_own_words_are_in_the_state_but_not_among_the_messages(sandbox: Driver) -> None:
    """The page draws both sides of a chat; the list is what others sent."""
    person = sandbox.person()
    sandbox.act(person, "send", text="帮助")

    assert sandbox.messages(person) == []
    assert [one["channel"] for one in sandbox.get("/_state")["messages"]] == ["sent"]


def test_reset_makes_a_new_world(sandbox: Driver) -> None:
    """Nobody is left, old tokens are dead, the clock is right again, numbers go on."""
    sandbox.person(follows=True)
    token = sandbox.token(OFFICIAL_ACCOUNT)
    sandbox.advance(86400)
    before = sandbox.get("/_state")

    sandbox.post("/_reset")

    after = sandbox.get("/_state")
    assert after["phones"] == []
    assert after["epoch"] == before["epoch"] + 1
    assert after["clock"]["ahead_seconds"] == 0
    assert after["seq"] >= before["seq"]
    query = {"access_token": token}
    assert sandbox.ask("GET", "/cgi-bin/user/get", params=query).json()["errcode"] == 40001
