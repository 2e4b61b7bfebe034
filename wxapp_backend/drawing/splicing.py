"""A template compiled for one size: still cells kept as bytes, only a person's cells are drawn."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image

from wxapp_backend.drawing.codecells import SPLITS
from wxapp_backend.drawing.codepainter import CodePainter
from wxapp_backend.drawing.content import Content
from wxapp_backend.drawing.elements import CodeElement, Element
from wxapp_backend.drawing.glyphs import Rect
from wxapp_backend.drawing.jpeg import (
    CELL,
    Cells,
    Place,
    SplicedJpeg,
    cell_pieces,
    cells_around,
    encode,
)
from wxapp_backend.drawing.parts import Part, separate_parts
from wxapp_backend.drawing.sheet import Block, Sheet
from wxapp_backend.drawing.store import PieceStore


class _GroupPainter:
    """Makes the rows of one group's place."""

    def __init__(self, number: int, group: Part, place: Place, still: Image.Image) -> None:
        self.number = number
        self.place = place
        self.elements = group.elements
        left, top, right, bottom = (c * CELL for c in group.cells)
        self.origin = (left, top)
        self._picture = still.size
        whole = (still.width // CELL * CELL, still.height // CELL * CELL)
        self._safe = (left, top, min(right, whole[0]), min(bottom, whole[1]))
        # A copy: a crop might keep the whole still picture alive.
        end = (min(right, still.width), min(bottom, still.height))
        self._ground = still.crop((left, top, *end)).copy()
        self._code = self._code_painter()

    def _code_painter(self) -> CodePainter | None:
        """Answer the table way for a code that stands alone, wholly inside the picture."""
        element = self.elements[0]
        if not isinstance(element, CodeElement) or len(self.elements) > 1:
            return None
        whole = self._ground.size == (element.side, element.side)
        if element.module not in SPLITS or not whole or self.place.ends_file:
            return None
        return CodePainter(element, self.place)

    def code_rows(self, content: Content) -> list[bytes] | None:
        """Answer the rows of a QR code without drawing it, or None where there is no such way."""
        return None if self._code is None else self._code.rows(content)

    def parts(self, content: Content) -> list[Part] | None:
        """Answer what will be drawn, cut into parts that share no cell.

        None where the place must be drawn whole, by itself: at the picture's end, where the encoder
        fills cut cells in its own way, and when something reaches beyond the place.
        """
        placed: list[tuple[Element, Cells]] = []
        for element in self.elements:
            extent = element.extent(content)
            if extent is None:
                continue
            if not _contains(self._safe, extent):
                return None
            placed.append((element, cells_around(extent, self._picture)))
        return separate_parts(placed)

    def draw(self, part: Part, content: Content, block: Block, image: Image.Image) -> None:
        """Draw a part at its block's spot of a sheet."""
        left, top, right, bottom = (c * CELL for c in block.cells)
        dx, dy = self.origin
        x, y = block.spot
        # Straight to the core: there are many small parts.
        ground = self._ground.im.crop((left - dx, top - dy, right - dx, bottom - dy))
        image.im.paste(ground, (x, y, x + right - left, y + bottom - top))
        origin = (left - x, top - y)
        for element in part.elements:
            element.draw(image, content, origin)

    def draw_alone(self, content: Content) -> list[bytes]:
        """Draw the whole place by itself and answer its rows."""
        image = self._ground.copy()
        for element in self.elements:
            element.draw(image, content, self.origin)
        return self.place.rows([(self.place.cells, cell_pieces(image))])


def _contains(outer: Rect, inner: Rect) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


@dataclass(slots=True)
class _Step:
    """One part of a group: its key where it is kept, its block where it must be drawn."""

    part: Part
    key: Hashable
    block: Block | None
    pieces: list[bytes] = field(default_factory=list)


class CompiledTemplate:
    """Draws posters of one template and size by filling in cells."""

    def __init__(
        self, still: Image.Image, elements: Sequence[Element], store: PieceStore, name: str
    ) -> None:
        found = separate_parts((e, cells_around(e.rect, still.size)) for e in elements)
        self._jpeg = SplicedJpeg(still, [group.cells for group in found])
        self._store = store
        self._name = name
        self._painters = [
            _GroupPainter(number, group, place, still)
            for number, (group, place) in enumerate(zip(found, self._jpeg.places, strict=True))
        ]
        self.size = still.size

    def jpeg(self, content: Content, keys: Mapping[str, Hashable]) -> bytes:
        """Answer the finished file; `keys` are those of the elements, by name."""
        filled: list[tuple[Place, list[bytes]]] = []
        missing: list[tuple[Hashable, _GroupPainter]] = []
        for painter in self._painters:
            rows = painter.code_rows(content)
            if rows is None:
                key: Hashable = (
                    self._name,
                    painter.number,
                    *[keys[e.name] for e in painter.elements],
                )
                rows = self._store.get(key)
                if rows is None:
                    missing.append((key, painter))
                    continue
            filled.append((painter.place, rows))
        if missing:
            drawn = self._drawn([painter for _, painter in missing], content, keys)
            for (key, painter), rows in zip(missing, drawn, strict=True):
                self._store.put(key, rows)
                filled.append((painter.place, rows))
        return self._jpeg.join(filled)

    def _drawn(
        self,
        painters: Sequence[_GroupPainter],
        content: Content,
        keys: Mapping[str, Hashable],
    ) -> list[list[bytes]]:
        """Draw several groups, as many as possible on one sheet, and answer their places' rows."""
        sheet = Sheet()
        plans = [self._plan(painter, content, keys, sheet) for painter in painters]
        image = sheet.lay_out()
        for painter, plan in zip(painters, plans, strict=True):
            for step in plan or ():
                if step.block is not None:
                    painter.draw(step.part, content, step.block, image)
        sheet.encode()
        rows = []
        for painter, plan in zip(painters, plans, strict=True):
            for step in plan or ():
                if step.block is not None:
                    step.pieces = step.block.pieces
                    if step.key is not None:
                        self._store.put(step.key, step.pieces)
            rows.append(
                painter.draw_alone(content)
                if plan is None
                else painter.place.rows([(step.part.cells, step.pieces) for step in plan])
            )
        return rows

    def _plan(
        self,
        painter: _GroupPainter,
        content: Content,
        keys: Mapping[str, Hashable],
        sheet: Sheet,
    ) -> list[_Step] | None:
        """Decide for each part of a group whether it is known already or has to be drawn.

        In a group of several parts each is kept by itself too: a new nickname beside a known
        avatar draws the nickname alone.
        """
        parts = painter.parts(content)
        if parts is None:
            return None
        steps = []
        for part in parts:
            key: Hashable = None
            if len(parts) > 1:
                named = [keys[element.name] for element in part.elements]
                key = (self._name, painter.number, part.cells, *named)
            pieces = self._store.get(key) if key is not None else None
            if pieces is None:
                steps.append(_Step(part, key, sheet.add(part.cells)))
            else:
                steps.append(_Step(part, key, None, pieces))
        return steps

    def agrees(self, content: Content, whole: Image.Image) -> bool:
        """Tell whether filling in gives the very bytes of encoding the whole picture."""
        keys = {e.name: e.key(content) for p in self._painters for e in p.elements}
        return self.jpeg(content, keys) == encode(whole)
