"""The people who have a phone in the sandbox."""

import secrets
from dataclasses import dataclass, field

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT, Kind
from wxapp_backend.sandbox.state.reply_windows import ReplyWindows


@dataclass(slots=True)
class Following:
    """That a person follows the official account.

    Attributes:
        since: seconds since 1970.
        via: WeChat's name for the way they came, such as ADD_SCENE_QR_CODE.
        scene: scene of the code they scanned, empty when there was none.

    """

    since: float
    via: str
    scene: str


@dataclass(slots=True)
class Person:
    """One person with one phone.

    Attributes:
        visited_at: when they last opened the mini-program, seconds since 1970.
        rights: by subscription template id, how many messages they agreed to receive.
        risk_rank: what WeChat's anti-fraud service says of them, 0 (clean) to 4.
        read: by chat, the number up to which its messages were seen.

    """

    id: str
    nickname: str
    phone_number: str
    avatar: bytes
    unionid: str
    openids: dict[Kind, str]
    session_key: str = ""
    following: Following | None = None
    visited_at: float | None = None
    rights: dict[str, int] = field(default_factory=dict)
    windows: ReplyWindows = field(default_factory=ReplyWindows)
    risk_rank: int = 0
    read: dict[str, int] = field(default_factory=dict)


class People:
    """Everybody in the sandbox, oldest first."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}
        self._by_openid: dict[tuple[Kind, str], Person] = {}

    def add(self, nickname: str, *, phone_number: str | None, avatar: bytes) -> Person:
        """Add a person; ids of every kind are made here."""
        person = Person(
            id=f"p{len(self._people) + 1}",
            nickname=nickname,
            phone_number=phone_number or f"199{secrets.randbelow(10**8):08d}",
            avatar=avatar,
            unionid="u" + secrets.token_urlsafe(21)[:27],
            openids={kind: _new_openid() for kind in (MINI_PROGRAM, OFFICIAL_ACCOUNT)},
        )
        self._people[person.id] = person
        for kind, openid in person.openids.items():
            self._by_openid[kind, openid] = person
        return person

    def all(self) -> list[Person]:
        """List everybody, oldest first."""
        return list(self._people.values())

    def find(self, person_id: str) -> Person | None:
        """Find a person by the id of their phone."""
        return self._people.get(person_id)

    def find_by_openid(self, kind: Kind, openid: object) -> Person | None:
        """Find the person whom this account knows by `openid`."""
        return self._by_openid.get((kind, openid)) if isinstance(openid, str) else None

    def followers(self) -> list[Person]:
        """List the followers of the official account in the order they followed."""
        found = [(one.following.since, one) for one in self.all() if one.following]
        return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _new_openid() -> str:
    """Make 28 characters that start with "o", as every openid does."""
    return "o" + secrets.token_urlsafe(21)[:27]
