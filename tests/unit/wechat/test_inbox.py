"""Callbacks open only for WeChat, in each of its modes, and answers are sealed as it expects."""

import dataclasses
import json

import pytest
import xmltodict
from werobot.utils import get_signature  # type: ignore[import-untyped]  # ships no types

from tests.unit.wechat.messages import (
    ACCOUNT,
    KEYS,
    OPENID,
    OTHER_AES_KEY,
    event_xml,
    foreign_crypto,
    plain_args,
    safe,
    sealed,
    xml,
)
from tests.unit.wechat.vectors import OFFICIAL_KEYS, OFFICIAL_POST, OUR_KEYS, OUR_POST, OUR_REPLY
from wxapp_backend.infra.wechat.errors import (
    BadSignature,
    CallbackError,
    NotConfigured,
    Undecodable,
)
from wxapp_backend.infra.wechat.inbox import CallbackKeys, Inbox
from wxapp_backend.infra.wechat.replies import Reply, TextReply

NOW = 1_767_225_601
PLAIN_KEYS = dataclasses.replace(KEYS, aes_key="")


def test_verification_answers_the_echostr_of_the_example() -> None:
    """WeChat's own GET is answered with its echostr."""
    args = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }

    assert Inbox(OFFICIAL_KEYS).verify_url(args) == "4375120948345356249"
    assert Inbox(OFFICIAL_KEYS).verify_url({**args, "nonce": "1"}) is None
    assert Inbox(OFFICIAL_KEYS).verify_url({}) is None


def test_official_example_opens() -> None:
    """The documentation's encrypted JSON push becomes an event of its unknown kind."""
    vector = OFFICIAL_POST
    body = json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": vector.sealed}).encode()
    args = {
        "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
        "timestamp": vector.timestamp,
        "nonce": vector.nonce,
        "msg_signature": vector.signature,
    }

    event = Inbox(vector.keys).open(args, body)

    assert (event.kind, event.is_event, event.created_at) == ("debug_demo", True, 1714112445)
    assert event.openid == "o9AgO5Kd5ggOC-bXrbNODIiE3bGY"
    assert event.fields["debug_str"] == "hello world"


def test_our_example_opens_and_its_reply_is_sealed_byte_for_byte() -> None:
    """A follow by code opens, and the welcome is the example's ciphertext and signature."""
    salts = iter([OUR_REPLY.salt, OUR_REPLY.nonce])
    inbox = Inbox(OUR_KEYS, salt=lambda: next(salts))
    args = {
        "timestamp": OUR_POST.timestamp,
        "nonce": OUR_POST.nonce,
        "msg_signature": OUR_POST.signature,
    }
    body = f"<xml><Encrypt><![CDATA[{OUR_POST.sealed}]]></Encrypt></xml>".encode()

    event = inbox.open(args, body)
    answer, content_type = inbox.seal(event, TextReply("欢迎光临"), now=int(OUR_REPLY.timestamp))

    assert (event.kind, event.scene) == ("subscribe", "r_7Kq2M9")
    assert content_type.startswith("application/xml")
    assert xmltodict.parse(answer)["xml"] == {
        "Encrypt": OUR_REPLY.sealed,
        "MsgSignature": OUR_REPLY.signature,
        "TimeStamp": OUR_REPLY.timestamp,
        "Nonce": OUR_REPLY.nonce,
    }


def test_another_library_and_this_inbox_understand_each_other() -> None:
    """What the other implementation encrypts opens here; what is sealed here opens there."""
    inbox = Inbox(KEYS)

    event = inbox.open(*safe(xml()))
    answer, _ = inbox.seal(event, TextReply("收到：你好"), now=NOW)

    outer = xmltodict.parse(answer)["xml"]
    assert outer["MsgSignature"] == get_signature(
        KEYS.token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"]
    )
    inner = foreign_crypto(KEYS.aes_key).decrypt(outer["Encrypt"], KEYS.appid)
    assert xmltodict.parse(inner)["xml"] == {
        "ToUserName": OPENID,
        "FromUserName": ACCOUNT,
        "CreateTime": str(NOW),
        "MsgType": "text",
        "Content": "收到：你好",
    }
    assert event.text == "你好"


