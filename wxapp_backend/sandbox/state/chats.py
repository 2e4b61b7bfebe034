"""What each phone shows, in the order it came."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Channel = Literal[
    "template", "subscription", "customer_service", "reply", "sent", "friend", "to_friend"
]


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled line of a message card."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: plain words, or words that open something."""

    text: str
    opens: dict[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a person reads in one message.

    Attributes:
        opens: what a tap on it opens, as the phones' side describes it; None for nothing.
        parts: the text in pieces when it has links, otherwise empty.
        media_id: the account's picture that it shows, empty for none.
        picture_id: a friend's picture that it shows, empty for none.
        friend_id: the other person, in a chat of two; empty in the account's.
        is_notice: WeChat's own grey line, not a word of the account.

    """

    title: str = ""
    text: str = ""
    lines: tuple[Line, ...] = ()
    opens: dict[str, str] | None = None
    parts: tuple[Part, ...] = ()
    media_id: str = ""
    picture_id: str = ""
    friend_id: str = ""
    is_notice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message on one phone."""

    seq: int
    person_id: str
    at: datetime
    channel: Channel
    content: Content

    @property
    def is_mine(self) -> bool:
        """Whether the phone's owner wrote it."""
        return self.channel in ("sent", "to_friend")


@dataclass(slots=True)
class Chats:
    """All messages of all phones, oldest first."""

    _messages: list[Message] = field(default_factory=list)
    _by_person: dict[str, list[Message]] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Show a message."""
        self._messages.append(message)
        self._by_person.setdefault(message.person_id, []).append(message)

    def of(self, person_id: str) -> list[Message]:
        """List a phone's messages, oldest first."""
        return list(self._by_person.get(person_id, ()))

    def since(self, seq: int) -> list[Message]:
        """List the messages of all phones after the given number."""
        start = bisect_right(self._messages, seq, key=lambda one: one.seq)
        return self._messages[start:]
