"""Rules about stores and staff that need no database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Role = Literal["clerk", "manager"]

RANK: dict[str, int] = {"clerk": 0, "manager": 1}
"""Who may do what the others may, and more."""

INVITE_LIFE = timedelta(days=7)
"""Time for a manager to hand an invitation on; long enough for a week's shifts."""

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no look-alikes: it may be typed from paper
_INVITE_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Store:
    """One place where customers come."""

    id: str
    name: str
    address: str
    phone: str
    hours: str


@dataclass(frozen=True, slots=True)
class Post:
    """Where somebody works, and as what."""

    store_id: str
    store_name: str
    role: Role
    person_id: str = field(repr=False)


def new_invite_code() -> str:
    """Return an invitation of 59 random bits: enough for a code that lives a week."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_INVITE_CHARACTERS))


def tidy_invite_code(text: str) -> str:
    """Return an invitation as it was made, from what a person typed."""
    return "".join(text.split()).replace("-", "").upper()


def higher(one: str, other: str) -> str:
    """Return the role that may do more."""
    return max(one, other, key=RANK.__getitem__)
