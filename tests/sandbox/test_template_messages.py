"""Messages by template: the order of checks, what is shown, and the consent budget."""

import pytest

from tests.sandbox.driver import TIMES, Driver, template_body
from tests.sandbox.receiver import Receiver
from wxapp_backend.sandbox.accounts import ACCOUNTS, MINI_PROGRAM, OFFICIAL_ACCOUNT

SEND = "/cgi-bin/message/template/send"
SUBSCRIPTION = "/cgi-bin/message/subscribe/send"


def test_message_is_shown_as_people_read_it(sandbox: Driver, receiver: Receiver) -> None:
    """Title, labelled lines and what a tap opens; then WeChat reports that it arrived."""
    person = sandbox.person(follows=True)
    openid = person["openids"]["official_account"]
    body = template_body(OFFICIAL_ACCOUNT, openid, thing2="100积分")
    target = {"appid": ACCOUNTS[MINI_PROGRAM].appid, "pagepath": "pages/referrals/index?id=7"}

    answer = sandbox.official(SEND, {**body, "url": "https://x.cn", "miniprogram": target})

    assert answer["errcode"] == 0
    message = sandbox.messages(person)[0]
    assert message["channel"] == "template"
    assert message["title"] == "推荐成功通知"
    assert message["text"] == (
        f"推荐成功通知\n好友昵称：李**\n获得奖励：100积分\n达成时间：{TIMES}\n温馨提示：李**"
    )
    assert message["fields"][1] == {"key": "thing2", "label": "获得奖励", "value": "100积分"}
    assert message["opens"] == {
        "opens": "mini_program",
        "path": "pages/referrals/index",
        "query": "id=7",
    }
    finished = receiver.wait_for("TEMPLATESENDJOBFINISH")[0].message
    assert finished["MsgID"] == str(answer["msgid"])
    assert finished["Status"] == "success"
    assert finished["FromUserName"] == openid


def test_checks_come_in_wechats_order(sandbox: Driver) -> None:
    """Token, template, recipient, following, values: the first fault is the one reported."""
    person = sandbox.person()
    right = template_body(OFFICIAL_ACCOUNT, person["openids"]["official_account"])
    wrong_values = {**right, "data": {}}
    wrong_person = {**wrong_values, "touser": person["openids"]["mini_program"]}
    wrong_template = {**wrong_person, "template_id": "none"}

    def errcode(body: dict[str, object], token: str | None = None) -> int:
        query = {"access_token": sandbox.token(OFFICIAL_ACCOUNT) if token is None else token}
        return int(sandbox.ask("POST", SEND, params=query, json=body).json()["errcode"])

    assert errcode(wrong_template, token="") == 41001
    assert errcode(wrong_template) == 40037
    assert errcode(wrong_person) == 40003
    assert errcode(wrong_values) == 43004
    sandbox.act(person, "follow")
    assert errcode(wrong_values) == 47003
    assert errcode(right) == 0


@pytest.mark.parametrize(
    ("key", "value", "detail"),
    [
        ("thing1", "字" * 21, "data.thing1.value invalid"),
        ("thing2", "", "data.thing2.value is empty"),
        ("time3", "昨天", "data.time3.value invalid"),
        ("thing4", "🎉", "data.thing4.value is empty"),
    ],
)
def test_wrong_value_is_named(sandbox: Driver, key: str, value: str, detail: str) -> None:
    """47003 names the first key that breaks its rule, and nothing is shown."""
    person = sandbox.person(follows=True)
    openid = person["openids"]["official_account"]

    body = template_body(OFFICIAL_ACCOUNT, openid)
    body["data"][key] = {"value": value}

    answer = sandbox.official(SEND, body)

    assert answer["errcode"] == 47003
    assert detail in answer["errmsg"]
    assert sandbox.messages(person) == []


def test_data_must_be_an_object_of_values(sandbox: Driver) -> None:
    """A data object sent as a JSON text is refused, as it is by WeChat."""
    person = sandbox.person(follows=True)
    body = template_body(OFFICIAL_ACCOUNT, person["openids"]["official_account"])

    assert sandbox.official(SEND, {**body, "data": "{}"})["errcode"] == 47003


