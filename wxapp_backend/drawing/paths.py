"""Outlines as polygons: rounded boxes, ellipses and SVG path data (M L H V C Q Z, both cases)."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]
Outline = list[Point]

_TOKEN = re.compile(r"([MLHVCQZmlhvcqz])|(-?\d*\.?\d+(?:e-?\d+)?)")
_CURVE_STEPS = 24
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4}


def _closed(outline: Outline) -> Outline:
    """Answer the outline back at its start; one that is open is drawn open as a line."""
    return [*outline, outline[0]]


def ellipse(x: float, y: float, width: float, height: float) -> Outline:
    """Answer an ellipse that fills the box."""
    steps = max(48, int((width + height) / 4))
    middle_x, middle_y = x + width / 2, y + height / 2
    turns = [2 * math.pi * i / steps for i in range(steps)]
    return _closed(
        [(middle_x + width / 2 * math.cos(t), middle_y + height / 2 * math.sin(t)) for t in turns]
    )


def rounded_box(x: float, y: float, width: float, height: float, radius: float) -> Outline:
    """Answer a box with quarter circles at its corners."""
    radius = min(radius, width / 2, height / 2)
    if radius <= 0:
        return _closed([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    corners = [
        (x + width - radius, y + radius, -90),
        (x + width - radius, y + height - radius, 0),
        (x + radius, y + height - radius, 90),
        (x + radius, y + radius, 180),
    ]
    steps = 16
    return _closed(
        [
            (
                cx + radius * math.cos(math.radians(start + 90 * i / steps)),
                cy + radius * math.sin(math.radians(start + 90 * i / steps)),
            )
            for cx, cy, start in corners
            for i in range(steps + 1)
        ]
    )


def _curve(points: Sequence[Point]) -> Outline:
    """Answer points along a Bézier curve of any degree, without its start."""
    found = []
    for step in range(1, _CURVE_STEPS + 1):
        t = step / _CURVE_STEPS
        row = list(points)
        while len(row) > 1:
            row = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(row)]
        found.append(row[0])
    return found


def parse_path(data: str) -> list[Outline]:
    """Answer one outline per subpath of SVG path data.

    Raises:
        ValueError: a command is unknown or its numbers are missing.

    """
    if _TOKEN.sub("", data).strip(" ,\n\t"):
        message = f"path data {data[:40]!r} has something other than M L H V C Q Z and numbers"
        raise ValueError(message)
    outlines: list[Outline] = []
    pen = (0.0, 0.0)
    command, numbers = "", list[float]()
    for letter, number in _TOKEN.findall(data):
        if letter:
            if numbers or (command and not letter):
                raise ValueError(f"path data: {command} has a wrong count of numbers")
            command = letter
            if letter in "Zz" and outlines:
                outlines[-1] = _closed(outlines[-1])
                pen = outlines[-1][0]
            continue
        numbers.append(float(number))
        if len(numbers) == _NUMBERS.get(command.upper(), 0):
            pen = _extend(outlines, command, numbers, pen)
            command = {"M": "L", "m": "l"}.get(command, command)
            numbers = []
    if numbers:
        raise ValueError(f"path data ends within {command}")
    return outlines


def _extend(outlines: list[Outline], command: str, numbers: list[float], pen: Point) -> Point:
    """Add one command's points; answer the new pen."""
    base = pen if command.islower() else (0.0, 0.0)
    kind = command.upper()
    if kind == "H":
        points = [(base[0] + numbers[0], pen[1])]
    elif kind == "V":
        points = [(pen[0], base[1] + numbers[0])]
    else:
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        points = [(base[0] + x, base[1] + y) for x, y in pairs]
    if kind == "M" or not outlines:
        outlines.append([points[0]])
    elif kind in "CQ":
        outlines[-1] += _curve([pen, *points])
    else:
        outlines[-1] += points
    return points[-1]


def shifted(outlines: Sequence[Outline], dx: float, dy: float) -> list[Outline]:
    """Answer the outlines moved by `dx`, `dy`."""
    return [[(x + dx, y + dy) for x, y in outline] for outline in outlines]


def magnified(outlines: Sequence[Outline], scale: float) -> list[Outline]:
    """Answer the outlines with all coordinates times `scale`."""
    return [[(x * scale, y * scale) for x, y in outline] for outline in outlines]


def turned(outlines: Sequence[Outline], degrees: float, about: Point) -> list[Outline]:
    """Answer the outlines turned clockwise about a point."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turn(x: float, y: float) -> Point:
        return about[0] + x * cos - y * sin, about[1] + x * sin + y * cos

    return [[turn(x - about[0], y - about[1]) for x, y in outline] for outline in outlines]
