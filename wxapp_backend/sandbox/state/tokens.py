"""Access tokens: two families per account that do not disturb each other."""

import re
import secrets
from dataclasses import dataclass
from typing import Literal

from wxapp_backend.sandbox.accounts import Kind

Family = Literal["classic", "stable"]
Verdict = Literal["good", "malformed", "replaced", "expired"]

LIFE_SECONDS = 7200
OVERLAP_SECONDS = 300  # WeChat: a replaced token works five more minutes
FORCE_GAP_SECONDS = 30  # WeChat: 获取稳定版接口调用凭据
FORCES_A_DAY = 20
_SHAPE = re.compile(r"\d+_[A-Za-z0-9_-]{128}")


class TooManyForces(Exception):
    """The day's forced refreshes are used up."""


@dataclass(slots=True)
class _Token:
    value: str
    kind: Kind
    expires_at: float
    dies_at: float


class Tokens:
    """Every token ever given out; times are seconds since 1970."""

    def __init__(self) -> None:
        self._known: dict[str, _Token] = {}
        self._current: dict[tuple[Kind, Family], _Token] = {}
        self._forced: dict[Kind, list[float]] = {}

    def classic(self, kind: Kind, now: float) -> tuple[str, int]:
        """Give a new token of the old endpoint; its forerunner has five more minutes."""
        self._retire(kind, "classic", now + OVERLAP_SECONDS)
        return self._issue(kind, "classic", now), LIFE_SECONDS

    def stable(self, kind: Kind, now: float, *, force: bool) -> tuple[str, int]:
        """Give the stable token and its remaining seconds, at least 300.

        Raises:
            TooManyForces: twenty forced refreshes were done since midnight.

        """
        if force and self._may_force(kind, now):
            self._retire(kind, "stable", now)
            return self._issue(kind, "stable", now), LIFE_SECONDS
        current = self._current.get((kind, "stable"))
        if current and current.dies_at - now > OVERLAP_SECONDS:
            return current.value, int(current.dies_at - now)
        return self._issue(kind, "stable", now), LIFE_SECONDS

    def judge(self, value: str, now: float) -> tuple[Verdict, Kind | None]:
        """Say whether a token works now, and whose it is."""
        token = self._known.get(value)
        if token is None:
            return ("replaced" if _SHAPE.fullmatch(value) else "malformed"), None
        if now >= token.expires_at:
            return "expired", token.kind
        return ("replaced" if now >= token.dies_at else "good"), token.kind

    def _may_force(self, kind: Kind, now: float) -> bool:
        """Count a forced refresh; False when the last was less than 30 s ago."""
        day = int((now + 8 * 3600) // 86400)  # China's midnight
        today = [at for at in self._forced.get(kind, []) if int((at + 8 * 3600) // 86400) == day]
        if today and now - today[-1] < FORCE_GAP_SECONDS:
            return False
        if len(today) >= FORCES_A_DAY:
            raise TooManyForces
        self._forced[kind] = [*today, now]
        return True

    def _retire(self, kind: Kind, family: Family, at: float) -> None:
        current = self._current.get((kind, family))
        if current:
            current.dies_at = min(current.dies_at, at)

    def _issue(self, kind: Kind, family: Family, now: float) -> str:
        value = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}"
        token = _Token(value, kind, now + LIFE_SECONDS, now + LIFE_SECONDS)
        self._known[value] = token
        self._current[kind, family] = token
        return value
