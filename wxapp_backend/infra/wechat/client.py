"""Calls WeChat's API through wechatpy, with our own tokens, time limits, one retry and errors."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from wechatpy.client import WeChatClient  # type: ignore[import-untyped]  # ships no types
from wechatpy.exceptions import WeChatClientException  # type: ignore[import-untyped]  # same

from wxapp_backend.infra.wechat.errors import (
    NotConfigured,
    OutcomeUnknown,
    RateLimited,
    TokenRejected,
    Unavailable,
    WeChatError,
    error_for,
)
from wxapp_backend.infra.wechat.shared import MemoryCache, SharedCache
from wxapp_backend.infra.wechat.tokens import Account, TokenProvider
from wxapp_backend.infra.wechat.transport import API_URL, IMAGE_BYTES, Session

JsonObject = dict[str, Any]

# Calls whose repetition a person or a scarce quota would notice. For all others an answer that
# got lost is as good as no call, so they report `Unavailable` instead of `OutcomeUnknown`.
_EFFECTS = frozenset(
    {
        "cgi-bin/message/template/send",
        "cgi-bin/message/subscribe/send",
        "cgi-bin/message/subscribe/bizsend",
        "cgi-bin/message/custom/send",
        "cgi-bin/clear_quota",
        "sns/jscode2session",
        "wxa/business/getuserphonenumber",
    }
)
_RID = re.compile(r"\s*\brid:\s*([0-9a-fA-F-]{8,64})")
_HTTP_TOO_MANY = 429
_HTTP_TIMEOUT = 408
_HTTP_CLIENT_ERROR = 400
_HTTP_SERVER_ERROR = 500
# What wechatpy raises itself when an answer has another shape than it expects.
_SHAPE_ERRORS = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)


class _Library(WeChatClient):  # type: ignore[misc]  # wechatpy is untyped
    """wechatpy's client with its token handling, its retries and its session taken away."""

    def __init__(self, appid: str, session: Session) -> None:
        super().__init__(appid, secret="", auto_retry=False)
        self._http = session

    def fetch_access_token(self) -> None:
        """Refuse: tokens come from `TokenProvider` alone."""
        raise NotImplementedError("tokens come from TokenProvider")

    @property
    def access_token(self) -> str:
        """Refuse likewise; wechatpy reads this while it is built, when it must not exist."""
        raise AttributeError("access_token")


