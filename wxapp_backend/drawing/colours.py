"""Colours as `#rrggbb` or `#rrggbbaa`, and how well one is read on another."""

import re

_FORM = re.compile(r"#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?")
_LINEAR_BELOW = 0.04045

Rgba = tuple[int, int, int, int]


def parse_colour(text: str) -> Rgba:
    """Answer red, green, blue and opacity, each 0–255.

    Raises:
        ValueError: the text is not `#rrggbb` or `#rrggbbaa`.

    """
    if not _FORM.fullmatch(text):
        message = f"{text!r} is not a colour: write #rrggbb or #rrggbbaa"
        raise ValueError(message)
    red, green, blue = (int(text[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, int(text[7:9] or "ff", 16)


def luminance(red: float, green: float, blue: float) -> float:
    """Answer the relative luminance, 0–1 (WCAG 2.2)."""
    linear = [
        c / 12.92 if c <= _LINEAR_BELOW else ((c + 0.055) / 1.055) ** 2.4
        for c in (red / 255, green / 255, blue / 255)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Answer the contrast ratio, 1–21 (WCAG 2.2)."""
    light, dark = sorted((luminance(*one), luminance(*other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
