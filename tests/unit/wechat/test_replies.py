"""Replies carry any text safely and within WeChat's limits."""

import json

import pytest
import xmltodict
from hypothesis import given, settings
from hypothesis import strategies as st

from wxapp_backend.infra.wechat.callback_event import BodyFormat
from wxapp_backend.infra.wechat.replies import (
    MAX_TEXT_BYTES,
    ArticleReply,
    HumanReply,
    ImageReply,
    Reply,
    TextReply,
    write,
)


def _read(reply: Reply) -> dict[str, object]:
    fields = reply.fields()
    assert fields is not None
    found: dict[str, object] = xmltodict.parse(
        write(fields, BodyFormat.XML), strip_whitespace=False
    )
    body = found["xml"]
    assert isinstance(body, dict)
    return body


@settings(deadline=None)
@given(st.text(min_size=1, max_size=900))
def test_any_text_arrives_as_one_text_within_the_limit(text: str) -> None:
    """No text adds elements, breaks the XML, or grows over 2048 bytes."""
    if TextReply(text).fields() is None:
        return

    found = _read(TextReply(text))

    assert list(found) == ["MsgType", "Content"]
    assert len(str(found["Content"]).encode()) <= MAX_TEXT_BYTES


@pytest.mark.parametrize(
    "text",
    ["a]]></Content><FromUserName>evil</FromUserName>", "]]>", "]]]]>>", "<b>&amp;</b>", "]]"],
)
def test_end_mark_of_cdata_is_only_text(text: str) -> None:
    """Quoting what a person wrote cannot add elements."""
    assert _read(TextReply(text)) == {"MsgType": "text", "Content": text}


def test_long_text_is_cut_between_characters() -> None:
    """At most 2048 bytes, an ellipsis at the end, no half character."""
    content = str(_read(TextReply("汉" * 1000))["Content"])

    assert content == "汉" * 681 + "…"
    assert len(content.encode()) == 2046


def test_text_of_exactly_the_limit_is_whole() -> None:
    """2048 bytes pass as they are."""
    assert _read(TextReply("a" * 2048))["Content"] == "a" * 2048


def test_other_replies_have_wechats_fields() -> None:
    """Pictures, cards and the hand-over have the names that WeChat reads."""
    assert _read(ImageReply("m1")) == {"MsgType": "image", "Image": {"MediaId": "m1"}}
    assert _read(ArticleReply("题", "述", "https://p", "https://u")) == {
        "MsgType": "news",
        "ArticleCount": "1",
        "Articles": {
            "item": {"Title": "题", "Description": "述", "PicUrl": "https://p", "Url": "https://u"}
        },
    }
    assert _read(HumanReply()) == {"MsgType": "transfer_customer_service"}


def test_json_keeps_chinese_readable() -> None:
    """JSON replies are UTF-8, not escapes."""
    body = write({"Content": "你好"}, BodyFormat.JSON)

    assert "你好" in body
    assert json.loads(body) == {"Content": "你好"}
