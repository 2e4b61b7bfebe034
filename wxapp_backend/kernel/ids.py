"""Identifiers: opaque, sortable by time, not guessable one from another."""

from __future__ import annotations

import secrets
from datetime import datetime

ID_LENGTH = 26
"""Characters of an id: 10 for the millisecond, 16 for 80 random bits."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u."""

_MILLISECOND_CHARACTERS = 10
_RANDOM_CHARACTERS = 16


def new_id(now: datetime) -> str:
    """Return a fresh id that sorts after those made in earlier milliseconds."""
    milliseconds = int(now.timestamp() * 1000)
    randomness = secrets.randbits(5 * _RANDOM_CHARACTERS)
    return _encode(milliseconds, _MILLISECOND_CHARACTERS) + _encode(randomness, _RANDOM_CHARACTERS)


def _encode(value: int, characters: int) -> str:
    return "".join(
        _ALPHABET[value >> 5 * position & 31] for position in range(characters - 1, -1, -1)
    )
