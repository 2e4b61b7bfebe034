"""Keeps one access token per account, shared by all processes, and replaces it when WeChat must.

WeChat: 获取稳定版接口调用凭据 (`cgi-bin/stable_token`). In normal mode it answers
every process with the same token until five minutes before its end, so a lost race costs a call,
never a token.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from wxapp_backend.infra.wechat.errors import (
    NotConfigured,
    OutcomeUnknown,
    TokenRejected,
    Unavailable,
    WeChatError,
    error_for,
)
from wxapp_backend.infra.wechat.shared import SharedCache

PATH = "cgi-bin/stable_token"
RENEW_SECONDS = 120  # renew this long before the end; WeChat honours the old one for five minutes
LOCK_SECONDS = 10  # longer than one fetch may take (time limits of the transport)
WAIT_SECONDS = 5.0  # how long a caller waits for another's fetch
POLL_SECONDS = 0.05
FORCE_PAUSE_SECONDS = 31  # WeChat ignores forced refreshes closer than 30 s
FORCE_PER_DAY = 15  # of WeChat's 20; the rest is for people
FAILURE_SECONDS = 1  # callers queued behind a failed fetch share its failure
CONFIG_FAILURE_SECONDS = 10  # a wrong secret does not mend itself; WeChat counts wrong calls
MAX_TOKEN_LENGTH = 2048  # WeChat asks for room for 512 characters
MAX_LIFE_SECONDS = 7200


class TokenSource(Protocol):
    """The one HTTP call the provider makes; implemented by the client module."""

    def post_json(self, path: str, body: Mapping[str, object]) -> dict[str, object]:
        """Send a JSON body without any token and return the JSON object of the answer.

        Raises:
            WeChatError: any failure, errcodes included.

        """


@dataclass(frozen=True, slots=True)
class Account:
    """One mini-program or official account; its text form never shows the secret."""

    appid: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.appid or not self.secret:
            raise NotConfigured(None, "the WeChat account has no appid or no secret")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    ends_at: float

    def lives(self, now: float, margin: float) -> bool:
        return self.ends_at - now > margin


class TokenProvider:
    """Gives the current token, to all threads, and by the cache to all processes."""

    def __init__(
        self,
        account: Account,
        source: TokenSource,
        cache: SharedCache,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._account = account
        self._source = source
        self._cache = cache
        self._clock = clock
        self._sleep = sleep

    def get(self) -> str:
        """Return a token that lives for a while yet, fetching one if needed.

        Raises:
            WeChatError: no token can be had; `NotConfigured` if the account is to blame.

        """
        token = self._read()
        if token is not None and token.lives(self._clock(), RENEW_SECONDS):
            return token.text
        return self._replace(rejected=None)

    def invalidate(self, rejected: str) -> str:
        """Return another token than the one WeChat has just rejected.

        Raises:
            TokenRejected: WeChat insists on the same token and may not be forced now.
            WeChatError: as in `get`.

        """
        token = self._read()
        if token is not None and token.text != rejected:
            return token.text
        return self._replace(rejected=rejected)

    def _replace(self, rejected: str | None) -> str:
        """Fetch under the shared lock; callers who do not get it use what the owner brings."""
        owner = secrets.token_hex(8)
        waited = 0.0
        while not self._cache.add(self._key("lock"), owner, LOCK_SECONDS):
            token = self._read()
            if token is not None and token.text != rejected and token.lives(self._clock(), 1):
                return token.text  # fresh, or still honoured while the owner brings the next one
            if waited >= WAIT_SECONDS:
                raise Unavailable(None, "another process is still fetching the token", PATH)
            self._sleep(POLL_SECONDS)
            waited += POLL_SECONDS
        try:
            return self._replace_as_owner(rejected)
        finally:
            self._cache.delete_if(self._key("lock"), owner)

    def _replace_as_owner(self, rejected: str | None) -> str:
        token = self._read()  # the previous owner may have been faster
        margin = RENEW_SECONDS if rejected is None else 1
        if token is not None and token.text != rejected and token.lives(self._clock(), margin):
            return token.text
        self._raise_recent_failure()
        fetched = self._fetch(force=False)
        if fetched != rejected:
            return fetched
        if not self._may_force():
            raise TokenRejected(40001, "WeChat rejects the token it gives out", PATH)
        return self._fetch(force=True)

    def _fetch(self, *, force: bool) -> str:
        failure: WeChatError
        try:
            answer = self._source.post_json(
                PATH,
                {
                    "grant_type": "client_credential",
                    "appid": self._account.appid,
                    "secret": self._account.secret,
                    "force_refresh": force,
                },
            )
            token = _parse(answer, self._clock())
        except WeChatError as problem:
            failure = _of_token_call(problem)
        else:
            life = int(token.ends_at - self._clock()) + 1
            self._cache.set(self._key("token"), json.dumps([token.text, token.ends_at]), life)
            return token.text
        self._remember(failure)
        raise failure

    def _read(self) -> _Token | None:
        """Return the shared token; a damaged entry counts as none."""
        try:
            text, ends_at = json.loads(self._cache.get(self._key("token")) or "null")
        except (TypeError, ValueError):
            return None
        if not isinstance(text, str) or not isinstance(ends_at, (int, float)):
            return None
        token = _Token(text, ends_at)
        return token if token.lives(self._clock(), 0) else None

    def _may_force(self) -> bool:
        """Say whether a forced refresh is allowed now; called under the lock only."""
        if not self._cache.add(self._key("forced"), "1", FORCE_PAUSE_SECONDS):
            return False
        day_key = self._key(f"forced-on:{int(self._clock() // 86400)}")
        used = self._cache.get(day_key) or "0"
        count = int(used) if used.isdecimal() else FORCE_PER_DAY
        self._cache.set(day_key, str(count + 1), 86400)
        return count < FORCE_PER_DAY

    def _remember(self, failure: WeChatError) -> None:
        seconds = CONFIG_FAILURE_SECONDS if failure.needs_operator else FAILURE_SECONDS
        self._cache.set(
            self._key("failure"), json.dumps([failure.code, failure.message, failure.rid]), seconds
        )

    def _raise_recent_failure(self) -> None:
        try:
            code, message, rid = json.loads(self._cache.get(self._key("failure")) or "null")
        except (TypeError, ValueError):
            return
        if isinstance(code, int):
            raise _of_token_call(error_for(code, str(message), PATH, str(rid)))
        raise Unavailable(None, str(message), PATH, str(rid))

    def _key(self, name: str) -> str:
        return f"token:{self._account.appid}:{name}"


def _of_token_call(problem: WeChatError) -> WeChatError:
    """Read a failure as the token endpoint means it: nothing it does is lost or unknown."""
    if isinstance(problem, TokenRejected):  # 40001 here says that the secret is wrong
        return NotConfigured(problem.code, problem.message, PATH, problem.rid)
    if isinstance(problem, OutcomeUnknown):
        return Unavailable(problem.code, problem.message, PATH, problem.rid)
    return problem


def _parse(answer: Mapping[str, object], now: float) -> _Token:
    text, life = answer.get("access_token"), answer.get("expires_in")
    if (
        not isinstance(text, str)
        or not 0 < len(text) <= MAX_TOKEN_LENGTH
        or not text.isascii()
        or not text.isprintable()
        or not isinstance(life, int)
        or life <= 0
    ):
        raise Unavailable(None, "the answer holds no usable token", PATH)
    return _Token(text, now + min(life, MAX_LIFE_SECONDS))
