"""QR codes as PNG rows without drawing: px change only where modules do, a few rows of many."""

from functools import lru_cache

from wxapp_backend.drawing.codegrid import NIBBLE, module_pairs, stride_for
from wxapp_backend.drawing.codes import choose_kind
from wxapp_backend.drawing.colours import parse_colour
from wxapp_backend.drawing.elements import CodeElement
from wxapp_backend.drawing.fastqr import table_for

_CHANNELS = 3


@lru_cache(16)
def _turns(module: int, light: tuple[int, ...]) -> list[bytes]:
    """From four modules and the four below them (as one byte) to the lower ones' filtered px."""
    same = bytes(module * _CHANNELS)
    darker = bytes(-value % 256 for value in light) * module  # light above, dark here
    lighter = bytes(light) * module
    px = {"00": same, "11": same, "01": darker, "10": lighter}
    return [
        b"".join(px[a + b] for a, b in zip(f"{v >> 4:04b}", f"{v & 15:04b}", strict=True))
        for v in range(256)
    ]


def changed_rows(element: CodeElement, payload: bytes) -> dict[int, bytes] | None:
    """Answer the filtered rows (filter "Up") at which a code's square differs from the row above.

    None where symbols have no table: then the code is drawn.
    """
    most, module = element.max_modules, element.module
    kind = choose_kind(len(payload), most)
    stride = stride_for(most)
    table = table_for(payload, kind, stride)
    if table is None:
        return None
    turns = _turns(module, parse_colour(element.layer.plate_colour)[:_CHANNELS])
    pairs = module_pairs(table.draw(payload), kind.modules, most, lead=1)
    digits = stride // NIBBLE
    width = element.side * _CHANNELS  # less than the pairs' own: a stride has modules to spare
    same = bytes(width)
    found = {}
    for row in range(most + 1):
        px = b"".join([turns[pair] for pair in pairs[row * digits : (row + 1) * digits]])[:width]
        if px != same:
            found[row * module] = px
    return found
