"""The mini-program's calls have WeChat's paths, bodies and limits."""

import pytest

from tests.integration.wechat.conftest import ACCOUNT, SECRET
from tests.integration.wechat.server import TOKEN_PATH, Answer, WeChatServer, answer
from wxapp_backend.infra.wechat.client import ApiClient
from wxapp_backend.infra.wechat.errors import (
    BadCode,
    BadInput,
    NotConfigured,
    NotVisitedLately,
    OutcomeUnknown,
    PersonBlocked,
    Unavailable,
    UserRefused,
    WeChatError,
)
from wxapp_backend.infra.wechat.miniapp import LoginResult, MiniApp, Phone, Scene, Verdict

LOGIN = "/sns/jscode2session"
PHONE = "/wxa/business/getuserphonenumber"
SEND = "/cgi-bin/message/subscribe/send"
CODE = "/wxa/getwxacodeunlimit"
CHECK = "/wxa/msg_sec_check"
RISK = "/wxa/getuserriskrank"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 700_000


def test_login_gives_ids_and_drops_the_session_key(wechat: WeChatServer, mini: MiniApp) -> None:
    """One call, no access token, and nothing of the session key in the result."""
    wechat.script(LOGIN, answer(openid="o1", unionid="u1", session_key="S==", errcode=0))

    found = mini.login("the-code")

    (asked,) = wechat.asked
    assert found == LoginResult("o1", "u1")
    assert repr(found) == "LoginResult()"
    assert (asked.method, asked.path) == ("GET", LOGIN)
    assert asked.query == {
        "appid": ACCOUNT.appid,
        "secret": SECRET,
        "js_code": "the-code",
        "grant_type": "authorization_code",
    }


def test_login_without_open_platform_has_no_unionid(wechat: WeChatServer, mini: MiniApp) -> None:
    """An unbound app gives the openid alone."""
    wechat.script(LOGIN, answer(openid="o1", session_key="S=="))

    assert mini.login("c").unionid is None


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(errcode=40029, errmsg="invalid code"), BadCode),
        (answer(errcode=40226, errmsg="code blocked"), PersonBlocked),
        (answer(errcode=-1, errmsg="system error"), Unavailable),
        (answer(errcode=40125, errmsg="invalid appsecret"), NotConfigured),
        (answer(session_key="S=="), OutcomeUnknown),
        (answer(openid=""), OutcomeUnknown),
        (answer(openid=["o1"]), OutcomeUnknown),
        (answer(openid="o" * 129), OutcomeUnknown),
        (answer(openid="o\n1"), OutcomeUnknown),
    ],
)
def test_failed_login_is_never_repeated(
    wechat: WeChatServer, mini: MiniApp, given: Answer, kind: type[WeChatError]
) -> None:
    """A code works once, so one call is all."""
    wechat.script(LOGIN, given)

    with pytest.raises(WeChatError) as caught:
        mini.login("c")

    assert type(caught.value) is kind
    assert len(wechat.asked) == 1


@pytest.mark.parametrize("code", ["", "x" * 129, "中文", "a\nb"])
def test_what_is_no_code_is_not_sent(wechat: WeChatServer, mini: MiniApp, code: str) -> None:
    """WeChat counts wrong codes; obvious ones do not reach it."""
    with pytest.raises(BadCode):
        mini.login(code)
    with pytest.raises(BadCode):
        mini.phone(code)

    assert wechat.asked == []


@pytest.mark.parametrize("country", ["86", 86])
def test_phone_number_is_exchanged(wechat: WeChatServer, mini: MiniApp, country: object) -> None:
    """WeChat checks that the code is this person's; old answers have a number as country."""
    wechat.script(
        PHONE,
        answer(
            errcode=0,
            phone_info={
                "phoneNumber": "13800008000",
                "purePhoneNumber": "13800008000",
                "countryCode": country,
                "watermark": {"timestamp": 1, "appid": ACCOUNT.appid},
            },
        ),
    )

    found = mini.phone("c", "o1")

    assert found == Phone("13800008000", "86")
    assert "138" not in repr(found)
    assert wechat.calls(PHONE)[0].json == {"code": "c", "openid": "o1"}


def test_phone_number_of_another_app_is_refused(wechat: WeChatServer, mini: MiniApp) -> None:
    """The watermark says whose number it is."""
    info = {"purePhoneNumber": "13800008000", "watermark": {"appid": "wxother"}}
    wechat.script(PHONE, answer(errcode=0, phone_info=info))

    with pytest.raises(BadCode):
        mini.phone("c", "o1")


@pytest.mark.parametrize("image", [PNG, b"\xff\xd8\xff\xe0" + b"0" * 100])
def test_code_image_is_returned_whole(wechat: WeChatServer, mini: MiniApp, image: bytes) -> None:
    """Bytes come back as they are; the body names scene, page, edition and width."""
    wechat.script(CODE, Answer(image, headers={"Content-Type": "image/jpeg"}))

    assert mini.code_image("ABCD2345", "pages/landing/index") == image
    assert wechat.calls(CODE)[0].json == {
        "scene": "ABCD2345",
        "page": "pages/landing/index",
        "width": 430,
        "check_path": True,
        "env_version": "release",
    }


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(errcode=40129, errmsg="invalid scene"), BadInput),
        (answer(errcode=41030, errmsg="invalid page"), BadInput),
        (answer(errcode=45029, errmsg="qrcode count out of limit"), NotConfigured),
        (Answer(b"<html>"), Unavailable),
        (Answer(b""), Unavailable),
        (Answer(b"GIF89a"), Unavailable),
        (Answer(b"\xff\xd8\xff" + b"0" * (4 * 1024 * 1024)), Unavailable),
    ],
)
def test_what_is_no_image_is_an_error(
    wechat: WeChatServer, mini: MiniApp, given: Answer, kind: type[WeChatError]
) -> None:
    """Errors come as JSON with status 200; only a picture passes for one."""
    wechat.script(CODE, given)

    with pytest.raises(WeChatError) as caught:
        mini.code_image("A")

    assert type(caught.value) is kind


