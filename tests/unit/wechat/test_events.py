"""Each kind of callback becomes the event it is, and unknown ones survive."""

import json

import pytest

from tests.unit.wechat.messages import ACCOUNT, KEYS, OPENID, event_xml, plain_args, xml
from wxapp_backend.infra.wechat.callback_event import Event
from wxapp_backend.infra.wechat.errors import Undecodable
from wxapp_backend.infra.wechat.inbox import CallbackKeys, Inbox

PLAIN = Inbox(CallbackKeys(appid=KEYS.appid, token=KEYS.token))


def _open(message: str) -> Event:
    return PLAIN.open(plain_args(), message.encode())


def _json_event(**fields: object) -> Event:
    common = {"ToUserName": ACCOUNT, "FromUserName": OPENID, "CreateTime": 1767225600}
    return _open(json.dumps({**common, "MsgType": "event", **fields}))


def test_text_keeps_what_was_written() -> None:
    """A text arrives with its words, sender and id."""
    event = _open(xml(inner="<Content><![CDATA[查 积分 <&>]]></Content><MsgId>23</MsgId>"))

    assert (event.kind, event.is_event, event.text) == ("text", False, "查 积分 <&>")
    assert (event.openid, event.account, event.msg_id) == (OPENID, ACCOUNT, "23")
    assert event.created_at == 1767225600


@pytest.mark.parametrize(
    ("name", "key", "scene"),
    [
        ("subscribe", "", ""),
        ("subscribe", "qrscene_ABCD2345", "ABCD2345"),
        ("subscribe", "qrscene_qrscene_x", "qrscene_x"),
        ("subscribe", "last_trade_no_4000", ""),
        ("SCAN", "ABCD2345", "ABCD2345"),
        ("CLICK", "my_points", ""),
        ("unsubscribe", "", ""),
    ],
)
def test_only_scanned_codes_have_a_scene(name: str, key: str, scene: str) -> None:
    """The scene loses WeChat's prefix; other keys are no scenes."""
    event = _open(event_xml(name, f"<EventKey><![CDATA[{key}]]></EventKey>"))

    assert (event.kind, event.key, event.scene) == (name.lower(), key, scene)


def test_control_characters_do_not_lose_a_message() -> None:
    """What people can type and XML forbids is dropped, the rest arrives."""
    event = _open(xml(inner="<Content><![CDATA[a\x1db\x10c\x00\uffff]]></Content>"))

    assert event.text == "abc"


def test_json_text_loses_what_no_database_takes() -> None:
    """NUL and half surrogates are dropped from JSON, raw line feeds are not refused."""
    body = (
        f'{{"FromUserName":"{OPENID}","CreateTime":1,"MsgType":"text","Content":"a\\u0000b\\ud83d\n",'
        '"deep":[{"x":["\\u0001y"]}]}'
    )

    event = _open(body)

    assert event.text == "ab\n"
    assert event.fields["deep"] == [{"x": ["y"]}]


ROW = {"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": 0}


@pytest.mark.parametrize("rows", [ROW, [ROW]])
def test_json_rows_are_a_sequence_for_one_and_for_many(rows: object) -> None:
    """WeChat sends an object for one row and an array for several."""
    event = _json_event(Event="subscribe_msg_popup_event", List=rows)

    assert event.entries == (
        {"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": "0"},
    )


@pytest.mark.parametrize("wrapper", ["SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"])
def test_xml_rows_are_found_under_any_wrapper(wrapper: str) -> None:
    """The wrapper's name is not to be trusted: WeChat's own samples mix them up."""
    rows = "".join(f"<List><TemplateId>T{number}</TemplateId></List>" for number in (1, 2))

    event = _open(event_xml("subscribe_msg_change_event", f"<{wrapper}>{rows}</{wrapper}>"))

    assert [row["TemplateId"] for row in event.entries] == ["T1", "T2"]
    assert _open(event_xml("subscribe_msg_change_event")).entries == ()


def test_result_of_a_template_message_has_id_and_status() -> None:
    """The id is that of the message sent, whatever WeChat's spelling."""
    event = _open(
        event_xml(
            "TEMPLATESENDJOBFINISH",
            "<MsgID>200163836</MsgID><Status><![CDATA[failed:user block]]></Status>",
        )
    )

    assert (event.kind, event.msg_id) == ("templatesendjobfinish", "200163836")
    assert event.status == "failed:user block"


def test_unknown_event_survives_with_all_its_fields() -> None:
    """An event that WeChat invents tomorrow is an event."""
    event = _json_event(Event="Never_Heard_Of", detail={"a": [1]})

    assert event.kind == "never_heard_of"
    assert event.fields["detail"] == {"a": [1]}


@pytest.mark.parametrize(
    "inner",
    ["<MsgType>text</MsgType>", "<CreateTime>1</CreateTime>"],
)
def test_callback_without_its_common_fields_is_undecodable(inner: str) -> None:
    """Sender, kind and time are always there, or it is no callback."""
    with pytest.raises(Undecodable):
        _open(f"<xml>{inner}</xml>")


@pytest.mark.parametrize("moment", [-1, "soon", 1.5, True, None, 10**17, [1]])
def test_callback_without_a_usable_time_is_undecodable(moment: object) -> None:
    """The time is part of what recognises a repeat."""
    with pytest.raises(Undecodable, match="no_time"):
        _json_event(Event="CLICK", CreateTime=moment)


def _key(**changes: object) -> str:
    fields: dict[str, object] = {"Event": "CLICK", "EventKey": "a"}
    return _json_event(**{**fields, **changes}).dedupe_key


def test_events_of_the_same_second_are_told_apart() -> None:
    """Person, time, event, key, trace id, message id and rows all count."""
    keys = [
        _key(),
        _key(FromUserName="oOther"),
        _key(CreateTime=1767225601),
        _key(Event="VIEW"),
        _key(EventKey="b"),
        _key(trace_id="t"),
        _key(MsgID="5"),
        _key(List={"TemplateId": "T1"}),
        _key(List={"TemplateId": "T2"}),
        _key(List={"TemplateId": "T2", "MsgID": "9"}),
    ]

    assert len(set(keys)) == len(keys)
    assert _key() == _key(Unrelated="x")


def test_message_is_recognised_by_id_and_sender() -> None:
    """A repeat may differ in everything else; another sender's same id is another message."""
    first = _open(xml(inner="<MsgId>9</MsgId>"))
    repeat = _open(xml(inner="<MsgId>9</MsgId><Content>x</Content>").replace("00</Cr", "05</Cr"))
    other = _open(xml(inner="<MsgId>9</MsgId>").replace(OPENID, "oOther"))

    assert first.dedupe_key == repeat.dedupe_key != other.dedupe_key
    assert OPENID not in first.dedupe_key
