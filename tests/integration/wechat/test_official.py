"""The official account's calls have WeChat's paths, bodies and limits."""

import json

import pytest

from tests.integration.wechat.conftest import ACCOUNT
from tests.integration.wechat.server import Answer, Asked, WeChatServer, answer
from wxapp_backend.infra.wechat.errors import (
    OutcomeUnknown,
    Unavailable,
    UnknownPerson,
    UserRefused,
    WeChatError,
)
from wxapp_backend.infra.wechat.official import (
    Follower,
    FollowerPage,
    MiniProgramPage,
    OfficialAccount,
    TemporaryCode,
)

USER = "/cgi-bin/user/info"
USERS = "/cgi-bin/user/info/batchget"
FOLLOWERS = "/cgi-bin/user/get"
TEMPLATE = "/cgi-bin/message/template/send"
CUSTOM = "/cgi-bin/message/custom/send"
QR = "/cgi-bin/qrcode/create"


def test_follower_has_the_unionid_and_no_profile(
    wechat: WeChatServer, official: OfficialAccount
) -> None:
    """What WeChat still tells of a follower is read; ids stay out of the text form."""
    wechat.script(
        USER,
        answer(
            subscribe=1,
            openid="o1",
            unionid="u1",
            subscribe_time=1767225600,
            subscribe_scene="ADD_SCENE_QR_CODE",
            qr_scene_str="ABCD2345",
        ),
    )

    found = official.user("o1")

    assert found == Follower(
        "o1",
        is_following=True,
        unionid="u1",
        followed_at=1767225600,
        source="ADD_SCENE_QR_CODE",
        scene="ABCD2345",
    )
    assert "o1" not in repr(found)
    assert "u1" not in repr(found)
    assert wechat.calls(USER)[0].query["openid"] == "o1"


def test_person_who_does_not_follow_is_known_by_openid_alone(
    wechat: WeChatServer, official: OfficialAccount
) -> None:
    """The short form of the answer is no error."""
    wechat.script(USER, answer(subscribe=0, openid="o1"))

    assert official.user("o1") == Follower("o1", is_following=False)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(errcode=40003, errmsg="invalid openid"), UnknownPerson),
        (answer(openid="o1"), Unavailable),
        (answer(openid="o1", subscribe=True), Unavailable),
        (answer(openid="o1", subscribe=-1), Unavailable),
        (answer(subscribe=1), Unavailable),
    ],
)
def test_unusable_user_is_an_error(
    wechat: WeChatServer, official: OfficialAccount, given: Answer, kind: type[WeChatError]
) -> None:
    """Nobody is taken for a follower by a missing field."""
    wechat.script(USER, given)

    with pytest.raises(WeChatError) as caught:
        official.user("o1")

    assert type(caught.value) is kind


def test_many_users_are_asked_for_by_hundreds(
    wechat: WeChatServer, official: OfficialAccount
) -> None:
    """250 people take three calls and keep their order."""

    def script(asked: Asked) -> Answer:
        rows = json.loads(asked.body)["user_list"]
        return answer(user_info_list=[{"openid": row["openid"], "subscribe": 0} for row in rows])

    wechat.script(USERS, script)
    openids = [f"o{number}" for number in range(250)]

    assert [found.openid for found in official.users(openids)] == openids
    assert [len(json.loads(call.body)["user_list"]) for call in wechat.calls(USERS)] == [
        100,
        100,
        50,
    ]


def test_followers_page_by_cursor_until_a_page_is_empty(
    wechat: WeChatServer, official: OfficialAccount
) -> None:
    """The last page may still name a next one; it is the last all the same."""
    wechat.queue(
        FOLLOWERS,
        answer(total=2, count=2, data={"openid": ["o1", "o2"]}, next_openid="o2"),
        answer(total=2, count=0, next_openid="o2"),
    )

    first = official.followers()
    last = official.followers(first.next_cursor)

    assert first == FollowerPage(2, ("o1", "o2"), "o2")
    assert last == FollowerPage(2, (), None)
    assert [call.query.get("next_openid") for call in wechat.calls(FOLLOWERS)] == [None, "o2"]


def test_template_message_leads_to_the_mini_program(
    wechat: WeChatServer, official: OfficialAccount
) -> None:
    """Page, fallback and WeChat's dedupe id are sent; the id comes back as text."""
    wechat.script(TEMPLATE, answer(errcode=0, errmsg="ok", msgid=3838383838383838383))

    found = official.send_template(
        "o1",
        "t1",
        {"thing1": "李**", "time2": "2026年3月2日 11:04"},
        opens=MiniProgramPage("wxmini", "pages/mine/index", "https://shop.example/r"),
        client_msg_id="d-1",
    )

    assert found == "3838383838383838383"
    assert wechat.calls(TEMPLATE)[0].json == {
        "touser": "o1",
        "template_id": "t1",
        "data": {"thing1": {"value": "李**"}, "time2": {"value": "2026年3月2日 11:04"}},
        "client_msg_id": "d-1",
        "miniprogram": {"appid": "wxmini", "pagepath": "pages/mine/index"},
        "url": "https://shop.example/r",
    }


