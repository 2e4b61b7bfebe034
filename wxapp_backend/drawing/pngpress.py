"""PNG posters of one template and size: a base for what a campaign shares, holes for the person.

What changes from person to person (avatar, nickname, photo, code) is filled into a base picture
that holds all the rest. Making a base costs several plain encodes, so it is made when the same rest
is asked for a second time; until then the caller encodes the plain way.
"""

import io
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from PIL import Image

from wxapp_backend.drawing.colours import parse_colour
from wxapp_backend.drawing.content import Content
from wxapp_backend.drawing.elements import CodeElement, Element, TextElement
from wxapp_backend.drawing.parts import Part, separate_parts
from wxapp_backend.drawing.png import (
    CODE_ROWS,
    PICTURE_ROWS,
    TEXT_ROWS,
    Effort,
    FreshRows,
    Rect,
    SplicedPng,
)
from wxapp_backend.drawing.pngcode import changed_rows

# A base holds about its file and its areas' px: half a megabyte at 750x1334.
_BASES = 8
_FRESH = 256


@dataclass(frozen=True, slots=True)
class _Base:
    key: Hashable
    parts: Sequence[Part]
    png: SplicedPng
    plain: frozenset[int]  # parts that are a code on a plate of one colour


def _is_personal(element: Element) -> bool:
    """Tell whether an element differs from person to person of one campaign."""
    return not isinstance(element, TextElement) or "nickname" in element.variables


def _is_plain_code(part: Part, png: SplicedPng, number: int) -> bool:
    element = part.elements[0]
    if not isinstance(element, CodeElement) or len(part.elements) > 1:
        return False
    red, green, blue, _ = parse_colour(element.layer.plate_colour)
    return png.is_plain(number, (red, green, blue))


def _code_rows(base: _Base, number: int, content: Content) -> FreshRows | None:
    """Make the rows of a code that stands alone on its plate, or answer None."""
    element = base.parts[number].elements[0]
    if number not in base.plain or not isinstance(element, CodeElement):
        return None
    if content.code_image or content.logo or not content.payload:
        return None
    changed = changed_rows(element, content.payload.encode())
    return None if changed is None else base.png.sparse_rows(number, changed)


def _drawn_rows(base: _Base, number: int, content: Content) -> FreshRows:
    image, origin = base.png.ground(number)
    for element in base.parts[number].elements:
        element.draw(image, content, origin)
    return base.png.fresh_rows(number, image)


def _effort(part: Part) -> Effort:
    """Answer how hard to compress a part: names are new nearly every time, pictures are not."""
    if any(isinstance(element, TextElement) for element in part.elements):
        return TEXT_ROWS
    return CODE_ROWS if isinstance(part.elements[0], CodeElement) else PICTURE_ROWS


class PngPress:
    """Draws PNGs of one template and size."""

    def __init__(self, still: Callable[[], Image.Image], elements: Sequence[Element]) -> None:
        self._still = still
        self._elements = elements
        self._bases: OrderedDict[Hashable, _Base | None] = OrderedDict()
        self._fresh: OrderedDict[Hashable, FreshRows] = OrderedDict()
        self.failed_trials = 0

    def png(self, content: Content, keys: Mapping[str, Hashable]) -> bytes | None:
        """Answer the finished file, or None where it is to be encoded the plain way."""
        shared = tuple(keys[e.name] for e in self._elements if not _is_personal(e))
        if shared not in self._bases:
            self._remember(shared, None)
            return None
        base = self._bases[shared]
        if base is None:
            if self.failed_trials:
                return None
            base = self._make_base(shared, content)
            if not self._agrees(base, content, keys):
                self.failed_trials += 1
                return None
        self._remember(shared, base)
        return self._filled(base, content, keys)

    def _remember(self, shared: Hashable, base: _Base | None) -> None:
        self._bases[shared] = base
        self._bases.move_to_end(shared)
        while len(self._bases) > _BASES:
            self._bases.popitem(last=False)

    def _make_base(self, shared: Hashable, content: Content) -> _Base:
        still = self._still()
        width, height = still.size
        placed: list[tuple[Element, Rect]] = []
        for element in self._elements:
            left, top, right, bottom = element.rect
            # One row more: a row is filtered by the one above it.
            placed.append(
                (element, (max(0, left), max(0, top), min(width, right), min(height, bottom) + 1))
            )
        parts = separate_parts(placed)
        personal = [part for part in parts if any(map(_is_personal, part.elements))]
        picture = still.copy()
        for part in parts:
            if part not in personal:
                for element in part.elements:
                    element.draw(picture, content, (0, 0))
        areas = [(p.cells[0], p.cells[1], p.cells[2], p.cells[3] - 1) for p in personal]
        efforts = [_effort(part) for part in personal]
        png = SplicedPng(picture, areas, efforts=efforts)
        plain = (n for n, part in enumerate(personal) if _is_plain_code(part, png, n))
        return _Base(shared, personal, png, frozenset(plain))

    def _filled(self, base: _Base, content: Content, keys: Mapping[str, Hashable]) -> bytes:
        filled = []
        for number, part in enumerate(base.parts):
            key = (base.key, number, *[keys[element.name] for element in part.elements])
            fresh = self._fresh.get(key)
            if fresh is None:
                fresh = _code_rows(base, number, content) or _drawn_rows(base, number, content)
                self._fresh[key] = fresh
                while len(self._fresh) > _FRESH:
                    self._fresh.popitem(last=False)
            filled.append(fresh)
        return base.png.join(filled)

    def _agrees(self, base: _Base, content: Content, keys: Mapping[str, Hashable]) -> bool:
        """Tell whether a decoder sees the px of the picture drawn whole."""
        whole = self._still().copy()
        for element in self._elements:
            element.draw(whole, content, (0, 0))
        with Image.open(io.BytesIO(self._filled(base, content, keys))) as decoded:
            return decoded.tobytes() == whole.tobytes()
