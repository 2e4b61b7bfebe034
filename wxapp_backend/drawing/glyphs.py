"""Signs ready to paste: each is drawn once per face and kept in a bounded store.

A text is a row of atoms. An atom is one sign with its width; how it is coloured is decided when it
is pasted, so one drawing serves every colour.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw

from wxapp_backend.drawing.arabic import in_visual_order
from wxapp_backend.drawing.colours import parse_colour
from wxapp_backend.drawing.emoji import clusters, find_picture, sprite, wants_colour
from wxapp_backend.drawing.fonts import FontFile, coverage, face, font_files

if TYPE_CHECKING:
    from PIL._imaging import ImagingCore

_GLYPHS = 3000
# Latin letters, Chinese and its punctuation: one character is one sign, never an emoji.
_PLAIN = re.compile("[\u0020-\u007e\u00b7\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]*")
_TEXTS = 2000
_STYLES = 48
_LETTERS = 1000
_INKS = 256
_EMOJI_SCALE = 1.08
_EMOJI_RISE = 0.90
_EMOJI_GAP = 0.06
# Zero-width (non-)joiner and the tags that spell regional flags.
_SHAPING = frozenset("\u200c\u200d") | frozenset(map(chr, range(0xE0020, 0xE0080)))


Rect = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Style:
    """How a sign looks: size in px, weight 100–900, extra px after each sign."""

    size: int
    weight: int
    colour: str
    tracking: float = 0.0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A drawn sign: its mask (None for a space), offset from the pen, size and advance in px."""

    mask: Image.Image | None
    left: int
    top: int
    width: int
    height: int
    advance: float


@dataclass(frozen=True, slots=True)
class Atom:
    """One sign of a text: a drawn glyph and its colour, or the file of a colour emoji."""

    text: str
    width: float
    style: Style
    glyph: Glyph | None = None
    ink: Image.Image | None = None
    picture: str | None = None


@lru_cache(_GLYPHS)
def glyph(font: FontFile, size: int, weight: int, text: str) -> Glyph:
    """Draw one sign, pen on the baseline."""
    opened = face(font, size, weight)
    left, top, right, bottom = (round(v) for v in opened.getbbox(text, anchor="ls"))
    advance = opened.getlength(text)
    if right <= left or bottom <= top:
        return Glyph(None, 0, 0, 0, 0, advance)
    mask = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(mask).text((-left, -top), text, font=opened, fill=255, anchor="ls")
    return Glyph(mask, left, top, right - left, bottom - top, advance)


@lru_cache(_TEXTS)
def clean(text: str) -> str:
    """Compose marks, turn line ends into spaces, drop controls and direction overrides."""
    composed = unicodedata.normalize("NFC", text.replace("\u3000", " "))
    kept = "".join(" " if sign.isspace() else sign for sign in composed if _is_shown(sign))
    return " ".join(kept.split())


def _is_shown(sign: str) -> bool:
    """Tell whether a character stays: joiners and flag tags do, other format characters do not."""
    if sign in _SHAPING or sign.isspace():
        return True
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _font_for(sign: str) -> FontFile | None:
    for font in font_files():
        if all(ord(part) in coverage(font) for part in sign):
            return font
    return None


class _Letters(dict[str, Atom | None]):
    """Atoms of one style by sign; None where no font has the sign."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style

    def __missing__(self, sign: str) -> Atom | None:
        if len(self) >= _LETTERS:
            self.clear()
        style = self._style
        font = _font_for(sign)
        if font is not None:
            drawn = glyph(font, style.size, style.weight, sign)
            ink = _ink(style.colour, drawn.mask.size) if drawn.mask is not None else None
            found: Atom | None = Atom(sign, drawn.advance + style.tracking, style, drawn, ink)
        else:
            found = self[sign[0]] if len(sign) > 1 else None
        self[sign] = found
        return found


@lru_cache(_STYLES)
def _letters(style: Style) -> _Letters:
    return _Letters(style)


def _emoji(cluster: str, style: Style) -> list[Atom]:
    """Answer the sign's picture, or those of its parts when the whole has none."""
    path = find_picture(cluster)
    if path is not None:
        width = round(style.size * _EMOJI_SCALE) + style.size * _EMOJI_GAP + style.tracking
        return [Atom(cluster, width, style, picture=path)]
    if len(cluster) == 1:
        return []
    return [atom for part in cluster for atom in _emoji(part, style)]


def atoms(text: str, style: Style) -> list[Atom]:
    """Turn a text into atoms; a sign that neither a font nor a picture has is left out."""
    cleaned = clean(text)
    letters = _letters(style)
    if _PLAIN.fullmatch(cleaned):
        return [letter for sign in cleaned if (letter := letters[sign]) is not None]
    found: list[Atom] = []
    for cluster in clusters(in_visual_order(cleaned)):
        if wants_colour(cluster):
            pictures = _emoji(cluster, style)
            if pictures:
                found += pictures
                continue
        bare = cluster.rstrip("\ufe0e\ufe0f\u200d")
        letter = letters[bare] if bare else None
        if letter is not None:
            found.append(letter)
        elif not wants_colour(cluster):
            found += _emoji(cluster, style)
    return found


@lru_cache(_INKS)
def _ink(colour: str, size: tuple[int, int]) -> Image.Image:
    """Answer a plain picture: pasting one through a mask takes half as long as a plain colour."""
    red, green, blue, _ = parse_colour(colour)
    return Image.new("RGB", size, (red, green, blue))


class Mark(NamedTuple):
    """An atom with its place: `box` in px; Pillow's core pastes `source` through `mask`."""

    box: Rect
    source: ImagingCore
    mask: ImagingCore


def mark(atom: Atom, pen: float, baseline: int) -> Mark | None:
    """Place an atom with its left edge at `pen` on `baseline` (px); None for a space."""
    if atom.picture is not None:
        size = atom.style.size
        side = round(size * _EMOJI_SCALE)
        picture = sprite(atom.picture, side)
        left = round(pen + size * _EMOJI_GAP / 2)
        top = baseline - round(size * _EMOJI_RISE)
        return Mark((left, top, left + side, top + side), picture.im, picture.im)
    drawn = atom.glyph
    if drawn is None or drawn.mask is None or atom.ink is None:
        return None
    left, top = round(pen) + drawn.left, baseline + drawn.top
    box = (left, top, left + drawn.width, top + drawn.height)
    return Mark(box, atom.ink.im, drawn.mask.im)


def union(one: Rect | None, other: Rect | None) -> Rect | None:
    """Answer the smallest box around both; None stands for no box."""
    if one is None or other is None:
        return one or other
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
