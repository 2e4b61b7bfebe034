"""Text that came from outside: cleaned, measured and masked."""

from __future__ import annotations

import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that no name or sentence needs (ZWJ and variation selectors aside)."""


def clean(text: str) -> str:
    """Drop control and formatting characters, and join white space to single blanks.

    The zero-width joiner stays: emoji families are written with it.
    """
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or character == _ZERO_WIDTH_JOINER
        or unicodedata.category(character) not in _INVISIBLE
    )
    return " ".join(kept.split())


def mask_name(nickname: str | None) -> str:
    """Show the first letter or Chinese character of a name, and no more of it: 李**, Z**.

    A name that begins with an emoji, a digit or a sign shows none of it: ***.
    """
    first = clean(nickname or "")[:1]
    return f"{first.upper()}**" if first and unicodedata.category(first)[0] == "L" else "***"


def mask_phone(last_four: str) -> str:
    """Show a mainland mobile number by its last four digits: `*******1234`."""
    return "*" * 7 + last_four
