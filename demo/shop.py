"""The shop and WeChat as people and programs reach them: HTTP, nothing else."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

import requests

MESSAGE_SECONDS = 5.0
"""A message must be on the phone this soon after its cause."""


class Refused(RuntimeError):
    """An answer was not the expected one."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Addresses of the backend and the sandbox, the CLI, and how long a message may take."""

    backend: str
    sandbox: str
    command: Callable[..., str]
    message_seconds: float = MESSAGE_SECONDS

    def call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        token: str = "",
        key: str = "",
        **options: Any,
    ) -> Any:
        """Call the backend's API and return what it answers; writes carry an idempotency key.

        Raises:
            Refused: the status is not 2xx.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if method != "GET":
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        answer = requests.request(
            method, self.backend + path, json=body, headers=headers, timeout=15, **options
        )
        if not answer.ok:
            raise Refused(f"{method} {path}: HTTP {answer.status_code}: {answer.text[:300]}")
        return answer.json() if answer.content else None

    def wechat(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Act on a phone: POST to the sandbox's phones' side."""
        answer = requests.post(f"{self.sandbox}/_phones{path}", json=body or {}, timeout=20)
        if not answer.ok:
            raise Refused(f"{path}: HTTP {answer.status_code}: {answer.text[:300]}")
        return answer.json()


class Phone:
    """One person's phone: WeChat on it, and the mini-program once it is opened."""

    def __init__(self, shop: Shop, nickname: str) -> None:
        made = shop.wechat("", {"nickname": nickname})
        self.shop = shop
        self.id = made["id"]
        self.nickname = nickname
        self.avatar_url = shop.sandbox + made["avatar_url"]
        self.token = ""
        self.customer: dict[str, Any] = {}

    def act(self, action: str, body: dict[str, Any] | None = None) -> Any:
        """Do something in WeChat, such as follow, send, scan or subscribe."""
        return self.shop.wechat(f"/{self.id}/{action}", body)

    def open_mini_program(self, referral_code: str | None = None) -> None:
        """Sign in as the mini-program does, and give it the nickname."""
        body = {"code": self.act("login-code")["code"]}
        if referral_code:
            body["referral_code"] = referral_code
        session = self.shop.call("POST", "/api/v1/sessions", body)
        self.token, self.customer = session["token"], session["customer"]
        self.call("PATCH", "/api/v1/me", {"nickname": self.nickname})

    def upload_avatar(self) -> None:
        """Give the mini-program the avatar that WeChat shows."""
        picture = requests.get(self.avatar_url, timeout=5).content
        self.shop.call(
            "POST",
            "/api/v1/me/avatar",
            token=self.token,
            files={"file": ("avatar.png", picture, "image/png")},
        )

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, **more: Any) -> Any:
        """Call the API as this person."""
        return self.shop.call(method, path, body, token=self.token, **more)

    def messages(self, words: str) -> list[dict[str, Any]]:
        """Return the messages on the phone that contain `words`, newest first."""
        url = f"{self.shop.sandbox}/_phones/{self.id}/messages"
        found = requests.get(url, timeout=5).json()
        messages = found["items"] if isinstance(found, dict) else found
        return [message for message in messages if words in shown(message)]

    def wait_for_message(self, words: str) -> dict[str, Any]:
        """Wait for a message that contains `words`.

        Raises:
            Refused: there is none after `shop.message_seconds`.
        """
        patience = self.shop.message_seconds
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if found := self.messages(words):
                return found[0]
            time.sleep(0.05)
        raise Refused(f"{self.nickname} 的手机在 {patience:.0f} 秒内没有收到“{words}”")


def shown(message: dict[str, Any]) -> str:
    """Return all words of a message as it stands on the phone."""
    title, text = str(message.get("title") or ""), str(message.get("text") or "")
    return text if text.startswith(title) else f"{title}\n{text}".strip()


def code_of(query: str) -> str:
    """Return the referral code in the query with which WeChat opens the mini-program."""
    values = parse_qs(query)
    text = unquote((values.get("scene") or values.get("q") or values.get("c") or [""])[0])
    return text.rstrip("/").rpartition("/")[2]
