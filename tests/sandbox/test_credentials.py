"""Login codes and access tokens: their life, their refusals and their order."""

import re

import pytest

from tests.sandbox.driver import Driver
from wxapp_backend.sandbox.accounts import ACCOUNTS, MINI_PROGRAM, OFFICIAL_ACCOUNT

RID = re.compile(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$")
MINI = ACCOUNTS[MINI_PROGRAM]
OFFICIAL = ACCOUNTS[OFFICIAL_ACCOUNT]


def test_login_code_works_once(sandbox: Driver) -> None:
    """A code gives openid, unionid and a session key; the second time it gives 40029."""
    person = sandbox.person()
    code = sandbox.act(person, "login-code")["code"]

    first, second = sandbox.login(code), sandbox.login(code)

    assert first["openid"] == person["openids"]["mini_program"]
    assert first["unionid"] == person["unionid"]
    assert len(first["session_key"]) == 24
    assert second["errcode"] == 40029
    assert RID.search(second["errmsg"])


def test_each_login_makes_a_new_session_key(sandbox: Driver) -> None:
    """The earlier key of the same person is gone."""
    person = sandbox.person()

    keys = {
        sandbox.login(sandbox.act(person, "login-code")["code"])["session_key"] for _ in range(3)
    }

    assert len(keys) == 3


def test_login_code_dies_after_five_minutes(sandbox: Driver) -> None:
    """At 300 seconds it is as unknown as one never given out."""
    person = sandbox.person()
    living, dying = (sandbox.act(person, "login-code")["code"] for _ in range(2))

    sandbox.advance(290)
    assert "openid" in sandbox.login(living)
    sandbox.advance(10)
    assert sandbox.login(dying)["errcode"] == 40029


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"grant_type": "client_credential"}, 40002),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"secret": "0" * 32}, 40125),
        ({"js_code": ""}, 41008),
        ({"js_code": "nobody's"}, 40029),
        ({"appid": OFFICIAL.appid, "secret": OFFICIAL.secret}, 40029),
    ],
)
def test_login_refuses_wrong_parameters(
    sandbox: Driver, changed: dict[str, str], errcode: int
) -> None:
    """Each fault has its own code, and the login code is not spent by it."""
    code = sandbox.act(sandbox.person(), "login-code")["code"]

    assert sandbox.login(code, **changed)["errcode"] == errcode
    assert "openid" in sandbox.login(code)


def test_phone_code_is_not_a_login_code(sandbox: Driver) -> None:
    """The two kinds of codes cannot stand for each other."""
    person = sandbox.person()
    login, phone = (sandbox.act(person, f"{kind}-code")["code"] for kind in ("login", "phone"))

    assert sandbox.login(phone)["errcode"] == 40029
    assert sandbox.mini("/wxa/business/getuserphonenumber", {"code": login})["errcode"] == 40029


def _works(sandbox: Driver, token: str) -> int:
    """Tell the errcode of a call with this token; 0 for none."""
    answer = sandbox.ask("GET", "/cgi-bin/user/get", params={"access_token": token}).json()
    return int(answer.get("errcode", 0))


def test_classic_token_replaces_its_forerunner_after_five_minutes(sandbox: Driver) -> None:
    """Both work for 300 seconds; then the old one is 40001."""
    query = {
        "grant_type": "client_credential",
        "appid": OFFICIAL.appid,
        "secret": OFFICIAL.secret,
    }
    old, new = (
        sandbox.ask("GET", "/cgi-bin/token", params=query).json()["access_token"] for _ in range(2)
    )

    assert old != new
    assert len(new) > 100
    sandbox.advance(290)
    assert _works(sandbox, old) == 0
    sandbox.advance(10)
    assert _works(sandbox, old) == 40001
    assert _works(sandbox, new) == 0


def test_stable_token_stays_until_five_minutes_before_its_end(sandbox: Driver) -> None:
    """It is the same with fewer seconds left; then a new one overlaps it."""
    first = sandbox.stable_token(OFFICIAL_ACCOUNT)
    assert first["expires_in"] == 7200

    sandbox.advance(6000)
    later = sandbox.stable_token(OFFICIAL_ACCOUNT)
    assert later["access_token"] == first["access_token"]
    assert 1190 <= later["expires_in"] <= 1200

    sandbox.advance(901)
    last = sandbox.stable_token(OFFICIAL_ACCOUNT)
    assert last["access_token"] != first["access_token"]
    assert last["expires_in"] == 7200
    assert _works(sandbox, first["access_token"]) == 0
    sandbox.advance(300)
    assert _works(sandbox, first["access_token"]) == 42001
    assert _works(sandbox, last["access_token"]) == 0


