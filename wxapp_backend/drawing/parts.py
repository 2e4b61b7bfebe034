"""Which elements must be drawn together because they share a cell of 16 px."""

from collections.abc import Iterable
from dataclasses import dataclass

from wxapp_backend.drawing.elements import Element
from wxapp_backend.drawing.jpeg import Cells


@dataclass(frozen=True, slots=True)
class Part:
    """Elements in drawing order, each with its place in the whole order, and their cells."""

    cells: Cells
    ordered: tuple[tuple[int, Element], ...]

    @property
    def elements(self) -> list[Element]:
        """Answer the elements in drawing order."""
        return [element for _, element in self.ordered]


def separate_parts(placed: Iterable[tuple[Element, Cells]]) -> list[Part]:
    """Join elements until no two parts share a cell."""
    found: list[Part] = []
    for number, (element, cells) in enumerate(placed):
        part = Part(cells, ((number, element),))
        while touching := next((p for p in found if _overlap(p.cells, part.cells)), None):
            found.remove(touching)
            part = _joined(touching, part)
        found.append(part)
    return found


def _overlap(one: Cells, other: Cells) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _joined(one: Part, other: Part) -> Part:
    a, b = one.cells, other.cells
    cells = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
    return Part(cells, tuple(sorted(one.ordered + other.ordered, key=lambda pair: pair[0])))
