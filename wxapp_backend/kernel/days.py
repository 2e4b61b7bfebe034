"""Days as the shops live them: in Asia/Shanghai, whatever the server's own zone is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
"""China has one zone and no summer time (since 1991)."""


def day_of(instant: datetime) -> date:
    """Return the shop's day that holds the instant."""
    return instant.astimezone(SHANGHAI).date()


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """Return the first instant of a shop's day and that of the next."""
    start = datetime.combine(day, time(), SHANGHAI)
    return start, start + timedelta(days=1)