def test_json_push_is_answered_in_json() -> None:
    """The mini-program's JSON format works in both directions."""
    message = json.dumps(
        {
            "ToUserName": ACCOUNT,
            "FromUserName": OPENID,
            "CreateTime": 1767225600,
            "MsgType": "text",
            "Content": "你好",
            "MsgId": 24_000_000_000_000_000_001,
        }
    )
    args, secret = sealed(message)
    inbox = Inbox(KEYS)

    event = inbox.open(args, json.dumps({"Encrypt": secret}).encode())
    answer, content_type = inbox.seal(event, TextReply("好"), now=NOW)

    assert event.msg_id == "24000000000000000001"
    assert content_type.startswith("application/json")
    inner = foreign_crypto(KEYS.aes_key).decrypt(json.loads(answer)["Encrypt"], KEYS.appid)
    assert json.loads(inner)["Content"] == "好"


def test_plain_mode_opens_and_answers_plainly() -> None:
    """Without an AES key nothing is encrypted."""
    inbox = Inbox(PLAIN_KEYS)

    event = inbox.open(plain_args(), xml().encode())
    answer, _ = inbox.seal(event, TextReply("好"), now=NOW)

    assert xmltodict.parse(answer)["xml"]["Content"] == "好"
    assert not inbox.is_encrypted


def test_plain_body_is_refused_where_a_key_is_set() -> None:
    """Nobody can go back to the mode whose signature covers no body."""
    with pytest.raises(BadSignature, match="not_encrypted"):
        Inbox(KEYS).open(plain_args(), xml().encode())


def test_compatible_mode_believes_the_encrypted_half_only() -> None:
    """A forged plain half beside a true encrypted one changes nothing."""
    args, secret = sealed(xml())
    forged = xml(inner="<Content>伪造</Content>").replace(
        "</xml>", f"<Encrypt>{secret}</Encrypt></xml>"
    )

    assert Inbox(KEYS).open(args, forged.encode()).text == "你好"


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_any_change_of_the_signed_query_is_refused(name: str) -> None:
    """Each signed part counts; the plain signature beside it does not help."""
    args, body = safe(xml())

    with pytest.raises(BadSignature, match="signature"):
        Inbox(KEYS).open({**args, name: "0"}, body)
    with pytest.raises(BadSignature, match="signature"):
        Inbox(KEYS).open({key: value for key, value in args.items() if key != name}, body)


def test_plain_signature_does_not_pass_for_the_encrypted_one() -> None:
    """The three-part signature is no `msg_signature`."""
    args, body = safe(xml())

    with pytest.raises(BadSignature):
        Inbox(KEYS).open({**args, "msg_signature": args["signature"]}, body)


def test_wrong_plain_signature_is_refused() -> None:
    """Plain mode checks its signature before it reads the body."""
    with pytest.raises(BadSignature):
        Inbox(PLAIN_KEYS).open({**plain_args(), "nonce": "other"}, b"not even XML")


def test_repeat_of_a_callback_opens_again_with_the_same_key() -> None:
    """There is no time window; the dedupe key recognises the repeat."""
    first, again = (Inbox(KEYS).open(*safe(xml(inner="<MsgId>77</MsgId>"))) for _ in range(2))

    assert first.dedupe_key == again.dedupe_key
    assert len(first.dedupe_key) == 64


def test_previous_key_opens_and_seals_its_own_answer() -> None:
    """During a change of the key WeChat gets its answer under the key that it used."""
    keys = dataclasses.replace(KEYS, previous_aes_key=OTHER_AES_KEY)
    inbox = Inbox(keys)

    event = inbox.open(*safe(xml(), aes_key=OTHER_AES_KEY))
    answer, _ = inbox.seal(event, TextReply("好"), now=NOW)

    secret = xmltodict.parse(answer)["xml"]["Encrypt"]
    assert event.key_number == 1
    assert "好".encode() in foreign_crypto(OTHER_AES_KEY).decrypt(secret, KEYS.appid)
    assert inbox.open(*safe(xml())).key_number == 0


