"""Attribution: whose share brought the friend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class TouchSeen:
    """That the friend opened a referrer's share, first and last on some day."""

    referrer_id: str
    first_at: datetime
    last_at: datetime


def attribute(
    touches: Iterable[TouchSeen],
    presented_id: str,
    *,
    policy: Literal["first", "last"],
    window: timedelta,
    at: datetime,
) -> str:
    """Return who counts as the referrer when a claim presents the code of `presented_id`.

    The claim itself is the last touch. Under "first" the earliest touch within the window counts,
    and the presented code only when there is none.
    """
    if policy == "last":
        return presented_id
    inside = [touch for touch in touches if touch.last_at > at - window]
    if not inside:
        return presented_id
    return min(inside, key=lambda touch: (touch.first_at, touch.referrer_id)).referrer_id
