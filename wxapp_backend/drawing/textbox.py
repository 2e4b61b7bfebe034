"""A text set into a box: sizes tried from large to small, lines broken, the rest cut off."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PIL import Image

from wxapp_backend.drawing.glyphs import Atom, Mark, Rect, Style, atoms, mark
from wxapp_backend.drawing.linebreak import break_lines, trimmed, width

_FIGURES = re.compile(r"[¥￥$]?\d+(?:[.,:]\d+)*%?")
# Distance from the middle of a line of Chinese to its baseline, in sizes (Noto Sans CJK's forms).
_MIDDLE_TO_BASELINE = 0.38
_SHRINK = 0.92


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Numbers within the text set larger: times the size, with a weight and colour of their own."""

    scale: float
    weight: int
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBox:
    """Where and how a text is set; lengths in px.

    `leading` is the distance of baselines in sizes. The text never leaves the box: it is made
    smaller down to `min_size`, then cut with an ellipsis.
    """

    box: tuple[int, int, int, int]
    style: Style
    min_size: int
    lines: int = 1
    leading: float = 1.4
    align: Literal["left", "center", "right"] = "left"
    valign: Literal["top", "middle", "bottom"] = "middle"
    figures: Figures | None = None


@dataclass(frozen=True, slots=True)
class SetText:
    """The outcome: lines of atoms, the size they were set in, whether something was cut."""

    lines: tuple[tuple[Atom, ...], ...]
    size: int
    cut: bool


def _row(text: str, style: Style, figures: Figures | None) -> list[Atom]:
    if figures is None:
        return atoms(text, style)
    large = Style(round(style.size * figures.scale), figures.weight, figures.colour, style.tracking)
    row: list[Atom] = []
    at = 0
    for match in _FIGURES.finditer(text):
        row += atoms_keeping_ends(text[at : match.start()], style) + atoms(match[0], large)
        at = match.end()
    return row + atoms_keeping_ends(text[at:], style)


def atoms_keeping_ends(text: str, style: Style) -> list[Atom]:
    """Like `atoms`, but a space at either end stays: the text goes on beside it."""
    inner = atoms(text, style)
    if not (text[:1].isspace() or text[-1:].isspace()):
        return inner
    space = atoms("x x", style)[1:2]
    before = space if text[:1].isspace() and inner else []
    after = space if text[-1:].isspace() else []
    return [*before, *inner, *after]


def _sizes(largest: int, smallest: int) -> list[int]:
    sizes = [largest]
    while sizes[-1] > smallest:
        sizes.append(max(smallest, min(sizes[-1] - 1, round(sizes[-1] * _SHRINK))))
    return sizes


def _ellipsised(row: Sequence[Atom], limit: float, style: Style) -> list[Atom]:
    """Cut a row so that it ends with … within `limit` px."""
    mark = atoms("…", style)
    kept = trimmed(row)
    while kept and width([*kept, *mark]) > limit:
        kept = trimmed(kept[:-1])
    return [*kept, *mark]


def set_text(text: str, box: TextBox) -> SetText:
    """Choose the size and the lines; the first size that fits wins."""
    limit = float(box.box[2])
    lines: list[list[Atom]] = []
    size = box.style.size
    for size in _sizes(box.style.size, box.min_size):
        style = _sized(box.style, size)
        row = _row(text, style, box.figures)
        lines = [trimmed(row)] if width(row) <= limit else []
        if not lines and box.lines > 1:
            lines = break_lines(row, limit)
        if lines and len(lines) <= box.lines and _height(lines, box, size) <= box.box[3]:
            return SetText(tuple(tuple(line) for line in lines if line), size, cut=False)
    if not lines:
        lines = break_lines(row, limit)
    room = max(1, box.lines)
    while room > 1 and _height(lines[:room], box, size) > box.box[3]:
        room -= 1
    rest = [atom for line in lines[room - 1 :] for atom in line]
    kept = [*lines[: room - 1], _ellipsised(rest, limit, style)]
    return SetText(tuple(tuple(line) for line in kept), size, cut=True)


def _sized(style: Style, size: int) -> Style:
    if size == style.size:
        return style
    return replace(style, size=size, tracking=style.tracking * size / style.size)


def _line_size(line: Sequence[Atom], box: TextBox, size: int) -> int:
    """Answer the size of a line's largest sign; only figures differ from the text's `size`."""
    if box.figures is None:
        return size
    return max([atom.style.size for atom in line], default=size)


def _height(lines: Sequence[Sequence[Atom]], box: TextBox, size: int) -> float:
    """Answer the px from the top of the first line to the bottom of the last."""
    if not lines:
        return 0.0
    sizes = [_line_size(line, box, size) for line in lines]
    return sizes[0] + sum(sizes[1:]) * box.leading


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text ready to paste: its marks in px of the poster, and the box around them."""

    marks: tuple[Mark, ...]
    extent: Rect | None


def place_text(text: str, box: TextBox) -> PlacedText:
    """Set a text and work out where each sign goes."""
    outcome = set_text(text, box)
    left, top, room, height = box.box
    spare = height - _height(outcome.lines, box, outcome.size)
    baseline = top + {"top": 0.0, "middle": spare / 2, "bottom": spare}[box.valign]
    marks: list[Mark] = []
    for number, line in enumerate(outcome.lines):
        size = _line_size(line, box, outcome.size)
        baseline += size * (box.leading if number else 0.5 + _MIDDLE_TO_BASELINE)
        slack = room - width(line)
        pen = left + {"left": 0.0, "center": slack / 2, "right": slack}[box.align]
        for atom in line:
            placed = mark(atom, pen, round(baseline))
            pen += atom.width
            if placed is not None:
                marks.append(placed)
    if not marks:
        return PlacedText((), None)
    lefts, tops, rights, bottoms = zip(*[placed.box for placed in marks], strict=True)
    return PlacedText(tuple(marks), (min(lefts), min(tops), max(rights), max(bottoms)))


def draw_text(image: Image.Image, text: str, box: TextBox, origin: tuple[int, int]) -> None:
    """Draw `text`; `origin` is the poster's px that lies at the image's top left corner."""
    paste_marks(image, place_text(text, box), origin)


def paste_marks(image: Image.Image, placed_text: PlacedText, origin: tuple[int, int]) -> None:
    """Draw a text whose signs have their places."""
    dx, dy = origin
    # Straight to the core: `Image.paste` takes longer for its checks than for small signs.
    paste = image.im.paste
    for (left, top, right, bottom), source, mask in placed_text.marks:
        paste(source, (left - dx, top - dy, right - dx, bottom - dy), mask)
