"""A code's place in a spliced file, filled from tables; only a logo's few cells are ever drawn."""

from collections import OrderedDict
from collections.abc import Hashable

from PIL import Image

from wxapp_backend.drawing.codecells import CodeCells
from wxapp_backend.drawing.codegrid import stride_for
from wxapp_backend.drawing.codes import choose_kind
from wxapp_backend.drawing.content import Content
from wxapp_backend.drawing.elements import CodeElement, digest
from wxapp_backend.drawing.fastqr import table_for
from wxapp_backend.drawing.jpeg import CELL, Cells, Place, cell_pieces, cells_around, exchanged

# Some 2 KB each. With modules of 8 px seven modules show around a logo, so 128 are all there are.
_LOGOS = 256


class CodePainter:
    """Makes the rows of the place of a code that stands alone."""

    def __init__(self, element: CodeElement, place: Place) -> None:
        self._element = element
        self._place = place
        self._stride = stride_for(element.max_modules)
        self._cells = CodeCells(
            place, element.module, element.max_modules, element.layer.plate_colour
        )
        self._logos: OrderedDict[Hashable, list[bytes]] = OrderedDict()

    def rows(self, content: Content) -> list[bytes] | None:
        """Answer the rows, or None where the code has to be drawn."""
        if content.code_image or not content.payload:
            return None
        payload = content.payload.encode()
        kind = choose_kind(len(payload), self._element.max_modules)
        table = table_for(payload, kind, self._stride)
        if table is None:
            return None
        symbol = table.draw(payload)
        rows = self._cells.rows(symbol, kind.modules)
        if self._element.shows_logo(content):
            self._put_logo(rows, content, symbol, kind.modules)
        return rows

    def _put_logo(self, rows: list[bytes], content: Content, symbol: int, modules: int) -> None:
        """Exchange the cells that the logo's plate touches."""
        element = self._element
        at, side = element.logo_box(modules)
        cells = cells_around((at, at, at + side, at + side), (element.side, element.side))
        key = (digest(content.logo), modules, self._seen_around(symbol, modules, cells))
        pieces = self._logos.pop(key, None) or self._drawn(content, cells)
        self._logos[key] = pieces
        while len(self._logos) > _LOGOS:
            self._logos.popitem(last=False)
        left, top, right, bottom = cells
        width = right - left
        for number, row in enumerate(range(top, bottom)):
            fresh = pieces[number * width : (number + 1) * width]
            rows[row] = exchanged(rows[row], self._place.markers[row], left, fresh)

    def _seen_around(self, symbol: int, modules: int, cells: Cells) -> tuple[int, ...]:
        """Answer the modules in these cells, row by row, without those that the logo hides."""
        element = self._element
        module, offset = element.module, element.offset(modules)
        at, side = element.logo_box(modules)
        hidden = range((at - offset) // module, (at - offset + side) // module)
        first = (cells[0] * CELL - offset) // module
        last = -(-(cells[2] * CELL - offset) // module)
        window = (1 << (last - first)) - 1
        covered = ((1 << len(hidden)) - 1) << (last - hidden.stop)
        found = []
        for row in range(first, last):  # the logo stands as far down as to the right
            bits = symbol >> ((modules - row) * self._stride - last) & window
            found.append(bits & ~covered if row in hidden else bits)
        return tuple(found)

    def _drawn(self, content: Content, cells: Cells) -> list[bytes]:
        left, top, right, bottom = (c * CELL for c in cells)
        image = Image.new("RGB", (right - left, bottom - top))
        origin = (self._element.rect[0] + left, self._element.rect[1] + top)
        self._element.draw(image, content, origin)
        return cell_pieces(image)
