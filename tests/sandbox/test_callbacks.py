"""Callbacks: three modes, retries, duplicates, order, and what the chat shows of the answers."""

import time

import pytest

from tests.sandbox.conftest import Starter
from tests.sandbox.driver import Driver
from tests.sandbox.receiver import Answer, Delivery, Receiver, sealed, text_reply
from wxapp_backend.sandbox.accounts import ACCOUNTS, OFFICIAL_ACCOUNT
from wxapp_backend.sandbox.callbacks.crypto import sign

APOLOGY = "该公众号暂时无法提供服务，请稍后再试"
TOKEN = ACCOUNTS[OFFICIAL_ACCOUNT].token


def greeting(delivery: Delivery) -> tuple[int, bytes]:
    """Answer with an encrypted text."""
    return 200, sealed(delivery, text_reply(delivery, "您好"))


def saying(words: str) -> Answer:
    """Make an answer that is always this text, encrypted."""
    return lambda one: (200, sealed(one, text_reply(one, words)))


def always(body: bytes) -> Answer:
    """Make an answer that is always this body."""
    return lambda _: (200, body)


def plain_greeting(delivery: Delivery) -> tuple[int, bytes]:
    """Answer with a text that is not encrypted."""
    return 200, text_reply(delivery, "您好").encode()


def test_safe_mode_sends_nothing_readable(sandbox: Driver, receiver: Receiver) -> None:
    """Outside stand the account and the cipher; the message inside has what the person wrote."""
    person = sandbox.person()

    sandbox.act(person, "send", text="帮助 <b>&]]>")

    (delivery,) = receiver.deliveries
    assert list(delivery.outer) == ["ToUserName", "Encrypt"]
    query = delivery.query
    assert query["encrypt_type"] == "aes"
    assert query["openid"] == person["openids"]["official_account"]
    assert query["signature"] == sign(TOKEN, query["timestamp"], query["nonce"])
    encrypted = str(delivery.outer["Encrypt"])
    assert query["msg_signature"] == sign(TOKEN, query["timestamp"], query["nonce"], encrypted)
    message = delivery.message
    assert list(message) == [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "Content",
        "MsgId",
    ]
    assert message["Content"] == "帮助 <b>&]]>"


def test_plain_mode_signs_but_does_not_encrypt(start: Starter, receiver: Receiver) -> None:
    """The message stands in the body; a plain reply is shown."""
    sandbox = start("plain")
    receiver.answer = plain_greeting

    told = sandbox.act(sandbox.person(), "send", text="帮助")

    (delivery,) = receiver.deliveries
    assert delivery.outer["Content"] == "帮助"
    assert "msg_signature" not in delivery.query
    assert [one["text"] for one in told["replies"]] == ["您好"]


@pytest.mark.parametrize("answer", [greeting, plain_greeting])
def test_compatible_mode_sends_both_and_takes_either(
    start: Starter, receiver: Receiver, answer: Answer
) -> None:
    """Plain fields and cipher stand side by side; both kinds of reply are shown."""
    sandbox = start("compat")
    receiver.answer = answer

    told = sandbox.act(sandbox.person(), "send", text="帮助")

    (delivery,) = receiver.deliveries
    assert delivery.outer["Content"] == "帮助"
    assert delivery.message["Content"] == "帮助"
    assert [one["text"] for one in told["replies"]] == ["您好"]


def test_reply_is_shown_in_the_chat(sandbox: Driver, receiver: Receiver) -> None:
    """The action answers it and the phone keeps it, as channel reply."""
    receiver.answer = greeting
    person = sandbox.person()

    told = sandbox.act(person, "send", text="帮助")

    assert told["replies"] == sandbox.messages(person)
    assert told["replies"][0]["channel"] == "reply"
    assert told["replies"][0]["text"] == "您好"


