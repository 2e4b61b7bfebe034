"""QR codes as PNG rows without drawing: px change only where modules do, a few rows of many."""

from wxapp_backend.drawing.codes import choose_kind
from wxapp_backend.drawing.colours import parse_colour
from wxapp_backend.drawing.elements import CodeElement
from wxapp_backend.drawing.fastqr import table_for

_CHANNELS = 3


def changed_rows(element: CodeElement, payload: bytes) -> dict[int, bytes] | None:
    """Answer the filtered rows (filter "Up") at which a code's square differs from the row above.

    None where symbols have no table: then the code is drawn.
    """
    most, module = element.max_modules, element.module
    kind = choose_kind(len(payload), most)
    stride = -(-most // 8) * 8
    table = table_for(payload, kind, stride)
    if table is None:
        return None
    light = parse_colour(element.layer.plate_colour)[:_CHANNELS]
    turns = {
        "00": bytes(module * _CHANNELS),
        "11": bytes(module * _CHANNELS),
        "01": bytes(-value % 256 for value in light) * module,  # light above, dark here
        "10": bytes(light) * module,
    }
    tail = bytes((element.side - most * module) * _CHANNELS)
    found = {}
    above = "0" * most
    for row, here in enumerate([*_rows(table.draw(payload), kind.modules, most, stride), above]):
        if here != above:
            pieces = [turns[a + b] for a, b in zip(above, here, strict=True)]
            found[row * module] = b"".join(pieces) + tail
        above = here
    return found


def _rows(symbol: int, modules: int, most: int, stride: int) -> list[str]:
    """Answer the square's modules as digits, the symbol in its middle, 1 = dark."""
    margin = (most - modules) // 2
    bits = f"{symbol:0{modules * stride}b}"
    side = "0" * margin
    middle = [side + bits[start : start + modules] + side for start in range(0, len(bits), stride)]
    empty = ["0" * most] * margin
    return [*empty, *middle, *empty]
