"""The sandbox's clock: real time plus what was added by hand."""

import time
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


class Clock:
    """A clock that runs like the real one and can be moved forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    @property
    def ahead_seconds(self) -> float:
        """How far it is ahead of real time."""
        return self._ahead

    def seconds(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead

    def now(self) -> datetime:
        """Tell the instant, in China's time zone."""
        return datetime.fromtimestamp(self.seconds(), CHINA)

    def advance(self, seconds: float) -> None:
        """Move it forward.

        Raises:
            ValueError: `seconds` is negative: no phone has seen time run back.

        """
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        self._ahead += seconds
