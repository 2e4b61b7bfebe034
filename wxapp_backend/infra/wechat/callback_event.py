"""What WeChat tells us, as one frozen value: a person's message, an event, or one not known yet."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from wxapp_backend.infra.wechat.errors import Undecodable

# People can type characters that XML forbids, WeChat forwards them raw, and expat refuses the
# whole message. JSON may also carry halves of surrogate pairs, which no database takes.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_QR_PREFIX = "qrscene_"
MAX_ID = 128
_LATEST = 2**53  # what a JSON number carries exactly; far beyond any date


class BodyFormat(StrEnum):
    """How a callback's body is written."""

    XML = "xml"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Event:
    """One callback; `openid` and what people wrote stay out of its text form."""

    kind: str
    """Lower-case name of the message type (`text`) or of the event (`subscribe`, `scan`)."""
    is_event: bool
    openid: str = field(repr=False)
    created_at: int
    """Epoch seconds of the person's action; the same in every delivery of it."""
    dedupe_key: str
    """64 hex characters, the same in every delivery of one message or event."""
    key: str = ""
    """The menu key, address or page of an event, as WeChat sends it."""
    scene: str = ""
    """The scene of a scanned code without WeChat's prefix; empty for a plain follow."""
    msg_id: str = ""
    """A message's id, or that of the sent message a result event is about."""
    text: str = field(default="", repr=False)
    status: str = ""
    """The result of a sent template message: `success` or `failed…`."""
    account: str = ""
    """Our own side, the account's original id (`gh_…`)."""
    entries: tuple[Mapping[str, str], ...] = field(default=(), repr=False, hash=False)
    """The rows of a subscription-message event, always as a sequence."""
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    """Everything WeChat sent, for kinds that have no attribute of their own."""
    body_format: BodyFormat = BodyFormat.XML
    key_number: int | None = None
    """Which AES key opened it, 0 for the current one; None if it came unencrypted."""


def parse_body(text: str, body_format: BodyFormat) -> dict[str, Any]:
    """Return the fields of an XML or JSON body.

    Raises:
        Undecodable: it is neither, or nests too deeply, or uses XML entities.

    """
    try:
        if body_format is BodyFormat.JSON:
            found = json.loads(
                text, strict=False, object_hook=_clean_object, parse_constant=_refuse
            )
        else:
            # xmltodict refuses entity declarations, so nothing expands and no file is read.
            found = xmltodict.parse(_FORBIDDEN.sub("", text)).get("xml")
    except (ExpatError, ValueError, TypeError, AttributeError, RecursionError):
        raise Undecodable("malformed") from None
    if not isinstance(found, dict):
        raise Undecodable("no_fields")
    return found


def format_of(body: bytes) -> BodyFormat:
    """Tell JSON from XML by the first character."""
    return BodyFormat.JSON if body.lstrip()[:1] == b"{" else BodyFormat.XML


def make_event(
    found: Mapping[str, Any], appid: str, body_format: BodyFormat, key_number: int | None
) -> Event:
    """Return the event that the decrypted fields describe; unknown kinds are no error.

    Raises:
        Undecodable: the fields that every callback has are absent or of another type.

    """
    message_type = _text(found, "MsgType").lower()
    is_event = message_type == "event"
    kind = _text(found, "Event").lower() if is_event else message_type
    openid = _text(found, "FromUserName")
    if not kind or not openid or len(openid) > MAX_ID:
        raise Undecodable("no_kind_or_sender")
    key = _text(found, "EventKey")
    entries = tuple(_entries(found))
    msg_id = _text(found, "MsgId") or _text(found, "MsgID")
    created_at = _instant(found)
    return Event(
        kind=kind,
        is_event=is_event,
        openid=openid,
        created_at=created_at,
        dedupe_key=_digest(
            *("message", appid, openid, msg_id)
            if msg_id and not is_event
            else ("event", appid, openid, str(created_at), kind, key, msg_id, *_ids(found, entries))
        ),
        key=key,
        scene=_scene(kind, key) if is_event else "",
        msg_id=msg_id,
        text=_text(found, "Content"),
        status=_text(found, "Status"),
        account=_text(found, "ToUserName"),
        entries=entries,
        fields=found,
        body_format=body_format,
        key_number=key_number,
    )


def _scene(kind: str, key: str) -> str:
    """Return the scene of a code; a plain follow's key may be empty or an order's number."""
    if kind == "subscribe":
        return key.removeprefix(_QR_PREFIX) if key.startswith(_QR_PREFIX) else ""
    return key if kind == "scan" else ""


def _instant(found: Mapping[str, Any]) -> int:
    value = _text(found, "CreateTime")
    if not (value.isascii() and value.isdecimal() and len(value) < 17) or int(value) > _LATEST:  # noqa: PLR2004  # digits of 2**53
        raise Undecodable("no_time")
    return int(value)


def _entries(found: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Find `List` at the top (JSON) or under any wrapper (XML): one row comes as an object."""
    holders = [found, *(value for value in found.values() if isinstance(value, dict))]
    rows: Any = next((holder["List"] for holder in holders if holder.get("List")), [])
    for row in rows if isinstance(rows, list) else [rows]:
        if isinstance(row, dict):
            yield {name: _text(row, name) for name in row}


def _ids(found: Mapping[str, Any], entries: tuple[Mapping[str, str], ...]) -> list[str]:
    """Return what tells apart two events of one person and kind in the same second."""
    of_rows = sorted("/".join((row.get("TemplateId", ""), row.get("MsgID", ""))) for row in entries)
    return [_text(found, "trace_id"), *of_rows]


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode("utf-8")).hexdigest()


def _text(found: Mapping[str, Any], name: str) -> str:
    """Return a scalar field as text, "" where it is absent or no scalar."""
    value = found.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _clean_object(found: dict[str, Any]) -> dict[str, Any]:
    return {_clean(name): _clean(value) for name, value in found.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value)
    return [_clean(item) for item in value] if isinstance(value, list) else value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
