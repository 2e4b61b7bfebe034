"""Several small drawings encoded in one go: an encoder's start costs as much as 200 cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image

from wxapp_backend.drawing.jpeg import CELL, Cells, cell_pieces

_WIDER = 20  # columns beyond the widest block that are tried


@dataclass(slots=True)
class Block:
    """Cells of a poster, where they stand on the sheet (px), and their bytes in the end."""

    cells: Cells
    spot: tuple[int, int] = (0, 0)
    pieces: list[bytes] = field(default_factory=list)

    @property
    def columns(self) -> int:
        """Answer the cells of a row."""
        return self.cells[2] - self.cells[0]

    @property
    def rows(self) -> int:
        """Answer the rows of cells."""
        return self.cells[3] - self.cells[1]


Spots = tuple[tuple[int, int], ...]


def _shelves(shapes: Sequence[tuple[int, int]], width: int) -> tuple[Spots, int]:
    """Put blocks (columns, rows) on the first shelf with room, the tallest first."""
    spots = [(0, 0)] * len(shapes)
    shelves: list[tuple[int, int]] = []  # next free column, top
    height = 0
    for number in sorted(range(len(shapes)), key=lambda n: -shapes[n][1]):
        columns, rows = shapes[number]
        for at, (left, top) in enumerate(shelves):
            if left + columns <= width:
                spots[number] = (left, top)
                shelves[at] = (left + columns, top)
                break
        else:
            spots[number] = (0, height)
            shelves.append((columns, height))
            height += rows
    return tuple(spots), height


@lru_cache(256)
def _packed(shapes: tuple[tuple[int, int], ...]) -> tuple[Spots, int, int]:
    """Answer spots, columns and rows of the smallest sheet among some widths, in cells."""
    widest = max(columns for columns, _ in shapes)
    best: tuple[Spots, int, int] | None = None
    for width in range(widest, widest + _WIDER):
        spots, height = _shelves(shapes, width)
        if best is None or width * height < best[1] * best[2]:
            best = (spots, width, height)
    assert best is not None
    return best


class Sheet:
    """Blocks side by side, as close as simple shelves allow."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._columns = 0
        self._image: Image.Image | None = None

    def add(self, cells: Cells) -> Block:
        """Make room for some cells."""
        block = Block(cells)
        self._blocks.append(block)
        return block

    def lay_out(self) -> Image.Image:
        """Settle the spots and answer the picture to draw on."""
        if not self._blocks:
            return Image.new("RGB", (CELL, CELL))
        shapes = tuple((block.columns, block.rows) for block in self._blocks)
        spots, self._columns, rows = _packed(shapes)
        for block, (column, row) in zip(self._blocks, spots, strict=True):
            block.spot = (column * CELL, row * CELL)
        self._image = Image.new("RGB", (self._columns * CELL, rows * CELL))
        return self._image

    def encode(self) -> None:
        """Encode the picture and give each block its cells, row after row."""
        if self._image is None or not self._blocks:
            return
        cells = cell_pieces(self._image)
        for block in self._blocks:
            first = block.spot[1] // CELL * self._columns + block.spot[0] // CELL
            starts = range(first, first + block.rows * self._columns, self._columns)
            block.pieces = [
                piece for start in starts for piece in cells[start : start + block.columns]
            ]
