"""Fonts from pinned packages: where their files are, which characters they cover, opened faces."""

import importlib.util
import struct
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

# An opened face of the CJK file keeps about 1.7 MB; glyphs are kept apart from their faces.
_OPEN_FACES = 8
_CMAP_SEGMENTS = 4
_CMAP_GROUPS = 12


@dataclass(frozen=True, slots=True)
class FontFile:
    """A variable font: its file, the member of a collection, and its axes after the weight."""

    path: str
    member: int
    other_axes: tuple[int, ...] = ()


def package_folder(package: str) -> Path:
    """Answer the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        message = f"the package {package} is not installed"
        raise ModuleNotFoundError(message)
    return Path(spec.origin).parent


@cache
def font_files() -> tuple[FontFile, ...]:
    """Answer the text fonts in order of preference: Chinese forms first, then Arabic."""
    cjk = package_folder("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"
    arabic = package_folder("fontpkg_noto_sans_arabic") / "files" / "NotoSansArabic[wdth,wght].ttf"
    simplified_chinese = 2
    return (FontFile(str(cjk), simplified_chinese), FontFile(str(arabic), 0, (100,)))


@lru_cache(_OPEN_FACES)
def face(font: FontFile, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Open a face at `size` px and `weight` (100–900).

    The basic layout is used everywhere, so a machine without libfribidi draws the same pixels.
    """
    opened = ImageFont.truetype(
        font.path, size, index=font.member, layout_engine=ImageFont.Layout.BASIC
    )
    opened.set_variation_by_axes([weight, *font.other_axes])
    return opened


class Coverage:
    """The characters a font has a glyph for, as sorted ranges (a few hundred KB, not a set)."""

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        ranges = sorted(ranges)
        self._starts = array("L", (first for first, _ in ranges))
        self._ends = array("L", (last for _, last in ranges))

    def __contains__(self, codepoint: int) -> bool:
        at = bisect_right(self._starts, codepoint) - 1
        return at >= 0 and codepoint <= self._ends[at]


@cache
def coverage(font: FontFile) -> Coverage:
    """Read which characters `font` maps to a glyph (OpenType: `cmap`, formats 12 and 4)."""
    with Path(font.path).open("rb") as file:
        head = file.read(12)
        start = 0
        if head[:4] == b"ttcf":
            file.seek(12 + 4 * font.member)
            (start,) = struct.unpack(">L", file.read(4))
            file.seek(start)
            head = file.read(12)
        tables = struct.unpack(">H", head[4:6])[0]
        records = [struct.unpack(">4sLLL", file.read(16)) for _ in range(tables)]
        offset, length = next((o, n) for tag, _, o, n in records if tag == b"cmap")
        file.seek(offset)
        return Coverage(_cmap_ranges(file.read(length)))


def _cmap_ranges(cmap: bytes) -> list[tuple[int, int]]:
    """Answer the ranges of the best subtable: full Unicode before the basic plane."""
    count = struct.unpack_from(">H", cmap, 2)[0]
    offsets = [struct.unpack_from(">HHL", cmap, 4 + 8 * i)[2] for i in range(count)]
    by_format = {struct.unpack_from(">H", cmap, o)[0]: o for o in offsets}
    if _CMAP_GROUPS in by_format:
        at = by_format[_CMAP_GROUPS]
        groups = struct.unpack_from(">L", cmap, at + 12)[0]
        triples = [struct.unpack_from(">LLL", cmap, at + 16 + 12 * i) for i in range(groups)]
        return [(first, last) for first, last, _ in triples]
    at = by_format[_CMAP_SEGMENTS]
    double = struct.unpack_from(">H", cmap, at + 6)[0]
    ends = struct.unpack_from(f">{double // 2}H", cmap, at + 14)
    starts = struct.unpack_from(f">{double // 2}H", cmap, at + 16 + double)
    return [pair for pair in zip(starts, ends, strict=True) if pair[0] != 0xFFFF]  # noqa: PLR2004 - the table's own end mark