class ApiClient:
    """One account's connection to WeChat; build once per process, share between threads."""

    def __init__(
        self,
        account: Account,
        session: Session,
        cache: SharedCache | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.account = account
        self._session = session
        self.cache = cache if cache is not None else MemoryCache()
        self.tokens = TokenProvider(account, self, self.cache, clock=clock)
        self._library = _Library(account.appid, session)

    def call(self, path: str, body: Mapping[str, object]) -> JsonObject:
        """POST a JSON body with the token and return the answer's object; None values are left out.

        Raises:
            WeChatError: its subclass says what to do about it.

        """
        return _as_object(self._with_token("post", path, data=_without_none(body)), path)

    def read(self, path: str, params: Mapping[str, str] | None = None) -> JsonObject:
        """GET with the token and return the answer's object.

        Raises:
            WeChatError: as in `call`.

        """
        return _as_object(self._with_token("get", path, params=dict(params or {})), path)

    def call_for_image(self, path: str, body: Mapping[str, object]) -> bytes:
        """POST a JSON body and return the image in the answer, a JPEG or PNG.

        Raises:
            WeChatError: as in `call`.

        """
        found = self._with_token("post", path, data=_without_none(body), max_bytes=IMAGE_BYTES)
        content = found.content if isinstance(found, requests.Response) else b""
        if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
            raise _lost(path, "the answer is no image")
        return bytes(content)

    def upload(self, path: str, name: str, content: bytes, mime: str, **params: str) -> JsonObject:
        """POST one file as the multipart field `media`; whole bytes, so that a retry sends all.

        Raises:
            WeChatError: as in `call`.

        """
        found = self._with_token(
            "post", path, params=params, files={"media": (name, content, mime)}
        )
        return _as_object(found, path)

    def read_without_token(self, path: str, params: Mapping[str, str]) -> JsonObject:
        """GET a path that authenticates by other means than the access token.

        Raises:
            WeChatError: as in `call`.

        """
        return _as_object(self._send("get", path, None, params=dict(params)), path)

    def post_json(self, path: str, body: Mapping[str, object]) -> JsonObject:
        """POST a JSON body to a path that needs no token.

        Raises:
            WeChatError: as in `call`.

        """
        return _as_object(self._send("post", path, None, data=_without_none(body)), path)

    def _with_token(self, method: str, path: str, **options: Any) -> object:
        """Send with the token; after "another token" renew it and send once more, never again."""
        token = self.tokens.get()
        try:
            return self._send(method, path, token, **options)
        except TokenRejected:
            pass
        return self._send(method, path, self.tokens.invalidate(token), **options)

    def _send(self, method: str, path: str, token: str | None, **options: Any) -> object:
        """Send once; every failure leaves as ours, with no trace of the library's exception."""
        # wechatpy adds its own token where the key is absent; requests drops a None.
        options["params"] = {**options.get("params", {}), "access_token": token}
        if "data" in options:
            options["headers"] = {"Content-Type": "application/json"}
        failure: WeChatError
        try:
            answer: object = getattr(self._library, method)(f"{API_URL}/{path}", **options)
        except WeChatClientException as problem:
            failure = _of_answer(problem, path)
        except requests.RequestException as problem:
            failure = _of_network(problem, path)
        except _SHAPE_ERRORS:
            failure = _lost(path, "the answer has an unexpected shape")
        else:
            return answer
        raise failure  # outside of `except`: the other one's text and locals hold the secret


def _of_answer(problem: Any, path: str) -> WeChatError:
    """Return our error for an errcode, or for an HTTP status that says failure."""
    if problem.errcode is not None:
        text = str(problem.errmsg)
        rid = _RID.search(text)
        return error_for(
            problem.errcode, _RID.sub("", text), path, rid.group(1) if rid is not None else ""
        )
    status = getattr(problem.response, "status_code", 0)
    if status == _HTTP_TOO_MANY:
        return RateLimited(None, f"HTTP {status}", path)
    if _HTTP_CLIENT_ERROR <= status < _HTTP_SERVER_ERROR and status != _HTTP_TIMEOUT:
        return NotConfigured(None, f"HTTP {status}", path)
    return _lost(path, f"HTTP {status}")


def _of_network(problem: requests.RequestException, path: str) -> WeChatError:
    """Tell "never reached WeChat" from "sent, and no answer came"."""
    cause = problem.args[0] if problem.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    if isinstance(problem, requests.ConnectTimeout) or isinstance(
        cause, (NewConnectionError, ConnectTimeoutError)
    ):
        return Unavailable(None, "no connection", path)
    if isinstance(problem, (requests.exceptions.SSLError, requests.exceptions.ProxyError)):
        return Unavailable(None, "no secure connection", path)
    if isinstance(problem, requests.Timeout):
        return _lost(path, "no answer in time")
    return _lost(path, "no whole answer")


def _lost(path: str, message: str) -> WeChatError:
    return (OutcomeUnknown if path in _EFFECTS else Unavailable)(None, message, path)


def _as_object(answer: object, path: str) -> JsonObject:
    if not isinstance(answer, dict):
        raise _lost(path, "the answer is no JSON object")
    return answer


def _without_none(body: Mapping[str, object]) -> JsonObject:
    return {name: value for name, value in body.items() if value is not None}


def text_of(answer: Mapping[str, object], name: str, path: str, *, limit: int = 512) -> str:
    """Return a non-empty text field of an answer.

    Raises:
        WeChatError: the field is absent, empty, longer than `limit` or no text.

    """
    value = answer.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit or not value.isprintable():
        raise _lost(path, f"the answer holds no usable {name}")
    return value


def optional_text_of(answer: Mapping[str, object], name: str, *, limit: int = 512) -> str | None:
    """Return a text field of an answer, or None where it is absent, empty or unusable."""
    value = answer.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    usable = isinstance(value, str) and 0 < len(value) <= limit and value.isprintable()
    return str(value) if usable else None


def number_of(answer: Mapping[str, object], name: str, path: str) -> int:
    """Return a whole, non-negative number of an answer, also where WeChat sends it as text.

    Raises:
        WeChatError: the field is absent or no such number.

    """
    value = answer.get(name)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 20:  # noqa: PLR2004  # more than 64 bits
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _lost(path, f"the answer holds no usable {name}")
    return value
