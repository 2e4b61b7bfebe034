"""Answers given in a callback's own response; no text in them can break out of its place."""

import json
import re
from dataclasses import dataclass

from wxapp_backend.infra.wechat.callback_event import BodyFormat

MAX_TEXT_BYTES = 2048  # WeChat: 被动回复用户消息
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ELLIPSIS = "…"

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class TextReply:
    """A text of at most 2048 bytes; a longer one ends in an ellipsis."""

    text: str

    def fields(self) -> Fields | None:
        """Return the fields that follow the envelope, or None when nothing is left to say."""
        text = cut_to_bytes(clean(self.text).strip(), MAX_TEXT_BYTES)
        return {"MsgType": "text", "Content": text} if text else None


@dataclass(frozen=True, slots=True)
class ImageReply:
    """An uploaded picture."""

    media_id: str

    def fields(self) -> Fields | None:
        """Return the fields that follow the envelope."""
        return {"MsgType": "image", "Image": {"MediaId": clean(self.media_id)}}


@dataclass(frozen=True, slots=True)
class ArticleReply:
    """One card with a picture that leads to a page."""

    title: str
    description: str
    picture_url: str
    url: str

    def fields(self) -> Fields | None:
        """Return the fields that follow the envelope."""
        item = {
            "Title": clean(self.title),
            "Description": clean(self.description),
            "PicUrl": clean(self.picture_url),
            "Url": clean(self.url),
        }
        return {"MsgType": "news", "ArticleCount": 1, "Articles": {"item": item}}


@dataclass(frozen=True, slots=True)
class HumanReply:
    """Hands the conversation over to the shop's people."""

    def fields(self) -> Fields | None:
        """Return the fields that follow the envelope."""
        return {"MsgType": "transfer_customer_service"}


Reply = TextReply | ImageReply | ArticleReply | HumanReply


def write(fields: Fields, body_format: BodyFormat) -> str:
    """Return the fields as one line of XML or as JSON."""
    if body_format is BodyFormat.JSON:
        return json.dumps(fields, ensure_ascii=False)
    return f"<xml>{_elements(fields)}</xml>"


def clean(text: str) -> str:
    """Return the text without characters that XML cannot carry."""
    return _FORBIDDEN.sub("", text)


def cut_to_bytes(text: str, limit: int) -> str:
    """Return the text within `limit` UTF-8 bytes, never with half a character."""
    encoded = text.encode("utf-8")
    if len(encoded) <= limit:
        return text
    room = limit - len(_ELLIPSIS.encode("utf-8"))
    return encoded[:room].decode("utf-8", "ignore") + _ELLIPSIS


def _elements(fields: Fields) -> str:
    return "".join(f"<{name}>{_content(value)}</{name}>" for name, value in fields.items())


def _content(value: object) -> str:
    if isinstance(value, dict):
        return _elements(value)
    if isinstance(value, int):
        return str(value)
    # The end mark of CDATA is split over two sections, or a quoted text could add elements.
    return f"<![CDATA[{str(value).replace(']]>', ']]]]><![CDATA[>')}]]>"
