"""Referral codes: short, without look-alikes, not guessable, the same in any case."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L: people read codes to each other at the counter."""

LENGTH = 8
"""31^8 is about 850 thousand million codes; fits WeChat's scene of 32 characters."""


def make_code() -> str:
    """Return a code that cannot be guessed from others."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(text: str) -> str | None:
    """Return the code that was typed or scanned, or None when it cannot be one."""
    code = text.strip().upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
