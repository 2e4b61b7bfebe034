"""A client of the sandbox for tests: WeChat's API with tokens, and the phones' side."""

from typing import Any

import requests

from wxapp_backend.sandbox.accounts import ACCOUNTS, MINI_PROGRAM, OFFICIAL_ACCOUNT, Kind

TIMES = "2026年11月22日 12:30"


class Driver:
    """Speaks to one sandbox over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._tokens: dict[Kind, str] = {}

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request as it is."""
        return requests.request(method, self.url + path, timeout=20, **options)

    def get(self, path: str, **query: object) -> Any:
        """Read JSON from the phones' side."""
        return self.ask("GET", path, params=query).json()

    def post(self, path: str, body: object = None) -> Any:
        """Act on the phones' side; the action must succeed."""
        response = self.ask("POST", path, json=body or {})
        assert response.status_code < 300, response.text
        return response.json()

    def token(self, kind: Kind) -> str:
        """Take the account's stable token, once."""
        if kind not in self._tokens:
            self._tokens[kind] = self.stable_token(kind)["access_token"]
        return self._tokens[kind]

    def forget_tokens(self) -> None:
        """Ask for new tokens from now on."""
        self._tokens.clear()

    def stable_token(self, kind: Kind, **more: object) -> Any:
        """Ask for a stable token."""
        account = ACCOUNTS[kind]
        body = {
            "grant_type": "client_credential",
            "appid": account.appid,
            "secret": account.secret,
        }
        return self.ask("POST", "/cgi-bin/stable_token", json=body | more).json()

    def official(self, path: str, body: object = None, **query: object) -> Any:
        """Call the API as the official account."""
        return self._call(OFFICIAL_ACCOUNT, path, body, query)

    def mini(self, path: str, body: object = None, **query: object) -> Any:
        """Call the API as the mini-program."""
        return self._call(MINI_PROGRAM, path, body, query)

    def _call(self, kind: Kind, path: str, body: object, query: dict[str, object]) -> Any:
        method = "GET" if body is None else "POST"
        response = self.ask(
            method, path, params={"access_token": self.token(kind), **query}, json=body
        )
        assert response.status_code == 200
        return response.json()

    def picture(self, **body: object) -> requests.Response:
        """Ask for a mini-program code."""
        query = {"access_token": self.token(MINI_PROGRAM)}
        return self.ask("POST", "/wxa/getwxacodeunlimit", params=query, json=body)

    def login(self, code: str, **changed: str) -> Any:
        """Exchange a login code."""
        account = ACCOUNTS[MINI_PROGRAM]
        query = {
            "appid": account.appid,
            "secret": account.secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        return self.ask("GET", "/sns/jscode2session", params=query | changed).json()

    def person(self, nickname: str = "王小美", *, follows: bool = False) -> Any:
        """Make a person."""
        person = self.post("/_phones", {"nickname": nickname})
        if follows:
            self.post(f"/_phones/{person['id']}/follow")
        return person

    def act(self, person: Any, action: str, **body: object) -> Any:
        """Let a person do something."""
        return self.post(f"/_phones/{person['id']}/{action}", body)

    def messages(self, person: Any) -> Any:
        """Read a phone."""
        return self.get(f"/_phones/{person['id']}/messages")

    def advance(self, seconds: float) -> None:
        """Move the clock."""
        self.post("/_clock", {"advance_seconds": seconds})


def template_body(kind: Kind, openid: str, *, nth: int = 1, **values: str) -> dict[str, Any]:
    """Make the body of a message by template, with values that fit."""
    template = ACCOUNTS[kind].templates[nth - 1]
    data = {
        one.key: {"value": TIMES if one.key.startswith("time") else "李**"}
        for one in template.keywords
    }
    data |= {key: {"value": value} for key, value in values.items()}
    return {"touser": openid, "template_id": template.template_id, "data": data}