def test_link_in_a_text_becomes_a_tap(sandbox: Driver, receiver: Receiver) -> None:
    """The label is read, the target opens; a mini-program goes before the web page."""
    page = '<a href="https://x.cn/a?b=1&amp;c=2">看规则</a>'
    mini = (
        '<a href="https://x.cn" data-miniprogram-appid="wx1" '
        'data-miniprogram-path="pages/home/index?a=1">打开小程序</a>'
    )
    for anchor, text, opens in (
        (page, "点这里看规则", {"opens": "url", "url": "https://x.cn/a?b=1&c=2"}),
        (
            mini,
            "点这里打开小程序",
            {"opens": "mini_program", "path": "pages/home/index", "query": "a=1"},
        ),
    ):
        receiver.answer = saying("点这里" + anchor)
        (reply,) = sandbox.act(sandbox.person(), "send", text="规则")["replies"]
        assert (reply["text"], reply["opens"]) == (text, opens)


def _wrong_person(one: Delivery) -> bytes:
    return sealed(one, text_reply(one, "您好", ToUserName="somebody"))


def _wrong_account(one: Delivery) -> bytes:
    return sealed(one, text_reply(one, "您好", FromUserName="gh_other"))


def _wrong_signature(one: Delivery) -> bytes:
    return greeting(one)[1].replace(b"1320562132", b"1320562133")


@pytest.mark.parametrize(
    "body",
    [
        lambda _: b'{"text": "hello"}',
        lambda _: b"<xml><broken",
        lambda one: text_reply(one, "not encrypted").encode(),
        _wrong_person,
        _wrong_account,
        _wrong_signature,
        lambda one: sealed(one, text_reply(one, "x", MsgType="poem")),
        lambda one: sealed(one, text_reply(one, "")),
        lambda one: sealed(one, text_reply(one, "字" * 683)),
        lambda one: sealed(one, text_reply(one, "x", CreateTime="now")),
        lambda one: sealed(one, text_reply(one, "", MsgType="image", Image={"MediaId": "none"})),
        lambda _: b"<xml><Encrypt>AAAA</Encrypt></xml>",
    ],
)
def test_unusable_reply_shows_the_apology(
    sandbox: Driver, receiver: Receiver, body: object
) -> None:
    """One delivery is enough: the backend answered, but with nothing that WeChat can use."""
    assert callable(body)
    receiver.answer = lambda one: (200, body(one))
    person = sandbox.person()

    told = sandbox.act(person, "send", text="帮助")

    assert [one["text"] for one in told["replies"]] == [APOLOGY]
    assert told["replies"][0]["is_notice"] is True
    assert len(receiver.deliveries) == 1


def test_failures_are_repeated_with_a_fresh_signature(sandbox: Driver, receiver: Receiver) -> None:
    """Nonce and signature change from delivery to delivery; the message does not."""
    answers = iter([500, 403, 200])
    receiver.answer = lambda one: (next(answers), greeting(one)[1])

    told = sandbox.act(sandbox.person(), "send", text="帮助")

    assert [one["text"] for one in told["replies"]] == ["您好"]
    assert len({one.query["nonce"] for one in receiver.deliveries}) == 3
    assert len({one.query["msg_signature"] for one in receiver.deliveries}) == 3
    first, second, third = (one.message for one in receiver.deliveries)
    assert first == second == third


def test_after_three_failures_the_chat_apologises(sandbox: Driver, receiver: Receiver) -> None:
    """Three deliveries in all; then the person reads that the service is away."""
    receiver.answer = lambda _: (500, b"")
    person = sandbox.person()

    told = sandbox.act(person, "send", text="帮助")

    assert len(receiver.deliveries) == 3
    assert [one["text"] for one in told["replies"]] == [APOLOGY]
    assert sandbox.messages(person) == told["replies"]


def test_nobody_listening_is_a_failure_too(start: Starter) -> None:
    """A backend that is down gives the apology, not an error of the phone."""
    sandbox = start(backend="http://127.0.0.1:9")

    told = sandbox.act(sandbox.person(), "follow")

    assert [one["text"] for one in told["replies"]] == [APOLOGY]


