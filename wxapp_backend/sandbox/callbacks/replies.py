"""What the backend answers to a callback: checked as WeChat checks it, and made readable.

WeChat: 被动回复用户消息.
"""

import re
from collections.abc import Mapping
from html import unescape

from wxapp_backend.sandbox.callbacks.crypto import CannotDecrypt, MessageCrypto
from wxapp_backend.sandbox.callbacks.pushes import Push
from wxapp_backend.sandbox.callbacks.xml import NotXml, parse
from wxapp_backend.sandbox.options import Mode
from wxapp_backend.sandbox.state.chats import Content, Part

_LONGEST_TEXT_BYTES = 2048  # WeChat: 文本消息
_MOST_ARTICLES = 8
_ANCHOR = re.compile(r"<a\b(?P<attributes>[^>]*)>(?P<label>.*?)</a>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*[\"']([^\"']*)[\"']")


class BadReply(Exception):
    """WeChat cannot use the answer; the text says why."""


def read_reply(body: bytes, *, push: Push, mode: Mode, crypto: MessageCrypto) -> list[Content]:
    """Read the answer to a callback; an empty list when there is nothing to show.

    Raises:
        BadReply: it is not `success`, not empty and not a reply to this person.

    """
    if body.strip() in (b"", b"success"):
        return []
    try:
        fields = _opened(parse(body), mode, crypto)
    except (NotXml, CannotDecrypt) as error:
        raise BadReply(f"unreadable: {error}") from error
    if fields.get("ToUserName") != push.openid:
        raise BadReply("ToUserName is not the person who wrote")
    if fields.get("FromUserName") != push.account.original_id:
        raise BadReply("FromUserName is not this account")
    if not str(fields.get("CreateTime", "")).isdigit():
        raise BadReply("CreateTime is not a number")
    reader = _READERS.get(str(fields.get("MsgType")))
    if reader is None:
        raise BadReply("MsgType is unknown")
    return reader(fields)


def _opened(outer: Mapping[str, object], mode: Mode, crypto: MessageCrypto) -> Mapping[str, object]:
    """Take a reply out of its envelope, as far as the mode wants one."""
    if mode == "plain" or (mode == "compat" and "Encrypt" not in outer):
        return outer
    encrypted = str(outer.get("Encrypt", ""))
    signature, timestamp, nonce = (
        str(outer.get(name, "")) for name in ("MsgSignature", "TimeStamp", "Nonce")
    )
    if not encrypted:
        raise BadReply("not encrypted")
    if not crypto.is_signed(signature, timestamp, nonce, encrypted):
        raise BadReply("MsgSignature is wrong")
    return parse(crypto.decrypt(encrypted))


def _text(fields: Mapping[str, object]) -> list[Content]:
    words = str(fields.get("Content") or "")
    if not words:
        raise BadReply("Content is empty")
    return [text_content(words, longest_error=BadReply("Content is over 2048 bytes"))]


def text_content(words: str, *, longest_error: Exception) -> Content:
    """Show a text as a phone does: links as their labels, the first of them opening.

    Raises:
        Exception: `longest_error`, when the text is over 2,048 bytes.

    """
    if len(words.encode()) > _LONGEST_TEXT_BYTES:
        raise longest_error
    anchor = _ANCHOR.search(words)
    shown = _ANCHOR.sub(lambda match: match["label"], words)
    if anchor is None:
        return Content(text=shown)
    return Content(text=shown, opens=_anchor_target(anchor["attributes"]), parts=_parts(words))


def _parts(words: str) -> tuple[Part, ...]:
    """Cut a text into plain words and links."""
    parts, done = [], 0
    for anchor in _ANCHOR.finditer(words):
        parts.append(Part(words[done : anchor.start()]))
        parts.append(Part(anchor["label"], _anchor_target(anchor["attributes"])))
        done = anchor.end()
    return tuple(one for one in (*parts, Part(words[done:])) if one.text)


def _anchor_target(attributes: str) -> dict[str, str] | None:
    given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    if given.get("data-miniprogram-appid"):
        path, _, query = given.get("data-miniprogram-path", "").lstrip("/").partition("?")
        return {"opens": "mini_program", "path": path, "query": query}
    return {"opens": "url", "url": given["href"]} if given.get("href") else None


def _image(fields: Mapping[str, object]) -> list[Content]:
    image = fields.get("Image")
    media_id = image.get("MediaId") if isinstance(image, dict) else None
    if not media_id:
        raise BadReply("Image has no MediaId")
    return [Content(text="[图片]", media_id=str(media_id))]


def _news(fields: Mapping[str, object]) -> list[Content]:
    articles = fields.get("Articles")
    items = articles.get("item") if isinstance(articles, dict) else None
    found = [one for one in (items if isinstance(items, list) else [items]) if one]
    articles_given = [one for one in found if isinstance(one, dict)]
    if not 1 <= len(found) <= _MOST_ARTICLES or len(articles_given) != len(found):
        raise BadReply("Articles are missing or too many")
    return [article(one) for one in articles_given]


def article(given: Mapping[str, object]) -> Content:
    """Show one article of a news message; keys in either case."""
    fields = {name.lower(): str(value or "") for name, value in given.items()}
    title, url = fields.get("title", ""), fields.get("url", "")
    words = "\n".join(part for part in (title, fields.get("description", "")) if part)
    return Content(title=title, text=words, opens={"opens": "url", "url": url} if url else None)


def _handed_over(_: Mapping[str, object]) -> list[Content]:
    """Show nothing yet: a person takes over."""
    return []


_READERS = {
    "text": _text,
    "image": _image,
    "news": _news,
    "transfer_customer_service": _handed_over,
}
