"""Races that a transaction may lose, and how long it waits before it runs again.

A race is lost on a unique key, whose winner is seen on the next try, on a lock that a rival holds,
or in a circle of waiting that the database breaks. All that the loser wrote is undone; run again,
it finds what the winner left.
"""

from __future__ import annotations

import secrets
import time

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from wxapp_backend.kernel.errors import Busy

RACE_LOST = (IntegrityError, OperationalError, StaleDataError)
"""What a transaction that lost a race may raise: another attempt decides whether it was one."""

FEW_ATTEMPTS = 3
"""Against a unique key, or a database that is away: more would change nothing."""

MANY_ATTEMPTS = 10
"""Against rivals who hold what we need: they will let go of it."""

PATIENCE_SECONDS = 8.0
"""No new attempt begins later than this: whoever asked has given up by then."""

_FIRST_PAUSE_SECONDS = 0.005
_LONGEST_PAUSE_SECONDS = 0.5
_LOST = {"40001", "40P01", "55P03"}
"""PostgreSQL: serialization failure, deadlock, lock not available."""

_random = secrets.SystemRandom()


def is_lost(error: DBAPIError | StaleDataError) -> bool:
    """Say whether a rival was in the way, so that another attempt may succeed."""
    if isinstance(error, StaleDataError):
        return True  # the row that was read and changed is gone
    code = getattr(error.orig, "sqlstate", None)
    if code is not None:
        return code in _LOST
    return "locked" in str(error.orig)  # SQLite has no codes of this kind


class Attempts:
    """The attempts at one piece of work."""

    def __init__(self) -> None:
        self._made = 0
        self._began = time.monotonic()

    def failed(self, error: IntegrityError | OperationalError | StaleDataError) -> None:
        """Return when it is time for another attempt.

        Raises:
            IntegrityError, OperationalError: the error, if another attempt would not help.
            Busy: rivals were in the way each time.
        """
        self._made += 1
        if not is_lost(error):
            if self._made >= FEW_ATTEMPTS:
                raise error
            return
        if self._made >= MANY_ATTEMPTS or time.monotonic() - self._began > PATIENCE_SECONDS:
            raise Busy from error
        # Random and growing, or those who met once would meet again.
        longest = min(_FIRST_PAUSE_SECONDS * 2**self._made, _LONGEST_PAUSE_SECONDS)
        time.sleep(_random.uniform(0, longest))
