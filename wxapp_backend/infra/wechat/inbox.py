"""Opens what WeChat posts to a callback address and seals what is answered there.

A callback is trusted for its signature alone. There is no time window: repeats are WeChat's habit
and harmless, because every event carries a key to recognise them by.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wxapp_backend.infra.wechat.callback_event import (
    BodyFormat,
    Event,
    format_of,
    make_event,
    parse_body,
)
from wxapp_backend.infra.wechat.cipher import MessageCipher, is_signed, make_salt, signature
from wxapp_backend.infra.wechat.errors import BadSignature, NotConfigured, Undecodable
from wxapp_backend.infra.wechat.replies import Reply, write

MAX_BODY_BYTES = 64 * 1024  # WeChat's own are a few KB
NOTHING_TO_SAY = "success"

_CONTENT_TYPES = {
    BodyFormat.XML: "application/xml; charset=utf-8",
    BodyFormat.JSON: "application/json; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class CallbackKeys:
    """The settings of a callback; without `aes_key` the account is in plain mode."""

    appid: str
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)
    previous_aes_key: str = field(default="", repr=False)
    """Accepted while WeChat still uses it after a change."""
    original_id: str = ""
    """Our `gh_…`; when set, callbacks for any other account are refused."""


class Inbox:
    """The callback of one account."""

    def __init__(self, keys: CallbackKeys, *, salt: Callable[[], str] = make_salt) -> None:
        if not keys.token:
            raise NotConfigured(None, "the callback has no token: anyone could sign")
        if keys.previous_aes_key and not keys.aes_key:
            raise NotConfigured(None, "the callback has a previous AES key and no current one")
        self._keys = keys
        self._salt = salt
        self._ciphers = [
            MessageCipher(aes_key, keys.appid, salt=salt)
            for aes_key in (keys.aes_key, keys.previous_aes_key)
            if aes_key
        ]

    @property
    def is_encrypted(self) -> bool:
        """Whether only encrypted callbacks are accepted."""
        return bool(self._ciphers)

    def verify_url(self, args: Mapping[str, str]) -> str | None:
        """Return the echostr to answer to WeChat's GET, or None if it is not signed."""
        if not self._is_plainly_signed(args):
            return None
        return args.get("echostr", "")

    def open(self, args: Mapping[str, str], body: bytes) -> Event:
        """Return the event in a POST.

        Where an AES key is set, only the encrypted part counts: the plain signature covers no body,
        so plain callbacks are refused and the plain half of the compatible mode is ignored.

        Raises:
            BadSignature: not provably WeChat's; answer 403.
            Undecodable: signed but unusable; log it and answer `success`.

        """
        if len(body) > MAX_BODY_BYTES:
            raise BadSignature("too_large")  # unread, hence unproven
        if self._ciphers:
            return self._open_encrypted(args, body)
        if not self._is_plainly_signed(args):
            raise BadSignature("signature")
        body_format = format_of(body)
        return self._event(_decoded(body), body_format, None)

    def seal(self, event: Event, reply: Reply | None, *, now: int) -> tuple[str, str]:
        """Return body and content type of the answer to `event`; `now` is epoch seconds.

        Encrypted like the event was, with the key that opened it. Without anything to say the
        answer is `success`, which WeChat shows to nobody.
        """
        fields = reply.fields() if reply is not None else None
        if fields is None:
            return NOTHING_TO_SAY, "text/plain; charset=utf-8"
        envelope = {
            "ToUserName": event.openid,
            "FromUserName": event.account,
            "CreateTime": now,
            **fields,
        }
        body = write(envelope, event.body_format)
        if event.key_number is not None:
            body = self._sealed(body, event, str(now))
        return body, _CONTENT_TYPES[event.body_format]

    def _open_encrypted(self, args: Mapping[str, str], body: bytes) -> Event:
        body_format = format_of(body)
        try:
            sealed = parse_body(_decoded(body), body_format).get("Encrypt")
        except Undecodable:
            raise BadSignature("unreadable") from None
        if not isinstance(sealed, str) or not sealed:
            raise BadSignature("not_encrypted")
        stamp, nonce = args.get("timestamp", ""), args.get("nonce", "")
        if not is_signed(args.get("msg_signature", ""), self._keys.token, stamp, nonce, sealed):
            raise BadSignature("signature")
        for number, cipher in enumerate(self._ciphers):
            try:
                text = cipher.decrypt(sealed)
            except Undecodable:
                if number + 1 == len(self._ciphers):
                    raise
                continue
            return self._event(text, format_of(text.encode("utf-8")), number)
        raise Undecodable("no_key")

    def _event(self, text: str, body_format: BodyFormat, key_number: int | None) -> Event:
        found = parse_body(text, body_format)
        event = make_event(found, self._keys.appid, body_format, key_number)
        if self._keys.original_id and event.account != self._keys.original_id:
            raise Undecodable("other_account")
        return event

    def _sealed(self, text: str, event: Event, stamp: str) -> str:
        sealed = self._ciphers[event.key_number or 0].encrypt(text)
        nonce = self._salt()
        signed = signature(self._keys.token, stamp, nonce, sealed)
        return write(
            {"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": int(stamp), "Nonce": nonce},
            event.body_format,
        )

    def _is_plainly_signed(self, args: Mapping[str, str]) -> bool:
        return is_signed(
            args.get("signature", ""),
            self._keys.token,
            args.get("timestamp", ""),
            args.get("nonce", ""),
        )


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Undecodable("not_utf8") from None
