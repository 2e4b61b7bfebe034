"""The log of what went between backend and WeChat, with everything secret masked."""

from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

KEPT = 2000
_LONGEST_TEXT = 4000
_SECRET_NAMES = frozenset(
    {
        "access_token",
        "secret",
        "appsecret",
        "session_key",
        "js_code",
        "code",
        "signature",
        "msg_signature",
        "phoneNumber",
        "purePhoneNumber",
        "encrypt_key",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One call of the API (`direction` "in") or one delivery of a callback ("out")."""

    seq: int
    at: datetime
    direction: Literal["in", "out"]
    method: str
    path: str
    account: str
    request: object
    answer: object
    status: int
    errcode: int | None
    milliseconds: int
    note: str = ""

    def view(self) -> dict[str, object]:
        """Describe it in JSON's terms."""
        return {**asdict(self), "at": self.at.isoformat(timespec="milliseconds")}


class Journal:
    """The last 2,000 entries, and the calls that nothing here answers."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._unbuilt: dict[str, int] = {}

    def add(self, entry: Entry) -> None:
        """Write an entry."""
        self._entries.append(entry)

    def since(self, seq: int) -> list[Entry]:
        """List the entries after the given number, oldest first."""
        return [one for one in self._entries if one.seq > seq]

    def note_unbuilt(self, method: str, path: str) -> None:
        """Remember a WeChat path that was called but is not built."""
        key = f"{method} {path}"
        self._unbuilt[key] = self._unbuilt.get(key, 0) + 1

    def unbuilt(self) -> list[dict[str, object]]:
        """List those paths with how often each was called."""
        return [{"call": call, "times": times} for call, times in self._unbuilt.items()]


def masked(value: object) -> object:
    """Copy a request or an answer with its secrets covered and long texts cut."""
    if isinstance(value, dict):
        return {
            key: "***" if key in _SECRET_NAMES and inner else masked(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return value[:_LONGEST_TEXT] + "…"
    return value