def test_emoji_and_foreign_keys_vanish_silently(sandbox: Driver) -> None:
    """The send succeeds; the phone shows the text without them."""
    person = sandbox.person(follows=True)
    openid = person["openids"]["official_account"]
    body = template_body(OFFICIAL_ACCOUNT, openid, thing1="小美🎉", first="开头", remark="结尾")

    assert sandbox.official(SEND, body)["errcode"] == 0
    text = sandbox.messages(person)[0]["text"]
    assert "好友昵称：小美\n" in text
    assert "开头" not in text
    assert "结尾" not in text


def test_same_client_msg_id_is_sent_once_in_ten_minutes(sandbox: Driver) -> None:
    """The repeat is answered with the first number and shows nothing; later it is new again."""
    person, other = sandbox.person(follows=True), sandbox.person("李静", follows=True)

    def send(who: dict[str, dict[str, str]]) -> object:
        body = template_body(OFFICIAL_ACCOUNT, who["openids"]["official_account"])
        return sandbox.official(SEND, {**body, "client_msg_id": "success-1"})["msgid"]

    first = send(person)
    assert send(person) == first
    assert send(other) != first
    assert len(sandbox.messages(person)) == 1
    sandbox.advance(601)
    assert send(person) != first
    assert len(sandbox.messages(person)) == 2


def test_refused_message_does_not_use_up_its_client_msg_id(sandbox: Driver) -> None:
    """After a refusal the same id goes through."""
    person = sandbox.person(follows=True)
    openid = person["openids"]["official_account"]
    wrong = template_body(OFFICIAL_ACCOUNT, openid, thing1="字" * 21) | {"client_msg_id": "a"}
    right = template_body(OFFICIAL_ACCOUNT, openid) | {"client_msg_id": "a"}

    assert sandbox.official(SEND, wrong)["errcode"] == 47003
    assert sandbox.official(SEND, right)["errcode"] == 0
    assert len(sandbox.messages(person)) == 1


def test_each_yes_is_the_right_to_one_subscription_message(
    sandbox: Driver, receiver: Receiver
) -> None:
    """Without a yes 43101; two yeses carry two messages; a no carries none."""
    person = sandbox.person()
    body = template_body(MINI_PROGRAM, person["openids"]["mini_program"], nth=2)
    body["page"] = "packages/account/inbox/index?from=message"
    template_id = body["template_id"]

    assert sandbox.mini(SUBSCRIPTION, body)["errcode"] == 43101
    sandbox.act(person, "subscribe", template_ids=[template_id], accept=False)
    assert sandbox.mini(SUBSCRIPTION, body)["errcode"] == 43101
    for _ in range(2):
        answer = sandbox.act(person, "subscribe", template_ids=[template_id], accept=True)
        assert answer["template_results"] == {template_id: "accept"}
    codes = [sandbox.mini(SUBSCRIPTION, body)["errcode"] for _ in range(3)]

    assert codes == [0, 0, 43101]
    message = sandbox.messages(person)[0]
    assert (message["channel"], message["chat"]) == ("subscription", "service_notices")
    assert message["title"] == "好友再次到店通知"
    assert message["opens"]["path"] == "packages/account/inbox/index"
    popups = receiver.wait_for("subscribe_msg_popup_event", 3)
    inside = popups[0].message["SubscribeMsgPopupEvent"]
    assert inside == {
        "List": {
            "TemplateId": template_id,
            "SubscribeStatusString": "reject",
            "PopupScene": "0",
        }
    }


