"""Delivery of callbacks: five seconds, three tries, and what becomes of the answer.

WeChat: 接收普通消息 (5 s, three deliveries in all) and 消息推送 (the three modes).
"""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Timer

import requests

from wxapp_backend.sandbox.accounts import ACCOUNTS, MINI_PROGRAM, Account, Kind
from wxapp_backend.sandbox.callbacks.crypto import MessageCrypto, sign
from wxapp_backend.sandbox.callbacks.pushes import Push
from wxapp_backend.sandbox.callbacks.replies import BadReply, read_reply
from wxapp_backend.sandbox.callbacks.xml import build
from wxapp_backend.sandbox.options import Options
from wxapp_backend.sandbox.state.chats import Content, Message
from wxapp_backend.sandbox.state.faults import Fault

DELIVERIES = 3
HELD_SECONDS = 3.0  # a reordered push that nothing overtakes is let go after this real time
UNAVAILABLE = Content(text="该公众号暂时无法提供服务，请稍后再试", is_notice=True)
HTTP_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One delivery, for the log."""

    push: Push
    number: int
    status: int
    answer: str
    milliseconds: int
    note: str


class Courier:
    """Carries pushes to the backend.

    `take_fault` gives the fault that is on for a callback path and uses it once, `keeps` says
    whether an account has uploaded a picture, `show` puts an answer on the phone, `on_attempt` is
    told about each delivery.
    """

    def __init__(
        self,
        options: Options,
        *,
        clock: Callable[[], float],
        take_fault: Callable[[str], Fault | None],
        keeps: Callable[[Kind, str], bool],
        show: Callable[[Push, Content], Message],
        on_attempt: Callable[[Attempt], None],
    ) -> None:
        self._options = options
        self._clock = clock
        self._take_fault = take_fault
        self._keeps = keeps
        self._show = show
        self._on_attempt = on_attempt
        self._stopped = Event()
        self._crypto = {
            kind: MessageCrypto(one.token, one.encoding_aes_key, one.appid)
            for kind, one in ACCOUNTS.items()
        }
        self._background = ThreadPoolExecutor(4, thread_name_prefix="courier")
        self._held: dict[Kind, list[Push]] = {}

    def stop(self) -> None:
        """Forget what waits."""
        self._stopped.set()
        self._held.clear()
        self._background.shutdown(wait=False, cancel_futures=True)

    def verify(self, account: Account) -> bool:
        """Ask as the console does when the address is saved: the echo must come back as it is.

        WeChat: 接入指南.
        """
        echo = str(secrets.randbelow(9 * 10**18) + 10**18)
        query = {**self._signed(account), "echostr": echo}
        try:
            with self._session() as session:
                response = session.get(
                    self._options.backend + account.callback_path,
                    params=query,
                    timeout=self._options.callback_seconds,
                    allow_redirects=False,
                )
        except requests.RequestException:
            return False
        return response.status_code == HTTP_OK and response.text == echo

    def later(self, push: Push) -> None:
        """Deliver a push that nobody waits for."""
        if not self._stopped.is_set():
            self._background.submit(self.deliver, push)

    def deliver(self, push: Push) -> list[Message]:
        """Deliver a push and give the messages that its person is shown in return."""
        fault = self._take_fault(push.account.callback_path)
        if fault and fault.is_reordered:
            self._hold(push)
            return []
        shown = [self._show(push, one) for one in self._deliver_with_retries(push)]
        for _ in range(fault.duplicate if fault else 0):
            self._attempt(push, 1)
        self._release(push.account.kind)
        return shown

    def _deliver_with_retries(self, push: Push) -> list[Content]:
        for number in range(1, DELIVERIES + 1):
            shown = self._attempt(push, number)
            if shown is not None:
                return shown
            if number < DELIVERIES:
                self._stopped.wait(self._options.retry_pause_seconds)
        return self._apology(push)

    def _attempt(self, push: Push, number: int) -> list[Content] | None:
        """Deliver once; None when the backend did not take it."""
        started = time.monotonic()
        status, body, shown, note = 0, b"", None, ""
        try:
            status, body = self._post(push)
            note = "" if status == HTTP_OK else f"HTTP {status}"
        except requests.RequestException as error:
            note = type(error).__name__
        if status == HTTP_OK:
            try:
                shown = self._read(push, body)
            except BadReply as error:
                note, shown = f"bad reply: {error}", self._apology(push)
        self._on_attempt(
            Attempt(
                push=push,
                number=number,
                status=status,
                answer=_readable(body, shown),
                milliseconds=int((time.monotonic() - started) * 1000),
                note=note,
            )
        )
        return shown

    def _read(self, push: Push, body: bytes) -> list[Content]:
        """Read an answer; a picture in it must be one that the account has uploaded."""
        kind = push.account.kind
        shown = read_reply(body, push=push, mode=self._options.mode, crypto=self._crypto[kind])
        if any(one.media_id and not self._keeps(kind, one.media_id) for one in shown):
            raise BadReply("MediaId is unknown")
        return shown

    def _post(self, push: Push) -> tuple[int, bytes]:
        """Send it with a fresh nonce and timestamp; the message itself stays the same."""
        account = push.account
        query = {**self._signed(account), "openid": push.openid}
        fields = push.fields
        if self._options.mode != "plain":
            crypto = self._crypto[account.kind]
            encrypted = crypto.encrypt(build(fields).encode())
            query["encrypt_type"] = "aes"
            query["msg_signature"] = crypto.signature(query["timestamp"], query["nonce"], encrypted)
            fields = _enveloped(fields, account, encrypted, both=self._options.mode == "compat")
        with self._session() as session:
            response = session.post(
                self._options.backend + account.callback_path,
                params=query,
                data=build(fields).encode(),
                headers={"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"},
                timeout=self._options.callback_seconds,
                allow_redirects=False,
            )
        return response.status_code, response.content

    def _signed(self, account: Account) -> dict[str, str]:
        """Make a fresh timestamp and nonce with their signature."""
        timestamp, nonce = str(int(self._clock())), str(secrets.randbelow(9 * 10**9) + 10**9)
        signature = sign(account.token, timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce}

    def _session(self) -> requests.Session:
        """Open a session that no proxy of the machine gets into: the backend is on loopback."""
        session = requests.Session()
        session.trust_env = False
        return session

    def _hold(self, push: Push) -> None:
        """Keep a push back until the next one of its account was delivered."""
        kind = push.account.kind
        self._held.setdefault(kind, []).append(push)
        timer = Timer(HELD_SECONDS, self._release, [kind])
        timer.daemon = True
        timer.start()

    def _release(self, kind: Kind) -> None:
        for push in self._held.pop(kind, []):
            self.later(push)

    def _apology(self, push: Push) -> list[Content]:
        """Say that the account cannot be reached; the mini-program has no chat to say it in."""
        if push.account.kind == MINI_PROGRAM or not push.is_answered:
            return []
        return [UNAVAILABLE]


def _enveloped(
    fields: dict[str, object], account: Account, encrypted: str, *, both: bool
) -> dict[str, object]:
    sealed: dict[str, object] = {"ToUserName": account.original_id, "Encrypt": encrypted}
    return {**fields, **sealed} if both else sealed


def _readable(body: bytes, shown: list[Content] | None) -> str:
    """Describe an answer for the log: what is shown, or the raw text when nothing could be."""
    if shown:
        return "\n".join(one.text for one in shown)
    return body[:500].decode("utf-8", "replace")
