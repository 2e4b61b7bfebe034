"""What the API tells about people: followers, phone numbers, risk and the check of texts."""

from typing import Any

import pytest

from tests.sandbox.driver import Driver
from wxapp_backend.sandbox.accounts import ACCOUNTS, MINI_PROGRAM

MINI = ACCOUNTS[MINI_PROGRAM]
PHONE = "/wxa/business/getuserphonenumber"


def test_user_info_has_no_name_and_knows_the_way(sandbox: Driver) -> None:
    """A follower has unionid, time and scene; a stranger only that they do not follow."""
    person = sandbox.person()
    openid = person["openids"]["official_account"]

    assert sandbox.official("/cgi-bin/user/info", openid=openid) == {
        "subscribe": 0,
        "openid": openid,
    }
    sandbox.act(person, "follow")
    info = sandbox.official("/cgi-bin/user/info", openid=openid)

    assert info["subscribe"] == 1
    assert info["unionid"] == person["unionid"]
    assert info["subscribe_scene"] == "ADD_SCENE_SEARCH"
    assert not {"nickname", "headimgurl"} & set(info)
    assert sandbox.official("/cgi-bin/user/info", openid="nobody")["errcode"] == 40003


def test_batch_takes_up_to_a_hundred(sandbox: Driver) -> None:
    """Followers and strangers may be mixed; 101 at once are too many."""
    people = [sandbox.person("李静", follows=True), sandbox.person()]
    wanted = [{"openid": one["openids"]["official_account"]} for one in people]

    answer = sandbox.official("/cgi-bin/user/info/batchget", {"user_list": wanted})

    assert [one["subscribe"] for one in answer["user_info_list"]] == [1, 0]
    too_many = {"user_list": wanted[:1] * 101}
    assert sandbox.official("/cgi-bin/user/info/batchget", too_many)["errcode"] == 40032


def test_followers_are_paged(sandbox: Driver) -> None:
    """The first page names the last openid; the page after it has no data."""
    people = [sandbox.person(name, follows=True) for name in ("甲", "乙", "丙")]
    openids = [one["openids"]["official_account"] for one in people]
    sandbox.act(people[1], "unfollow")

    first = sandbox.official("/cgi-bin/user/get")
    last = sandbox.official("/cgi-bin/user/get", next_openid=first["next_openid"])

    assert first["data"]["openid"] == [openids[0], openids[2]]
    assert (first["total"], first["count"]) == (2, 2)
    assert last == {"total": 2, "count": 0, "next_openid": ""}


def test_phone_code_gives_the_number_once(sandbox: Driver) -> None:
    """The number comes with the appid's watermark; the second time the code is 40029."""
    person = sandbox.person()
    code = sandbox.act(person, "phone-code")["code"]

    answer = sandbox.mini(PHONE, {"code": code})

    info = answer["phone_info"]
    assert info["purePhoneNumber"] == person["phone_number"]
    assert info["watermark"]["appid"] == MINI.appid
    assert sandbox.mini(PHONE, {"code": code})["errcode"] == 40029


def test_phone_code_belongs_to_its_person(sandbox: Driver) -> None:
    """With another person's openid it is refused and stays unspent; five minutes kill it."""
    person, other = sandbox.person(), sandbox.person("李静")
    code, late = (sandbox.act(person, "phone-code")["code"] for _ in range(2))

    wrong = {"code": code, "openid": other["openids"]["mini_program"]}
    assert sandbox.mini(PHONE, wrong)["errcode"] == 40029
    right = {"code": code, "openid": person["openids"]["mini_program"]}
    assert sandbox.mini(PHONE, right)["errcode"] == 0
    sandbox.advance(300)
    assert sandbox.mini(PHONE, {"code": late})["errcode"] == 40029


def test_risk_rank_is_what_the_person_was_given(sandbox: Driver) -> None:
    """The rank answers for recent visitors only."""
    person = sandbox.post("/_phones", {"nickname": "羊毛党", "risk_rank": 4})
    body = {
        "appid": MINI.appid,
        "openid": person["openids"]["mini_program"],
        "scene": 1,
        "client_ip": "127.0.0.1",
    }

    assert sandbox.mini("/wxa/getuserriskrank", body)["errcode"] == 61010
    sandbox.act(person, "login-code")
    assert sandbox.mini("/wxa/getuserriskrank", body)["risk_rank"] == 4
    assert sandbox.mini("/wxa/getuserriskrank", {**body, "appid": "wx1"})["errcode"] == 40013
    assert sandbox.mini("/wxa/getuserriskrank", {**body, "client_ip": ""})["errcode"] == 40097


def _check(sandbox: Driver, person: Any, **changed: object) -> Any:
    body = {
        "version": 2,
        "openid": person["openids"]["mini_program"],
        "scene": 2,
        "content": "多亏朋友推荐，味道很好",
    }
    return sandbox.mini("/wxa/msg_sec_check", body | changed)


@pytest.mark.parametrize(
    ("content", "suggest", "label"),
    [
        ("多亏朋友推荐，味道很好", "pass", 100),
        ("一起来赌博", "risky", 20006),
        ("好吃，加我微信", "review", 10001),
        ("加我微信，专业刷单", "risky", 20008),
    ],
)
def test_texts_are_judged(sandbox: Driver, content: str, suggest: str, label: int) -> None:
    """Errcode is 0 in every case: the verdict stands in the result."""
    person = sandbox.person()
    sandbox.act(person, "login-code")

    answer = _check(sandbox, person, content=content)

    assert answer["errcode"] == 0
    assert answer["result"] == {"suggest": suggest, "label": label}


def test_check_needs_a_recent_visit(sandbox: Driver) -> None:
    """Two hours after the last visit it is 61010."""
    person = sandbox.person()
    assert _check(sandbox, person)["errcode"] == 61010
    sandbox.act(person, "login-code")

    sandbox.advance(3600)
    sandbox.act(person, "phone-code")
    sandbox.advance(7100 - 3600)
    assert _check(sandbox, person)["errcode"] == 0
    sandbox.advance(3701)
    sandbox.forget_tokens()
    assert _check(sandbox, person)["errcode"] == 61010


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"version": 1}, 40097),
        ({"openid": "nobody"}, 40003),
        ({"scene": 5}, 40129),
        ({"content": ""}, 44002),
        ({"content": "字" * 2501}, 45002),
    ],
)
def test_check_refuses(sandbox: Driver, changed: dict[str, Any], errcode: int) -> None:
    """Each wrong parameter has its code; the frozen first version is one of them."""
    person = sandbox.person()
    sandbox.act(person, "login-code")

    assert _check(sandbox, person, **changed)["errcode"] == errcode
