"""JPEG files that are put together from pieces encoded at different times.

A baseline JPEG with a restart marker after every cell of 16x16 px (4:2:0 colour) has these
properties, on which everything here rests:

1. The coder starts afresh at each marker, so a cell's bytes depend on that cell's pixels alone
   (with the standard Huffman tables and one quality; never `optimize` or `progressive`).
2. Markers count modulo eight, by the cell's number in the file: FF D0 … FF D7.
3. Within the coded data FF is always followed by 00, so FF D0 … FF D7 are markers and nothing else.
4. The header depends on the picture's size, the quality and the tables only.

So bytes of a still picture can be kept, cells that differ encoded alone, and the file joined: the
result is, byte for byte, what encoding the whole picture would have given.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

CELL = 16
QUALITY = 85
_MARKER = re.compile(rb"\xff[\xd0-\xd7]")
MARKERS = tuple(bytes((0xFF, 0xD0 + i)) for i in range(8))
_END = b"\xff\xd9"
_START_OF_SCAN = 0xDA

Cells = tuple[int, int, int, int]


def encode(picture: Image.Image, *, restarts: bool = True) -> bytes:
    """Encode the usual way; with `restarts`, a marker follows every cell."""
    buffer = io.BytesIO()
    if restarts:
        picture.save(buffer, "JPEG", quality=QUALITY, restart_marker_blocks=1)
    else:
        picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def _scan_start(jpeg: bytes) -> int:
    """Answer where the coded data begins, after the header of the scan."""
    at = 2
    while True:
        kind = jpeg[at + 1]
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if kind == _START_OF_SCAN:
            return at


def cell_pieces(picture: Image.Image) -> list[bytes]:
    """Encode a picture and answer the bytes of each of its cells, row after row."""
    jpeg = encode(picture)
    return _MARKER.split(jpeg[_scan_start(jpeg) : -len(_END)])


def cells_around(rect: tuple[int, int, int, int], size: tuple[int, int]) -> Cells:
    """Answer the cells (left, top, right, bottom; the last two exclusive) that cover a px box."""
    columns, rows = -(-size[0] // CELL), -(-size[1] // CELL)
    left, top = max(0, rect[0] // CELL), max(0, rect[1] // CELL)
    return left, top, min(columns, -(-rect[2] // CELL)), min(rows, -(-rect[3] // CELL))


@dataclass(frozen=True, slots=True)
class Place:
    """Cells of a picture that are filled per poster.

    Attributes:
        cells: where they are.
        parts: which of the file's parts their rows are.
        numbers: of the cells in the file, one range per row.
        markers: what follows each cell, one tuple per row.
        still: the rows as the still picture has them, cell by cell.
        still_rows: the same rows joined, with markers.

    """

    cells: Cells
    parts: tuple[int, ...]
    numbers: tuple[range, ...]
    markers: tuple[tuple[bytes, ...], ...]
    still: tuple[tuple[bytes, ...], ...]
    still_rows: tuple[bytes, ...]

    @property
    def width(self) -> int:
        """Answer the cells of a row."""
        return self.cells[2] - self.cells[0]

    @property
    def ends_file(self) -> bool:
        """Tell whether the file's very last cell, which has no marker, is among them."""
        return not self.markers[-1][-1]

    def rows(self, blocks: Sequence[tuple[Cells, Sequence[bytes]]]) -> list[bytes]:
        """Answer one part per row of the place, each cell followed by its marker.

        `blocks` are newly drawn cells: where, and their bytes, row after row. The others stay as
        they are in the still picture.
        """
        left, top = self.cells[:2]
        changed: dict[int, list[bytes]] = {}
        for within, pieces in blocks:
            new = within[2] - within[0]
            at = within[0] - left
            for number, row in enumerate(range(within[1] - top, within[3] - top)):
                cells = changed.get(row)
                if cells is None:
                    changed[row] = cells = list(self.still[row])
                cells[at : at + new] = pieces[number * new : (number + 1) * new]
        found = list(self.still_rows)
        for row, cells in changed.items():
            found[row] = _marked(cells, self.markers[row])
        return found


def _marked(cells: Sequence[bytes], markers: Sequence[bytes]) -> bytes:
    """Join cells, each with its marker behind it."""
    marked = [b""] * (2 * len(cells))
    marked[::2] = cells
    marked[1::2] = markers
    return b"".join(marked)


def exchanged(row: bytes, markers: Sequence[bytes], left: int, fresh: Sequence[bytes]) -> bytes:
    """Answer a place's row with some of its cells, from column `left` on, exchanged."""
    cells = _MARKER.split(row)[: len(markers)]
    cells[left : left + len(fresh)] = fresh
    return _marked(cells, markers)


class SplicedJpeg:
    """A still picture's file, taken apart so that the cells of some places can be exchanged."""

    def __init__(self, still: Image.Image, areas: Sequence[Cells]) -> None:
        """Encode the still picture once; `areas` must not overlap."""
        jpeg = encode(still)
        start = _scan_start(jpeg)
        pieces = _MARKER.split(jpeg[start : -len(_END)])
        columns = -(-still.width // CELL)
        total = len(pieces)
        begins = {
            top_left: index
            for index, area in enumerate(areas)
            for top_left in _row_starts(area, columns)
        }
        parts = [jpeg[:start]]
        found: list[list[int]] = [[] for _ in areas]
        number = 0
        while number < total:
            area = begins.get(number)
            if area is None:
                parts[-1] += pieces[number] + (MARKERS[number & 7] if number + 1 < total else b"")
                number += 1
            else:
                found[area].append(len(parts))
                parts += [b"", b""]
                number += areas[area][2] - areas[area][0]
        parts[-1] += _END
        self._parts = parts
        self.places = [
            _place(area, tuple(numbers), columns, pieces)
            for area, numbers in zip(areas, found, strict=True)
        ]

    def join(self, filled: Sequence[tuple[Place, Sequence[bytes]]]) -> bytes:
        """Answer the file with the rows of every place filled in."""
        parts = self._parts.copy()
        for place, rows in filled:
            for part, row in zip(place.parts, rows, strict=True):
                parts[part] = row
        return b"".join(parts)


def _place(area: Cells, parts: tuple[int, ...], columns: int, pieces: Sequence[bytes]) -> Place:
    left, top, right, bottom = area
    numbers = tuple(
        range(row * columns + left, row * columns + right) for row in range(top, bottom)
    )
    last = len(pieces) - 1
    markers = tuple(tuple(MARKERS[n & 7] if n < last else b"" for n in row) for row in numbers)
    still = tuple(tuple(pieces[n] for n in row) for row in numbers)
    joined = tuple(map(_marked, still, markers))
    return Place(area, parts, numbers, markers, still, joined)


def _row_starts(area: Cells, columns: int) -> list[int]:
    return [row * columns + area[0] for row in range(area[1], area[3])]
