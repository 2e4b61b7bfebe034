"""PNG files put together from pieces compressed at different times.

What this rests on:

1. Deflate data that ends with a full flush stands on a byte border and refers to nothing before it,
   so pieces compressed apart may be joined in any order.
2. Rows that hold changing px, and the row below each, use the filter "Up": a byte then depends on
   the px above it alone. All other rows keep the bytes that Pillow's own encoder chose.
3. Adler-32 is a sum of each byte and of each byte times its distance from the end. Raw lengths
   never change, so every piece adds a fixed share, whatever the others are.
4. Changing areas do not touch each other, not even from above.
"""

import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image, ImageChops
from zlib_ng import zlib_ng

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BASE = 65521  # Adler-32's modulus
_UP = b"\x02"
_CHANNELS = 3
_MEMO = 2000

Rect = tuple[int, int, int, int]


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib_ng.crc32(data, zlib_ng.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


Squeezed = tuple[bytes, int, int]


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self, mode: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to compress: settings of zlib; zlib-ng is quicker, zlib packs a little closer."""

    level: int
    window_bits: int = zlib.MAX_WBITS
    memory: int = 9
    strategy: int = zlib.Z_DEFAULT_STRATEGY
    is_per_poster: bool = True

    def compressor(self) -> _Compressor:
        """Answer a compressor of bare deflate data."""
        library = zlib_ng if self.is_per_poster else zlib
        made: _Compressor = library.compressobj(
            self.level, zlib.DEFLATED, -self.window_bits, self.memory, self.strategy
        )
        return made


STILL = Effort(9, is_per_poster=False)
# Short rows: a full flush clears tables that had better be small, and making a code for each row
# would cost more than it saves; rows of a QR code are runs of equal bytes.
PICTURE_ROWS = Effort(6, 12, 3)
TEXT_ROWS = Effort(1, 12, 3, zlib.Z_FIXED)
CODE_ROWS = Effort(1, 12, 3, zlib.Z_RLE)


class _Squeezer:
    """Compresses pieces that stand for themselves; equal pieces are compressed once.

    Beside the compressed bytes stand the piece's own sums of Adler-32.
    """

    def __init__(self, effort: Effort) -> None:
        self._deflate = effort.compressor()
        self._memo: dict[bytes, Squeezed] = {}

    def squeeze(self, raw: bytes) -> Squeezed:
        found = self._memo.get(raw)
        if found is None:
            deflate = self._deflate
            squeezed = deflate.compress(raw) + deflate.flush(zlib.Z_FULL_FLUSH)
            sums = zlib_ng.adler32(raw, 0)
            found = (squeezed, sums & 0xFFFF, sums >> 16)
            if len(self._memo) >= _MEMO:
                self._memo.clear()
            self._memo[raw] = found
        return found


@dataclass(frozen=True, slots=True)
class FreshRows:
    """An area's rows, compressed one by one, and their share of the checksum."""

    rows: list[bytes]
    share: tuple[int, int]


@dataclass(slots=True)
class _Band:
    """Rows in which something changes: pieces of the still picture and holes between them."""

    pieces: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Hole:
    """Where one row of an area goes: band, piece, and the raw bytes that follow it."""

    band: int
    piece: int
    after: int


class SplicedPng:
    """A still picture's file with holes for some areas (px boxes that do not touch)."""

    def __init__(
        self, still: Image.Image, areas: Sequence[Rect], *, efforts: Sequence[Effort]
    ) -> None:
        """Take the file apart; `efforts` say how hard each area's rows are compressed."""
        self._size = still.size
        self._areas = areas
        self._holes: list[list[_Hole]] = [[] for _ in areas]
        self._fresh = [_Squeezer(effort) for effort in efforts]
        self._parts: list[bytes | _Band] = []
        self._share = (1, 0)
        self._grounds = [
            still.crop((left, top - 1, right, min(bottom + 1, still.height))).copy()
            for left, top, right, bottom in areas
        ]
        self._take_apart(still)

    def _take_apart(self, still: Image.Image) -> None:
        width, height = still.size
        stride = 1 + width * _CHANNELS
        kept = _filtered_rows(still)
        up = ImageChops.subtract_modulo(still, ImageChops.offset(still, 0, 1)).tobytes()
        total = stride * height
        share_plain, share_far = 1, total
        squeezer = _Squeezer(STILL)
        run = b""
        band: _Band | None = None
        bands: list[_Band] = []

        def close_run(after: int) -> None:
            nonlocal run, share_plain, share_far
            if run:
                squeezed, plain, far = squeezer.squeeze(run)
                share_plain, share_far = share_plain + plain, share_far + far + plain * after
                if band is None:
                    self._parts.append(_chunk(b"IDAT", squeezed))
                else:
                    band.pieces.append(squeezed)
            run = b""

        for y in range(height):
            begin = y * stride
            touched = [
                (area[0], area[2], number)
                for number, area in enumerate(self._areas)
                if area[1] <= y <= area[3]
            ]
            if bool(touched) != (band is not None):
                close_run(total - begin)
                band = _Band() if touched else None
                if band is not None:
                    bands.append(band)
                    self._parts.append(band)
            if not touched:
                run += kept[begin : begin + stride]
                continue
            assert band is not None
            run += _UP
            at = 0
            row = y * width * _CHANNELS
            for left, right, number in sorted(touched):
                run += up[row + at * _CHANNELS : row + left * _CHANNELS]
                close_run(total - begin - 1 - left * _CHANNELS)
                after = total - begin - 1 - right * _CHANNELS
                self._holes[number].append(_Hole(len(bands) - 1, len(band.pieces), after))
                band.pieces.append(b"")
                at = right
            run += up[row + at * _CHANNELS : row + width * _CHANNELS]
        close_run(0)
        self._bands = bands
        self._share = (share_plain % _BASE, share_far % _BASE)
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        self._head = _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", b"\x78\x9c")

    def ground(self, number: int) -> tuple[Image.Image, tuple[int, int]]:
        """Answer a copy of an area's still px to draw on, and the px at its top left corner."""
        left, top = self._areas[number][:2]
        return self._grounds[number].copy(), (left, top - 1)

    def fresh_rows(self, number: int, drawn: Image.Image) -> FreshRows:
        """Filter and compress an area's rows after drawing on its ground."""
        width, rows = drawn.width, drawn.height - 1
        below = drawn.crop((0, 1, width, rows + 1))
        raw = ImageChops.subtract_modulo(below, drawn.crop((0, 0, width, rows))).tobytes()
        step = width * _CHANNELS
        squeeze = self._fresh[number].squeeze
        squeezed = []
        plain = far = 0
        for start, hole in zip(range(0, rows * step, step), self._holes[number], strict=True):
            row, one, two = squeeze(raw[start : start + step])
            squeezed.append(row)
            plain, far = plain + one, far + two + one * hole.after
        return FreshRows(squeezed, (plain % _BASE, far % _BASE))

    def sparse_rows(self, number: int, changed: Mapping[int, bytes]) -> FreshRows:
        """Compress an area's rows of which most equal the row above: `changed` has the others.

        Rows are filtered px, by their number in the area. Zeros add nothing to the checksum.
        """
        left, _, right, _ = self._areas[number]
        squeeze = self._fresh[number].squeeze
        holes = self._holes[number]
        rows = [squeeze(bytes((right - left) * _CHANNELS))[0]] * len(holes)
        plain = far = 0
        for at, raw in changed.items():
            if at < len(holes):
                rows[at], one, two = squeeze(raw)
                plain, far = plain + one, far + two + one * holes[at].after
        return FreshRows(rows, (plain % _BASE, far % _BASE))

    def is_plain(self, number: int, colour: tuple[int, int, int]) -> bool:
        """Tell whether an area and the rows above and below it are of one colour."""
        return self._grounds[number].getcolors(1) == [
            (self._grounds[number].width * self._grounds[number].height, colour)
        ]

    def join(self, filled: Sequence[FreshRows]) -> bytes:
        """Answer the file with every area filled, in the areas' order."""
        bands = [band.pieces.copy() for band in self._bands]
        plain, far = self._share
        for holes, fresh in zip(self._holes, filled, strict=True):
            for hole, row in zip(holes, fresh.rows, strict=True):
                bands[hole.band][hole.piece] = row
            plain, far = plain + fresh.share[0], far + fresh.share[1]
        waiting = iter(bands)
        chunks = [self._head]
        chunks += [
            part if isinstance(part, bytes) else _chunk(b"IDAT", b"".join(next(waiting)))
            for part in self._parts
        ]
        checksum = (far % _BASE) << 16 | plain % _BASE
        # An empty last block, then the checksum of the whole.
        chunks.append(_chunk(b"IDAT", b"\x03\x00" + struct.pack(">I", checksum)))
        chunks.append(_chunk(b"IEND", b""))
        return b"".join(chunks)


def _filtered_rows(still: Image.Image) -> bytes:
    """Answer the rows with the filters that Pillow's encoder chose for them."""
    buffer = io.BytesIO()
    still.save(buffer, "PNG", compress_level=1)
    data = buffer.getvalue()
    found = b""
    at = len(_SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if data[at + 4 : at + 8] == b"IDAT":
            found += data[at + 8 : at + 8 + length]
        at += 12 + length
    return zlib.decompress(found)
