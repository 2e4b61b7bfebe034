"""Drawing and reading of codes: plain QR, and the round one that stands for WeChat's own."""

import io
from dataclasses import dataclass
from itertools import cycle, pairwise
from math import cos, pi, sin

import qrcode
import zxingcpp
from PIL import Image, ImageDraw, UnidentifiedImageError
from qrcode.constants import ERROR_CORRECT_M

_OVERSAMPLING = 4
_SMALL = 430
_QUIET_MODULES = 2
_SQUARE_SHARE = 0.6  # side of the QR as a share of the round picture: its corners stay inside
_RAYS = 60
_FINDER_MODULES = 7
_MOST_PIXELS = 40_000_000
_WHITE = (255, 255, 255, 255)
_CLEAR = (255, 255, 255, 0)

Colour = tuple[int, int, int]


class NotAPicture(Exception):
    """The bytes are no picture that can be opened."""


@dataclass(frozen=True, slots=True)
class _Pen:
    draw: ImageDraw.ImageDraw
    ink: Colour
    unit: float

    def disc(self, x: float, y: float, radius: float) -> None:
        """Draw a filled disc."""
        self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=self.ink)


def draw_plain(text: str, width: int) -> bytes:
    """Draw an ordinary QR as JPEG, `width` pixels wide."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, box_size=8)
    code.add_data(text)
    drawn = code.make_image().get_image().convert("RGB")
    return _encoded(drawn.resize((width, width), Image.Resampling.NEAREST), "JPEG")


def draw_round(text: str, width: int, *, ink: Colour = (0, 0, 0), is_clear: bool = False) -> bytes:
    """Draw a round code that carries `text`: JPEG on white, or PNG on nothing when `is_clear`."""
    # Large pictures need less of it, and four times 1280 would be a hundred megabytes.
    size = width * (_OVERSAMPLING if width <= _SMALL else _OVERSAMPLING // 2)
    picture = Image.new("RGBA", (size, size), _CLEAR if is_clear else _WHITE)
    modules = _modules(text)
    square = size * _SQUARE_SHARE
    pen = _Pen(ImageDraw.Draw(picture), ink, square / (len(modules) + 2 * _QUIET_MODULES))
    centre = size / 2
    pen.draw.ellipse((0, 0, size - 1, size - 1), fill=_WHITE)
    _draw_rays(pen, modules, centre)
    _draw_modules(pen, modules, centre - square / 2 + _QUIET_MODULES * pen.unit)
    small = picture.resize((width, width), Image.Resampling.LANCZOS)
    return _encoded(small, "PNG") if is_clear else _encoded(small.convert("RGB"), "JPEG")


def read_codes(content: bytes) -> list[str]:
    """Read the texts of all codes in a picture.

    Raises:
        NotAPicture: it cannot be opened or is too large.

    """
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise NotAPicture("the picture is too large")
            layered = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise NotAPicture("this is not a picture") from error
    flat = Image.new("RGB", layered.size, _WHITE[:3])
    flat.paste(layered, mask=layered.getchannel("A"))
    return [found.text for found in zxingcpp.read_barcodes(flat)]


def _modules(text: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(cell) for cell in row] for row in code.get_matrix()]


def _draw_modules(pen: _Pen, modules: list[list[bool]], corner: float) -> None:
    """Draw dots, and the three finders as rounded squares."""
    count = len(modules)
    for row, cells in enumerate(modules):
        for column, is_dark in enumerate(cells):
            if is_dark and not _in_finder(row, column, count):
                x, y = (corner + (at + 0.5) * pen.unit for at in (column, row))
                pen.disc(x, y, pen.unit * 0.47)
    far = count - _FINDER_MODULES
    for row, column in ((0, 0), (0, far), (far, 0)):
        _draw_finder(pen, corner + column * pen.unit, corner + row * pen.unit)


def _draw_finder(pen: _Pen, x: float, y: float) -> None:
    for inset, fill in ((0, pen.ink), (1, _WHITE[:3]), (2, pen.ink)):
        start, end = inset * pen.unit, (_FINDER_MODULES - inset) * pen.unit
        box = (x + start, y + start, x + end - 1, y + end - 1)
        pen.draw.rounded_rectangle(box, radius=(2 - inset * 0.5) * pen.unit, fill=fill)


def _in_finder(row: int, column: int, count: int) -> bool:
    near, far = _FINDER_MODULES, count - _FINDER_MODULES
    return (row < near and (column < near or column >= far)) or (row >= far and column < near)


def _draw_rays(pen: _Pen, modules: list[list[bool]], centre: float) -> None:
    """Draw the wreath round the square: rays of dashes that come from the code itself."""
    cells = cycle([cell for row in modules for cell in row])
    half = (len(modules) / 2 + _QUIET_MODULES) * pen.unit
    step, width = centre * 0.052, max(2, int(centre * 0.026))
    for ray in range(_RAYS):
        across, down = cos(2 * pi * ray / _RAYS), sin(2 * pi * ray / _RAYS)
        start = half / max(abs(across), abs(down)) + width
        spots = int((centre * 0.97 - start) / step) + 1
        reach = [centre * 0.97 - step * spot for spot in range(spots)]
        for outer, inner in pairwise(reach):
            ends = [(centre + across * at, centre + down * at) for at in (outer, inner)]
            is_joined = next(cells)
            pen.disc(*ends[0], width / 2)
            if is_joined:
                pen.draw.line(ends, fill=pen.ink, width=width)
                pen.disc(*ends[1], width / 2)


def _encoded(picture: Image.Image, file_format: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, quality=92)
    return buffer.getvalue()
