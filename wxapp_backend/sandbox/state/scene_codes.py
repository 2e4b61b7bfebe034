"""Codes with a scene: the official account's tickets and the mini-program's codes."""

import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote

_URL = "http://weixin.qq.com/q/"
# A mini-program code cannot be WeChat's own drawing: inside is this text instead.
_MINI = re.compile(r"wxa:(?P<page>[^?]*)\?(?P<scene>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A code of the official account; `expires_at` is None when it lasts for ever."""

    ticket: str
    url: str
    scene: str
    expires_at: float | None


@dataclass(frozen=True, slots=True)
class MiniProgramCode:
    """A code of the mini-program: the page it opens and what the page is given."""

    page: str
    scene: str

    @property
    def payload(self) -> str:
        """The text inside the picture."""
        return f"wxa:{self.page}?{self.scene}"

    @property
    def query(self) -> str:
        """What the page receives: the scene, encoded once."""
        return "scene=" + quote(self.scene, safe="")


class SceneCodes:
    """All codes made so far."""

    def __init__(self) -> None:
        self._tickets: dict[str, Ticket] = {}
        self._by_url: dict[str, Ticket] = {}
        self._newest: dict[str, Ticket] = {}
        self._mini: dict[str, MiniProgramCode] = {}

    def add_ticket(self, scene: str, expires_at: float | None) -> Ticket:
        """Make a code of the official account; several may carry one scene."""
        ticket = Ticket(
            ticket="gQ" + secrets.token_urlsafe(70)[:92] + "==",
            url=_URL + "02" + secrets.token_urlsafe(21)[:28],
            scene=scene,
            expires_at=expires_at,
        )
        self._tickets[ticket.ticket] = ticket
        self._by_url[ticket.url] = ticket
        self._newest[ticket.scene] = ticket
        return ticket

    def find_ticket(self, ticket: str, now: float) -> Ticket | None:
        """Find a living ticket by its name."""
        found = self._tickets.get(ticket)
        return found if found and _lives(found, now) else None

    def find_by_url(self, url: str, now: float) -> Ticket | None:
        """Find a living ticket by the text inside its code."""
        found = self._by_url.get(url)
        return found if found and _lives(found, now) else None

    def find_by_scene(self, scene: str, now: float) -> Ticket | None:
        """Find the newest ticket with this scene, if it lives."""
        found = self._newest.get(scene)
        return found if found and _lives(found, now) else None

    def add_mini(self, page: str, scene: str) -> MiniProgramCode:
        """Remember a code of the mini-program."""
        code = MiniProgramCode(page, scene)
        self._mini[scene] = code
        return code

    def read_mini(self, text: str) -> MiniProgramCode | None:
        """Understand what was read from a mini-program code, or the scene of a known one."""
        match = _MINI.fullmatch(text)
        if match:
            return MiniProgramCode(match["page"], match["scene"])
        return self._mini.get(text)


def is_ticket_url(text: str) -> bool:
    """Whether a text looks like the inside of an official account's code."""
    return text.startswith((_URL, _URL.replace("http:", "https:")))


def _lives(ticket: Ticket, now: float) -> bool:
    return ticket.expires_at is None or now < ticket.expires_at
