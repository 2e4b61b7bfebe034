"""Where `tx.now` comes from: the machine, or, in demo and tests, the sandbox's movable clock."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime

from wxapp_backend.infra.db import Clock

_TIMEOUT_SECONDS = 2


class ClockUnreachable(OSError):
    """The clock that the settings name does not answer."""


def system_clock() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 # this is the clock


def remote_clock(url: str) -> Clock:
    """Return a clock that asks `url`, which answers `{"now": RFC 3339}`, each time.

    It never guesses: a clock that cannot be reached is an error (`ClockUnreachable`), since every
    limit and expiry hangs on it.
    """

    def ask() -> datetime:
        try:
            with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 # operator's own setting
                text = json.load(answer)["now"]
        except OSError as error:
            raise ClockUnreachable(f"the clock at {url} does not answer") from error
        return datetime.fromisoformat(text).astimezone(UTC)

    return ask


def choose_clock(url: str) -> Clock:
    """Return the remote clock when `url` is set, else the machine's."""
    return remote_clock(url) if url else system_clock