def test_code_after_a_rejected_token_is_asked_for_again(
    wechat: WeChatServer, mini: MiniApp
) -> None:
    """The one retry works for pictures too."""
    wechat.queue(CODE, answer(errcode=42001, errmsg="access_token expired"))
    wechat.script(CODE, Answer(PNG))

    assert mini.code_image("A") == PNG


@pytest.mark.parametrize(
    ("edition", "state"), [("release", "formal"), ("trial", "trial"), ("develop", "developer")]
)
def test_subscription_message_has_wechats_body(
    wechat: WeChatServer, api: ApiClient, edition: str, state: str
) -> None:
    """Values are wrapped, the edition is named as this call names it."""
    wechat.script(SEND, answer(errcode=0, errmsg="ok", msgid=294402298110051942))

    found = MiniApp(api, env_version=edition).send_subscribe("o1", "t1", {"thing1": "李**"}, "p/q")

    assert found == "294402298110051942"
    assert wechat.calls(SEND)[0].json == {
        "touser": "o1",
        "template_id": "t1",
        "page": "p/q",
        "data": {"thing1": {"value": "李**"}},
        "miniprogram_state": state,
        "lang": "zh_CN",
    }


def test_used_up_consent_is_final_for_the_person(wechat: WeChatServer, mini: MiniApp) -> None:
    """43101 is an ordinary outcome: nobody repeats it."""
    wechat.script(SEND, answer(errcode=43101, errmsg="user refuse to accept the msg"))

    with pytest.raises(UserRefused) as caught:
        mini.send_subscribe("o1", "t1", {})

    assert (caught.value.final_for_person, caught.value.retryable) == (True, False)


def test_unknown_edition_is_refused_at_start(api: ApiClient) -> None:
    """A mistyped edition does not wait for the first message."""
    with pytest.raises(NotConfigured):
        MiniApp(api, env_version="beta")


@pytest.mark.parametrize("label", [100, "100"])
def test_text_check_returns_the_verdict(wechat: WeChatServer, mini: MiniApp, label: object) -> None:
    """The second version's body goes out; the label may come as text."""
    wechat.script(
        CHECK, answer(errcode=0, result={"suggest": "pass", "label": label}, trace_id="t")
    )

    found = mini.check_text("o1", Scene.COMMENT, "很好吃")

    assert found == Verdict("pass", 100, "t")
    assert found.is_pass
    assert wechat.calls(CHECK)[0].json == {
        "version": 2,
        "openid": "o1",
        "scene": 2,
        "content": "很好吃",
    }


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(errcode=61010, errmsg="code is expired"), NotVisitedLately),
        (answer(errcode=0), Unavailable),
        (answer(errcode=0, result={"suggest": "maybe", "label": 1}), Unavailable),
        (answer(errcode=0, result={"suggest": "pass"}), Unavailable),
    ],
)
def test_no_verdict_is_never_a_pass(
    wechat: WeChatServer, mini: MiniApp, given: Answer, kind: type[WeChatError]
) -> None:
    """An answer without a clear suggestion is an error."""
    wechat.script(CHECK, given)

    with pytest.raises(WeChatError) as caught:
        mini.check_text("o1", Scene.COMMENT, "x")

    assert type(caught.value) is kind


def test_risk_rank_is_between_none_and_block(wechat: WeChatServer, mini: MiniApp) -> None:
    """The rank is WeChat's, the optional number is left out when unknown."""
    wechat.script(RISK, answer(errcode=0, risk_rank=3, unoin_id=1))

    assert mini.risk_rank("o1", "203.0.113.9") == 3
    assert wechat.calls(RISK)[0].json == {
        "appid": ACCOUNT.appid,
        "openid": "o1",
        "scene": 1,
        "client_ip": "203.0.113.9",
    }


def test_url_link_lives_at_most_thirty_days(wechat: WeChatServer, mini: MiniApp) -> None:
    """WeChat refuses longer ones, so they are shortened here."""
    wechat.script("/wxa/generate_urllink", answer(errcode=0, url_link="https://wxaurl.cn/x"))

    assert mini.url_link("pages/landing/index", "c=1", days=90) == "https://wxaurl.cn/x"
    assert wechat.calls("/wxa/generate_urllink")[0].json["expire_interval"] == 30


def test_templates_name_their_keys(wechat: WeChatServer, mini: MiniApp) -> None:
    """The keys are read out of the template's text, in order; odd rows are left out."""
    content = "奖励:{{thing1.DATA}}\n时间:{{time2.DATA}}"
    row = {"priTmplId": "T1", "title": "奖励到账", "content": content}
    wechat.script("/wxaapi/newtmpl/gettemplate", answer(errcode=0, data=[row, {}, 5]))

    (template,) = mini.templates()

    assert (template.template_id, template.title) == ("T1", "奖励到账")
    assert template.keys == ("thing1", "time2")
    assert len(wechat.calls(TOKEN_PATH)) == 1
