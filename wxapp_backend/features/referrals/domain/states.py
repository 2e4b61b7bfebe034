"""A referral's life."""

from __future__ import annotations

from typing import Literal, get_args

State = Literal[
    "touched",
    "claimed",
    "qualified",
    "pending",
    "rewarded",
    "rejected",
    "reversed",
    "expired",
]
"""`touched`: the friend opened the share; `claimed`: took the offer; `qualified`: paid the visit
that counts; `pending`: the reward waits for its day; `rewarded`, `rejected`, `reversed` and
`expired` are ends."""

STATES: tuple[State, ...] = get_args(State)

PAID_STATES: frozenset[State] = frozenset({"qualified", "pending", "rewarded"})
"""The friend's visit counted."""

POINTS_PER_FRIEND = 10
POINTS_PER_RETURN = 2


def contribution(*, friends_who_paid: int, return_visits: int) -> int:
    """Return the referrer's 推荐贡献值: friends who paid weigh most, their coming back adds."""
    return friends_who_paid * POINTS_PER_FRIEND + return_visits * POINTS_PER_RETURN