def test_sent_subscription_is_reported(sandbox: Driver, receiver: Receiver) -> None:
    """The event carries the number that the call answered."""
    person = sandbox.person()
    body = template_body(MINI_PROGRAM, person["openids"]["mini_program"])
    sandbox.act(person, "subscribe", template_ids=[body["template_id"]], accept=True)

    msgid = sandbox.mini(SUBSCRIPTION, body)["msgid"]

    sent = receiver.wait_for("subscribe_msg_sent_event")[0].message["SubscribeMsgSentEvent"]
    assert sent == {
        "List": {
            "TemplateId": body["template_id"],
            "MsgID": str(msgid),
            "ErrorCode": "0",
            "ErrorStatus": "success",
        }
    }


def test_withdrawal_takes_all_rights_and_is_told(sandbox: Driver, receiver: Receiver) -> None:
    """After it 43101; the backend hears a reject."""
    person = sandbox.person()
    body = template_body(MINI_PROGRAM, person["openids"]["mini_program"])
    for _ in range(2):
        sandbox.act(person, "subscribe", template_ids=[body["template_id"]])

    sandbox.act(person, "withdraw", template_ids=[body["template_id"]])

    assert sandbox.mini(SUBSCRIPTION, body)["errcode"] == 43101
    change = receiver.of("subscribe_msg_change_event")[0].message["SubscribeMsgChangeEvent"]
    assert change == {
        "List": {"TemplateId": body["template_id"], "SubscribeStatusString": "reject"}
    }


@pytest.mark.parametrize("finish", ["failed:user block", "failed: system failed"])
def test_accepted_message_may_still_fail(sandbox: Driver, receiver: Receiver, finish: str) -> None:
    """The call succeeds, the phone shows nothing, and the event says why."""
    person = sandbox.person(follows=True)
    sandbox.post("/_faults", {"path": SEND, "finish": finish})

    body = template_body(OFFICIAL_ACCOUNT, person["openids"]["official_account"])
    answers = [sandbox.official(SEND, body) for _ in range(2)]

    assert [one["errcode"] for one in answers] == [0, 0]
    finished = receiver.wait_for("TEMPLATESENDJOBFINISH", 2)
    statuses = {str(one.message["MsgID"]): one.message["Status"] for one in finished}
    assert statuses == {str(answers[0]["msgid"]): finish, str(answers[1]["msgid"]): "success"}
    assert len(sandbox.messages(person)) == 1


def test_subscription_refusal_keeps_the_right(sandbox: Driver) -> None:
    """A wrong value costs nothing: the next, right message goes through."""
    person = sandbox.person()
    openid = person["openids"]["mini_program"]
    body = template_body(MINI_PROGRAM, openid)
    sandbox.act(person, "subscribe", template_ids=[body["template_id"]], accept=True)

    wrong = template_body(MINI_PROGRAM, openid, thing1="字" * 21)
    assert sandbox.mini(SUBSCRIPTION, wrong)["errcode"] == 47003
    assert sandbox.mini(SUBSCRIPTION, {**body, "miniprogram_state": "beta"})["errcode"] == 40097
    assert sandbox.mini(SUBSCRIPTION, body)["errcode"] == 0


def test_consent_dialog_has_wechats_limits(sandbox: Driver) -> None:
    """No template, six at once and a strange one are refused with WeChat's numbers."""
    person = sandbox.person()
    mine = [one.template_id for one in ACCOUNTS[MINI_PROGRAM].templates]

    for ids, errcode in (([], 10001), (mine * 2, 20003), (["strange"], 20001)):
        response = sandbox.ask(
            "POST", f"/_phones/{person['id']}/subscribe", json={"template_ids": ids}
        )
        assert response.status_code == 422
        assert response.json()["error"]["details"]["errCode"] == errcode


def test_success_and_second_visit_words_stand_in_one_template_each() -> None:
    """推荐成功 and 再次到店 each belong to exactly one title and to no label."""
    for account in ACCOUNTS.values():
        texts = [
            one.title + "".join(line.label for line in one.keywords) for one in account.templates
        ]
        assert [("推荐成功" in text, "再次到店" in text) for text in texts] == [
            (True, False),
            (False, True),
            (False, False),
        ]
        assert len({one.template_id for one in account.templates}) == 3
        assert all(len(one.template_id) == 43 for one in account.templates)
