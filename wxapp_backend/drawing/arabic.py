"""Arabic and Hebrew in visual order with joined letters, without any system library."""

import unicodedata

import arabic_reshaper  # type: ignore[import-untyped]  # ships no types
from bidi import get_display  # type: ignore[import-untyped]  # ships no types


def in_visual_order(text: str) -> str:
    """Answer the line as it is drawn from left to right; other scripts stay as they are."""
    if text.isascii() or not any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text):
        return text
    return str(get_display(arabic_reshaper.reshape(text), base_dir="L"))