def test_template_message_can_lead_to_a_page_or_nowhere(
    wechat: WeChatServer, official: OfficialAccount
) -> None:
    """Absent parts are left out rather than null."""
    wechat.script(TEMPLATE, answer(errcode=0, msgid=1))

    official.send_template("o1", "t1", {}, opens="https://shop.example")
    official.send_template("o1", "t1", {})

    first, second = (call.json for call in wechat.calls(TEMPLATE))
    assert first["url"] == "https://shop.example"
    assert second == {"touser": "o1", "template_id": "t1", "data": {}}


def test_message_that_wechat_has_already_is_no_failure(
    wechat: WeChatServer, official: OfficialAccount
) -> None:
    """The repeat after an unknown outcome ends well."""
    wechat.queue(TEMPLATE, Answer(b"", status=502))
    wechat.script(TEMPLATE, answer(errcode=45065, errmsg="clientmsgid exist"))

    with pytest.raises(OutcomeUnknown):
        official.send_template("o1", "t1", {}, client_msg_id="d-1")

    assert official.send_template("o1", "t1", {}, client_msg_id="d-1") is None


def test_people_who_do_not_follow_get_nothing(
    wechat: WeChatServer, official: OfficialAccount
) -> None:
    """43004 is final for this person."""
    wechat.script(TEMPLATE, answer(errcode=43004, errmsg="require subscribe"))

    with pytest.raises(UserRefused):
        official.send_template("o1", "t1", {})


def test_customer_service_messages_have_wechats_body(
    wechat: WeChatServer, official: OfficialAccount
) -> None:
    """Text and picture differ in their type alone."""
    official.send_text("o1", "您好")
    official.send_image("o1", "m1")

    assert [call.json for call in wechat.calls(CUSTOM)] == [
        {"touser": "o1", "msgtype": "text", "text": {"content": "您好"}},
        {"touser": "o1", "msgtype": "image", "image": {"media_id": "m1"}},
    ]


@pytest.mark.parametrize(("seconds", "sent"), [(3600, 3600), (10**9, 2_592_000), (1, 60)])
def test_temporary_code_lives_within_wechats_limits(
    wechat: WeChatServer, official: OfficialAccount, seconds: int, sent: int
) -> None:
    """At most thirty days; the answer has no errcode."""
    wechat.script(QR, answer(ticket="gQ1", expire_seconds=sent, url="http://weixin.qq.com/q/1"))

    found = official.temp_qr("ABCD2345", seconds)

    assert found == TemporaryCode("gQ1", "http://weixin.qq.com/q/1", sent)
    assert wechat.calls(QR)[0].json == {
        "expire_seconds": sent,
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": "ABCD2345"}},
    }


def test_menu_is_created_found_and_deleted(wechat: WeChatServer, official: OfficialAccount) -> None:
    """Names go out as UTF-8, because WeChat shows escapes literally; no menu is None."""
    official.create_menu([{"type": "click", "name": "我的奖励", "key": "rewards"}])
    wechat.script("/cgi-bin/menu/get", answer(menu={"button": []}))
    assert official.find_menu() == {"menu": {"button": []}}
    wechat.script("/cgi-bin/menu/get", answer(errcode=46003, errmsg="menu no exist"))
    assert official.find_menu() is None
    official.delete_menu()

    assert "我的奖励".encode() in wechat.calls("/cgi-bin/menu/create")[0].body
    assert len(wechat.calls("/cgi-bin/menu/delete")) == 1


def test_picture_is_uploaded(wechat: WeChatServer, official: OfficialAccount) -> None:
    """The file has a name and a type, without which WeChat refuses it."""
    wechat.script("/cgi-bin/media/upload", answer(type="image", media_id="m1", created_at=1))

    assert official.upload_image("poster.png", b"\x89PNG", "image/png") == "m1"
    (asked,) = wechat.calls("/cgi-bin/media/upload")
    assert b'filename="poster.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG' in asked.body


def test_account_facts_for_an_operator(wechat: WeChatServer, official: OfficialAccount) -> None:
    """Templates, callback addresses and the quota reset are reachable."""
    row = {"template_id": "T1", "title": "到账", "content": "{{thing1.DATA}}{{amount2.DATA}}"}
    wechat.script("/cgi-bin/template/get_all_private_template", answer(template_list=[row]))
    wechat.script("/cgi-bin/getcallbackip", answer(ip_list=["192.0.2.0/24"]))

    assert official.templates()[0].keys == ("thing1", "amount2")
    assert official.callback_ips() == ("192.0.2.0/24",)
    official.clear_quota()
    assert wechat.calls("/cgi-bin/clear_quota")[0].json == {"appid": ACCOUNT.appid}