def test_forced_refresh_kills_the_token_at_once(sandbox: Driver) -> None:
    """The forced token replaces the old one; within 30 seconds nothing is forced again."""
    first = sandbox.stable_token(OFFICIAL_ACCOUNT)["access_token"]

    second = sandbox.stable_token(OFFICIAL_ACCOUNT, force_refresh=True)["access_token"]
    third = sandbox.stable_token(OFFICIAL_ACCOUNT, force_refresh=True)["access_token"]

    assert first != second == third
    assert _works(sandbox, first) == 40001
    sandbox.advance(31)
    assert sandbox.stable_token(OFFICIAL_ACCOUNT, force_refresh=True)["access_token"] != second


def test_forced_refresh_works_twenty_times_a_day(sandbox: Driver) -> None:
    """The twenty-first is refused; the next day it works again."""
    for _ in range(20):
        assert "access_token" in sandbox.stable_token(OFFICIAL_ACCOUNT, force_refresh=True)
        sandbox.advance(31)

    assert sandbox.stable_token(OFFICIAL_ACCOUNT, force_refresh=True)["errcode"] == 45009
    sandbox.advance(86400)
    assert "access_token" in sandbox.stable_token(OFFICIAL_ACCOUNT, force_refresh=True)


def test_the_two_families_of_tokens_do_not_disturb_each_other(sandbox: Driver) -> None:
    """A classic token, even a second one, leaves the stable one alone."""
    stable = sandbox.stable_token(OFFICIAL_ACCOUNT)["access_token"]
    query = {
        "grant_type": "client_credential",
        "appid": OFFICIAL.appid,
        "secret": OFFICIAL.secret,
    }
    for _ in range(2):
        sandbox.ask("GET", "/cgi-bin/token", params=query)

    sandbox.advance(600)

    assert _works(sandbox, stable) == 0
    assert sandbox.stable_token(OFFICIAL_ACCOUNT)["access_token"] == stable


def test_bad_tokens_have_four_different_codes(sandbox: Driver) -> None:
    """Missing, garbage, unknown and another account's are told apart."""
    assert _works(sandbox, "") == 41001
    assert _works(sandbox, "garbage") == 40014
    assert _works(sandbox, "66_" + "a" * 128) == 40001
    assert _works(sandbox, sandbox.token(MINI_PROGRAM)) == 48001


def test_stable_token_wants_post(sandbox: Driver) -> None:
    """GET is refused with 43002, an empty body with 44002, no JSON with 47001."""
    assert sandbox.ask("GET", "/cgi-bin/stable_token").json()["errcode"] == 43002
    assert sandbox.ask("POST", "/cgi-bin/stable_token").json()["errcode"] == 44002
    assert sandbox.ask("POST", "/cgi-bin/stable_token", data="{").json()["errcode"] == 47001


def test_json_under_a_forms_type_is_read(sandbox: Driver) -> None:
    """Clients that send JSON without saying so are understood, as WeChat understands them."""
    body = f'{{"grant_type":"client_credential","appid":"{MINI.appid}","secret":"{MINI.secret}"}}'

    answer = sandbox.ask(
        "POST",
        "/cgi-bin/stable_token",
        data=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.json()["expires_in"] == 7200


def test_daily_quota_ends_and_is_cleared_ten_times_a_month(sandbox: Driver) -> None:
    """The quota of a call is counted, shown, and set back by clear_quota until 48006."""
    quota = sandbox.official("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/menu/create"})
    assert quota["quota"] == {"daily_limit": 1000, "used": 0, "remain": 1000}
    sandbox.official("/cgi-bin/menu/create", {})
    quota = sandbox.official("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/menu/create"})
    assert quota["quota"]["used"] == 1

    answers = [
        sandbox.official("/cgi-bin/clear_quota", {"appid": OFFICIAL.appid})["errcode"]
        for _ in range(11)
    ]
    assert answers == [0] * 10 + [48006]
    by_secret = {"appid": OFFICIAL.appid, "appsecret": OFFICIAL.secret}
    answer = sandbox.ask("POST", "/cgi-bin/clear_quota/v2", json=by_secret).json()
    assert answer["errcode"] == 48006
