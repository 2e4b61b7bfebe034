"""QR symbols for payloads, and reading a finished picture back with a real decoder."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import qrcode
import zxingcpp
from PIL import Image
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M
from qrcode.util import QRData

from wxapp_backend.drawing.errors import CodeTooLong, ImageRefused

# Bytes that versions 1 to 6 hold (ISO 18004, table 7, byte mode).
_CAPACITY = {
    ERROR_CORRECT_M: (14, 26, 42, 62, 84, 106),
    ERROR_CORRECT_L: (17, 32, 53, 78, 106, 134),
}
QUIET_MODULES = 4
_BYTE_MODE: Literal[4] = 4  # qrcode.util.MODE_8BIT_BYTE
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_FORWARD = ((0.5, 60),)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol: its side in modules and its rows as bits, 1 = dark, rows padded to bytes."""

    modules: int
    bits: bytes

    @property
    def row_bytes(self) -> int:
        """Answer the bytes of one row."""
        return (self.modules + 7) // 8


@dataclass(frozen=True, slots=True)
class SymbolKind:
    """What settles a symbol's size: payload bytes, version 1–6, error correction."""

    length: int
    version: int
    correction: int

    @property
    def modules(self) -> int:
        """Answer the side in modules."""
        return 17 + 4 * self.version


def choose_kind(length: int, max_modules: int) -> SymbolKind:
    """Choose the smallest symbol for `length` bytes: level M, and L only where M has no room.

    Large modules matter more than a higher level: at equal width, M reads better than Q or H.

    Raises:
        CodeTooLong: not even level L fits into `max_modules`.

    """
    for correction, capacities in _CAPACITY.items():
        for version, capacity in enumerate(capacities, start=1):
            kind = SymbolKind(length, version, correction)
            if length <= capacity and kind.modules <= max_modules:
                return kind
    raise CodeTooLong(
        f"a payload of {length} bytes needs more than {max_modules} modules; "
        "shorten the link (42 bytes or fewer give the best code)"
    )


def reference_symbol(payload: bytes, kind: SymbolKind, mask: int | None = None) -> Symbol:
    """Draw a symbol with the `qrcode` package, the reference for every faster way."""
    code = qrcode.QRCode(
        version=kind.version, error_correction=kind.correction, border=0, mask_pattern=mask
    )
    code.add_data(QRData(payload, mode=_BYTE_MODE))
    code.make(fit=False)
    row_bytes = (kind.modules + 7) // 8
    rows = [
        int("".join("1" if dark else "0" for dark in row).ljust(row_bytes * 8, "0"), 2)
        for row in code.modules
    ]
    return Symbol(kind.modules, b"".join(row.to_bytes(row_bytes, "big") for row in rows))


def symbol_mask(symbol: Symbol, module: int) -> Image.Image:
    """Answer a mask of the dark modules, `module` px each, without a quiet zone."""
    side = symbol.modules
    mask = Image.frombytes("1", (side, side), symbol.bits)
    return mask.resize((side * module, side * module), Image.Resampling.NEAREST)


def _read(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, formats=_QR)
    return [code.text for code in found]


def _decoded(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            return picture.convert("L")
    except (OSError, ValueError, Image.DecompressionBombError):
        raise ImageRefused("not_an_image", "this is no readable picture") from None


def read_code(data: bytes) -> str | None:
    """Answer the text of the QR code in a JPEG, PNG or WebP, or None where there is not one.

    Raises:
        ImageRefused: the bytes are no picture.

    """
    found = _read(_decoded(data))
    return found[0] if found else None


def reads_back(data: bytes, payload: str) -> bool:
    """Tell whether a decoder reads `payload` from the finished bytes, and also after a forward.

    The forward is what a chat does to a picture: half the size, JPEG quality 60.
    """
    if payload not in _read(_decoded(data)):
        return False
    return payload in _read(_decoded(forwarded(data, _FORWARD)))


def forwarded(data: bytes, steps: Sequence[tuple[float, int]]) -> bytes:
    """Answer what chats make of a picture: each step is a scale and a JPEG quality."""
    for scale, quality in steps:
        picture = _decoded(data)
        size = (round(picture.width * scale), round(picture.height * scale))
        buffer = io.BytesIO()
        picture.resize(size, Image.Resampling.BOX).save(buffer, "JPEG", quality=quality)
        data = buffer.getvalue()
    return data
