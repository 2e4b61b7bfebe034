"""QR codes as ready JPEG cells: no encoder runs for a code at all.

With modules of 8, 12 or 16 px on the 16 px grid, a cell shows parts of at most two by two modules.
There are a few such cells, encoded once; a code is then put together from tables that go from four
modules of two neighbouring rows to the bytes of the cells below them.
"""

from functools import cache

from PIL import Image

from wxapp_backend.drawing.codegrid import NIBBLE, module_pairs, stride_for
from wxapp_backend.drawing.colours import parse_colour
from wxapp_backend.drawing.jpeg import CELL, MARKERS, Place, cell_pieces

# For a module's px: where the first of a cell's two modules ends, cell after cell, until the grid
# of modules and the grid of cells meet again.
SPLITS = {8: (8,), 12: (12, 8, 4), 16: (16,)}


@cache
def _cell(split: tuple[int, int], dark: tuple[bool, ...], light: str) -> bytes:
    """Encode one cell: top left, top right, bottom left, bottom right module."""
    red, green, blue, _ = parse_colour(light)
    cell = Image.new("RGB", (CELL, CELL), (red, green, blue))
    across, down = split
    boxes = (
        (0, 0, across, down),
        (across, 0, CELL, down),
        (0, down, across, CELL),
        (across, down, CELL, CELL),
    )
    for is_dark, box in zip(dark, boxes, strict=True):
        if is_dark and box[2] > box[0] and box[3] > box[1]:
            cell.paste("#000000", box)
    (piece,) = cell_pieces(cell)
    return piece


def _cell_table(module: int, down: int, marker: int, count: int, light: str) -> list[bytes]:
    """From four modules of a row and the four below (as one byte) to their cells with markers."""
    found = []
    for value in range(256):
        upper, lower = f"{value >> 4:04b}0", f"{value & 15:04b}0"
        cells = b""
        for number in range(count):
            px = number * CELL
            at = px // module
            across = min(CELL, (at + 1) * module - px)
            dark = tuple(m == "1" for m in (*upper[at : at + 2], *lower[at : at + 2]))
            cells += _cell((across, down), dark, light) + MARKERS[(marker + number) & 7]
        found.append(cells)
    return found


class CodeCells:
    """The square of a code within a spliced file: from a symbol's bits to the square's rows."""

    def __init__(self, place: Place, module: int, max_modules: int, light: str) -> None:
        self._max = max_modules
        digits = stride_for(max_modules) // NIBBLE
        per_nibble = NIBBLE * module // CELL
        splits = SPLITS[module]
        tables: dict[tuple[int, int, int], list[bytes]] = {}
        self._rows: list[tuple[int, list[list[bytes]]]] = []
        for row, numbers in enumerate(place.numbers):
            down = splits[row % len(splits)]
            used = []
            for first in range(0, place.width, per_nibble):
                count = min(per_nibble, place.width - first)
                key = (down, (numbers.start + first) & 7, count)
                if key not in tables:
                    tables[key] = _cell_table(module, *key, light)
                used.append(tables[key])
            self._rows.append((row * CELL // module * digits, used))

    def rows(self, symbol: int, modules: int) -> list[bytes]:
        """Answer the square's rows for a symbol as `SymbolTable.draw` answers it."""
        pairs = module_pairs(symbol, modules, self._max)
        join = b"".join
        return [
            join([table[pair] for table, pair in zip(tables, pairs[at:], strict=False)])
            for at, tables in self._rows
        ]
