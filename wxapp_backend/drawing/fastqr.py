"""QR symbols in microseconds, bit for bit those of the `qrcode` package.

For one size and mask a symbol is an affine function of the payload's bits over GF(2): padding,
Reed-Solomon and placement are all linear. So `qrcode` is asked once for the symbol of the first
payload and once for what each changed bit does; every further symbol is the exclusive-or of a few
table entries. The eight masks differ by constants.
"""

from functools import lru_cache

from wxapp_backend.drawing.codes import Symbol, SymbolKind, reference_symbol
from wxapp_backend.drawing.penalties import Penalties

_MASKS = 8
# Flipping any one bit of this filler never makes a zero codeword, which `qrcode` 8.2 stumbles on.
_FILLER = b"A"


class SymbolTable:
    """Draws all symbols of one kind whose payloads begin with `head`.

    `stride` is the bits from one row to the next.
    """

    def __init__(self, kind: SymbolKind, head: bytes, stride: int) -> None:
        first = head.ljust(kind.length, b"0")
        self._head = len(head)
        self.kind = kind
        self.stride = stride
        self._first = first
        self._base = self._asked(first, 0)
        self._masks = [self._base ^ self._asked(first, mask) for mask in range(_MASKS)]
        self._penalties = Penalties(kind.modules, stride)
        self._filler = _FILLER * kind.length
        self._filled = self._asked(self._filler, 0)
        self._changes: list[dict[int, int]] = [{} for _ in range(kind.length)]
        self._bit_changes: dict[tuple[int, int], int] = {}

    def _asked(self, payload: bytes, mask: int) -> int:
        symbol = reference_symbol(payload, self.kind, mask)
        pad = self.stride - symbol.row_bytes * 8
        found = 0
        for start in range(0, len(symbol.bits), symbol.row_bytes):
            row = int.from_bytes(symbol.bits[start : start + symbol.row_bytes], "big")
            found = found << self.stride | row << pad
        return found

    def _bit_change(self, position: int, bit: int) -> int:
        """Answer the modules that turn when one bit of the payload does."""
        found = self._bit_changes.get((position, bit))
        if found is None:
            flipped = bytearray(self._filler)
            flipped[position] ^= 1 << bit
            found = self._filled ^ self._asked(bytes(flipped), 0)
            self._bit_changes[position, bit] = found
        return found

    def _change(self, position: int, value: int) -> int:
        """Answer the modules that turn when a byte of the first payload becomes `value`."""
        known = self._changes[position]
        found = known.get(value)
        if found is None:
            found = 0
            difference = value ^ self._first[position]
            for bit in range(8):
                if difference >> bit & 1:
                    found ^= self._bit_change(position, bit)
            known[value] = found
        return found

    def draw(self, payload: bytes) -> int:
        """Answer the symbol with the mask of least penalty, the first of equals."""
        symbol = self._base
        if payload != self._first:
            changes = self._changes
            for position in range(self._head, len(payload)):
                change = changes[position].get(payload[position])
                if change is None:
                    change = self._change(position, payload[position])
                symbol ^= change
        return min([symbol ^ mask for mask in self._masks], key=self._penalties.rate)

    def symbol(self, payload: bytes) -> Symbol:
        """Answer the symbol as rows of bits."""
        modules, step = self.kind.modules, self.stride // 8
        packed = self.draw(payload).to_bytes(modules * step, "big")
        width = (modules + 7) // 8
        return Symbol(
            modules, b"".join(packed[r * step : r * step + width] for r in range(modules))
        )


@lru_cache(64)
def _table(kind: SymbolKind, head: bytes, stride: int) -> SymbolTable | None:
    """Make the table of payloads that begin with `head`, or None where it proves wrong."""
    table = SymbolTable(kind, head, stride)
    probes = [bytes(65 + (i * 7 + n) % 26 for i in range(kind.length - len(head))) for n in (0, 5)]
    if any(table.symbol(head + p) != reference_symbol(head + p, kind) for p in probes):
        return None
    return table


def table_for(payload: bytes, kind: SymbolKind, stride: int) -> SymbolTable | None:
    """Answer the table for links that differ from `payload` only behind their last slash.

    `stride` is at least the symbol's modules and a multiple of eight. None means that the table
    was tried against the reference and failed: use the reference.
    """
    return _table(kind, payload[: payload.rfind(b"/") + 1], stride)


def draw_symbol(payload: bytes, kind: SymbolKind) -> Symbol:
    """Answer the symbol that `reference_symbol` would draw."""
    table = table_for(payload, kind, (kind.modules + 7) // 8 * 8)
    return reference_symbol(payload, kind) if table is None else table.symbol(payload)