def test_signed_nonsense_is_undecodable() -> None:
    """A true signature over what we cannot read is the other error."""
    inbox = Inbox(KEYS)
    for message in ("", "no xml", "<xml>", "<xml/>", "<a/>", "[1]", '{"a":', "{}", "null"):
        with pytest.raises(Undecodable):
            inbox.open(*safe(message))
    args, secret = sealed(xml())
    args["msg_signature"] = get_signature(KEYS.token, args["timestamp"], args["nonce"], secret[1:])
    with pytest.raises(Undecodable):
        inbox.open(args, f"<xml><Encrypt>{secret[1:]}</Encrypt></xml>".encode())


def test_another_accounts_callback_is_undecodable_where_the_id_is_known() -> None:
    """With an original id set, `ToUserName` must be it."""
    ours = Inbox(dataclasses.replace(KEYS, original_id=ACCOUNT))
    other = Inbox(dataclasses.replace(KEYS, original_id="gh_other"))

    assert ours.open(*safe(xml())).account == ACCOUNT
    with pytest.raises(Undecodable, match="other_account"):
        other.open(*safe(xml()))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"\xff\xfe",
        b"<xml><Encrypt/></xml>",
        b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
        b"<xml><Encrypt><a>b</a></Encrypt></xml>",
        b'{"Encrypt": 5}',
        b"[" * 60_000,
        b'{"a":' * 13_000,
        b"<a>" * 21_000,
        b"x" * (64 * 1024 + 1),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>',
    ],
)
def test_hostile_bodies_are_refused(body: bytes) -> None:
    """What carries no provable message is a bad signature, never a crash."""
    args, _ = safe(xml())

    with pytest.raises(BadSignature):
        Inbox(KEYS).open(args, body)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        b'{"a":' * 13_000,
        b"<a>" * 21_000,
        b'{"MsgType":"text","FromUserName":"o","CreateTime":NaN}',
        b"<xml>" + b"<MsgType>text</MsgType>" * 2 + b"</xml>",
        b'<!DOCTYPE x [<!ENTITY e "e">]><xml><MsgType>&e;</MsgType></xml>',
    ],
)
def test_hostile_plain_bodies_are_undecodable(body: bytes) -> None:
    """In plain mode the same bodies are signed nonsense."""
    with pytest.raises(Undecodable):
        Inbox(PLAIN_KEYS).open(plain_args(), body)


def test_errors_and_events_show_no_secret_and_no_person() -> None:
    """Neither key, token, openid nor words appear in what a log may print."""
    inbox = Inbox(KEYS)
    shown = [repr(KEYS), repr(inbox.open(*safe(xml())))]
    for args, body in (safe("nonsense"), (plain_args(), xml().encode())):
        with pytest.raises(CallbackError) as caught:
            inbox.open(args, body)
        shown += [str(caught.value), repr(caught.value)]

    for text in shown:
        assert not any(word in text for word in (KEYS.token, KEYS.aes_key, OPENID, "你好"))


@pytest.mark.parametrize(
    "keys",
    [
        dataclasses.replace(KEYS, token=""),
        dataclasses.replace(KEYS, aes_key="short"),
        dataclasses.replace(PLAIN_KEYS, previous_aes_key=OTHER_AES_KEY),
    ],
)
def test_unusable_settings_fail_at_start(keys: CallbackKeys) -> None:
    """An empty token would let anyone sign; a wrong key would lose every message."""
    with pytest.raises(NotConfigured):
        Inbox(keys)


@pytest.mark.parametrize("reply", [None, TextReply(""), TextReply(" \x00\n")])
def test_nothing_to_say_is_the_plain_word_success(reply: Reply | None) -> None:
    """Also in safe mode: an encrypted empty answer would show an error to the person."""
    inbox = Inbox(KEYS)

    assert inbox.seal(inbox.open(*safe(event_xml("unsubscribe"))), reply, now=NOW) == (
        "success",
        "text/plain; charset=utf-8",
    )
