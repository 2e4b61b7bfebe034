"""One HTTP session for all calls to WeChat: time limits, bounded answers, one base URL.

Nothing else in the project opens a connection to WeChat, so a base URL set here holds for every
call, the ones with absolute addresses inside wechatpy included.
"""

import time
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from wxapp_backend.infra.wechat.masking import mask_library_logs

API_URL = "https://api.weixin.qq.com"
MP_URL = "https://mp.weixin.qq.com"

CONNECT_SECONDS = 2.0
READ_SECONDS = 6.0
POOL_SIZE = 32  # threads of one process that may call at the same time
JSON_BYTES = 512 * 1024  # the largest honest answer is 10,000 openids, about 310 KB
IMAGE_BYTES = 4 * 1024 * 1024  # a code of 1280 px has a few hundred KB
_CHUNK = 64 * 1024


class AnswerTooLarge(requests.RequestException):
    """The answer is larger than any honest one."""


class AnswerTooSlow(requests.RequestException):
    """The answer trickles: it had not ended when its time was up."""


class _Adapter(HTTPAdapter):
    """Sends to `target` what is addressed to `origin`; the same host in production."""

    def __init__(self, origin: str, target: str) -> None:
        super().__init__(pool_connections=2, pool_maxsize=POOL_SIZE, max_retries=0)
        self._origin = origin
        self._target = target

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        if self._target != self._origin and request.url is not None:
            request.url = self._target + request.url.removeprefix(self._origin)
        return super().send(request, *args, **kwargs)


class Session(requests.Session):
    """A session that knows WeChat's two hosts only, follows no redirect and reads with a limit."""

    def __init__(
        self,
        base_url: str = API_URL,
        mp_base_url: str = MP_URL,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        super().__init__()
        mask_library_logs()
        for url in (base_url, mp_base_url):
            if urlsplit(url).scheme not in {"http", "https"}:
                raise ValueError("a base URL of WeChat starts with http:// or https://")
        # Only the proxy is taken from the environment; .netrc must not add credentials.
        self.trust_env = False
        self.proxies.update(requests.utils.get_environ_proxies(base_url))
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # two accounts share it
        self.adapters.clear()
        self.mount(API_URL, _Adapter(API_URL, base_url.rstrip("/")))
        self.mount(MP_URL, _Adapter(MP_URL, mp_base_url.rstrip("/")))
        self._times = (connect_seconds, read_seconds)

    def request(  # type: ignore[override]  # the options we forward stay as requests has them
        self, method: str, url: str, *, max_bytes: int = JSON_BYTES, **kwargs: Any
    ) -> requests.Response:
        """Send one request and read its whole answer, at most `max_bytes` of it.

        Raises:
            requests.RequestException: always one of these; the caller turns it into its own.

        """
        ends_at = time.monotonic() + sum(self._times)
        kwargs |= {"timeout": self._times, "stream": True, "allow_redirects": False}
        response = super().request(method, url, **kwargs)
        try:
            response._content = _read(response, max_bytes, ends_at)  # noqa: SLF001  # its own cache
        except requests.RequestException:
            response.close()  # an unread connection must not go back to the pool
            raise
        response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001  # its flag
        return response


def _read(response: requests.Response, max_bytes: int, ends_at: float) -> bytes:
    body = bytearray()
    while chunk := _next_piece(response):
        body += chunk
        if len(body) > max_bytes:
            raise AnswerTooLarge("the answer is too large")
        if time.monotonic() > ends_at:
            raise AnswerTooSlow("the answer is too slow")
    return bytes(body)


def _next_piece(response: requests.Response) -> bytes:
    """Read what has come, decoded; `read1` waits for one packet only, so a trickle is noticed."""
    try:
        piece: bytes = response.raw.read1(_CHUNK, decode_content=True)
    except (HTTPError, HTTPException, OSError) as problem:
        name = type(problem).__name__
    else:
        return piece
    raise requests.ConnectionError(name)
