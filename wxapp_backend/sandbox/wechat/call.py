"""One call of WeChat's API and what may be answered to it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wxapp_backend.sandbox.accounts import Account, Kind
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.world import World

NOT_JSON = 47001


@dataclass(frozen=True, slots=True)
class Upload:
    """The file of a multipart call."""

    filename: str
    content: bytes
    mimetype: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, apart from any web framework."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes = b""
    upload: Upload | None = None
    address: str = "127.0.0.1"
    finish: str = ""  # what becomes of a template message, when a fault says so

    def json(self, *, otherwise: int = NOT_JSON) -> dict[str, object]:
        """Read the body.

        Raises:
            Refusal: 44002 for no body, `otherwise` for one that is not a JSON object.

        """
        if not self.body.strip():
            raise Refusal(44002 if otherwise == NOT_JSON else otherwise)
        try:
            value = json.loads(self.body)
        except ValueError:
            raise Refusal(otherwise) from None
        if not isinstance(value, dict):
            raise Refusal(otherwise)
        return value


@dataclass(frozen=True, slots=True)
class Picture:
    """An answer that is a file."""

    content: bytes
    mimetype: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture still to be drawn, once the world is free again."""

    draw: Callable[[], bytes]
    mimetype: str


Answer = dict[str, object] | Picture
OK: dict[str, object] = {"errcode": 0, "errmsg": "ok"}


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """A call that needs an access token; `kinds` are the accounts that may make it."""

    handle: Callable[[World, Call, Account], Answer | Sketch]
    methods: frozenset[str]
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class OpenEndpoint:
    """A call that needs no access token."""

    handle: Callable[[World, Call], Answer | Sketch]
    methods: frozenset[str]


Endpoint = TokenEndpoint | OpenEndpoint
GET = frozenset({"GET"})
POST = frozenset({"POST"})
ANY = GET | POST


def text_of(value: object) -> str:
    """Read a field that should be text; anything else counts as absent."""
    return value if isinstance(value, str) else ""