def test_slow_answer_counts_as_none(start: Starter, receiver: Receiver) -> None:
    """An answer after the limit is not taken; the message comes again."""
    sandbox = start(seconds=1)
    slow = iter([True, False])

    def answer(one: Delivery) -> tuple[int, bytes]:
        if next(slow):
            time.sleep(1.5)
        return greeting(one)

    receiver.answer = answer

    told = sandbox.act(sandbox.person(), "send", text="帮助")

    assert len(receiver.deliveries) == 2
    assert [one["text"] for one in told["replies"]] == ["您好"]


def test_unfollow_is_told_and_shows_nothing(sandbox: Driver, receiver: Receiver) -> None:
    """Even a failing backend leaves the chat of someone who left untouched."""
    person = sandbox.person(follows=True)
    receiver.answer = lambda _: (500, b"")

    assert sandbox.act(person, "unfollow") == {"replies": []}

    assert receiver.of("unsubscribe")[0].message["MsgType"] == "event"
    assert sandbox.messages(person) == []


def test_duplicates_come_when_asked_for(sandbox: Driver, receiver: Receiver) -> None:
    """The same message arrives three times; the chat shows one reply."""
    receiver.answer = greeting
    person = sandbox.person()
    path = ACCOUNTS[OFFICIAL_ACCOUNT].callback_path
    sandbox.post("/_faults", {"path": path, "duplicate": 2})

    sandbox.act(person, "send", text="帮助")
    sandbox.act(person, "send", text="积分")

    assert [one.message["Content"] for one in receiver.deliveries] == ["帮助"] * 3 + ["积分"]
    assert len({str(one.message["MsgId"]) for one in receiver.deliveries}) == 2
    assert len(sandbox.messages(person)) == 2


def test_order_turns_when_asked_for(sandbox: Driver, receiver: Receiver) -> None:
    """The first event is held until the second was delivered; its times stay its own."""
    person = sandbox.person()
    path = ACCOUNTS[OFFICIAL_ACCOUNT].callback_path
    sandbox.post("/_faults", {"path": path, "reorder": True})

    sandbox.act(person, "follow")
    sandbox.advance(5)
    sandbox.act(person, "unfollow")
    receiver.wait_for("subscribe")

    assert [one.kind for one in receiver.deliveries] == ["unsubscribe", "subscribe"]
    left, came = (int(str(one.message["CreateTime"])) for one in receiver.deliveries)
    assert came < left


def test_backend_may_ask_wechat_while_it_answers(sandbox: Driver, receiver: Receiver) -> None:
    """During a callback the API and the clock answer: nothing waits for the reply."""

    def answer(one: Delivery) -> tuple[int, bytes]:
        sandbox.get("/_clock")
        openid = str(one.message["FromUserName"])
        info = sandbox.official("/cgi-bin/user/info", openid=openid)
        return 200, sealed(one, text_reply(one, f"subscribe={info['subscribe']}"))

    receiver.answer = answer

    told = sandbox.act(sandbox.person(), "follow")

    assert told["replies"][0]["text"] == "subscribe=1"


def test_second_follow_is_no_event(sandbox: Driver, receiver: Receiver) -> None:
    """Following again says nothing; with a scene it is a scan."""
    person = sandbox.person(follows=True)

    assert sandbox.act(person, "follow") == {"replies": []}
    sandbox.act(person, "follow", scene="7KQ2M9AB")

    assert [one.kind for one in receiver.deliveries] == ["subscribe", "SCAN"]


def test_follow_without_a_scene_has_an_empty_key(sandbox: Driver, receiver: Receiver) -> None:
    """A plain follow names no code and no ticket."""
    sandbox.person(follows=True)

    message = receiver.deliveries[0].message
    assert message["EventKey"] is None
    assert "Ticket" not in message


def test_silence_is_a_fine_answer(sandbox: Driver, receiver: Receiver) -> None:
    """`success` and an empty body show nothing and are not repeated."""
    person = sandbox.person()
    for body in (b"success", b"", b" success\n"):
        receiver.answer = always(body)
        assert sandbox.act(person, "send", text="帮助") == {"replies": []}

    assert len(receiver.deliveries) == 3
