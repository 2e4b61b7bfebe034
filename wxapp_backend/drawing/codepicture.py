"""WeChat's mini-program code, which only WeChat reads: judged by what makes any code readable.

Its picture must be large, dark on light and have room around it, when it comes from WeChat and on
the finished poster, where a decoder is of no help.
"""

import io

from PIL import Image

from wxapp_backend.drawing.canvas import elements
from wxapp_backend.drawing.codes import QUIET_MODULES
from wxapp_backend.drawing.colours import contrast
from wxapp_backend.drawing.content import Poster
from wxapp_backend.drawing.elements import CodeElement
from wxapp_backend.drawing.errors import ImageRefused
from wxapp_backend.drawing.glyphs import Rect
from wxapp_backend.drawing.templates import Template

# WeChat draws no smaller ones (getwxacodeunlimit: width 280–1280 px).
LEAST_SIDE = 280
# Of a poster's width: what a QR of 29 modules takes at the least size of a module.
LEAST_SHARE = 0.3
LEAST_CONTRAST = 7.0
# Shares of the px that are darker than the code's "dark", and lighter than its "light".
_DARK_SHARE = 0.05
_LIGHT_SHARE = 0.25
# How much darker than the light px JPEG may make a quiet zone, of 255.
_GRAIN = 32


def picture_fault(data: bytes) -> str | None:
    """Answer what is wrong with a code picture as WeChat sent it, or None.

    Raises:
        ImageRefused: the bytes are no picture.

    """
    picture = _grey(data)
    if picture.width != picture.height:
        return f"it is {picture.width}x{picture.height} px, not square"
    if picture.width < LEAST_SIDE:
        return f"it is {picture.width} px wide; {LEAST_SIDE} are needed"
    return _contrast_fault(picture)


def shown_fault(template: Template, poster: Poster) -> str | None:
    """Answer what is wrong with the code picture on a finished poster, or None."""
    picture = _grey(poster.data)
    size = template.size((poster.width, poster.height))
    for element in elements(template, size):
        if isinstance(element, CodeElement):
            return _place_fault(picture, element)
    return "the template has no place for a code"


def _place_fault(picture: Image.Image, element: CodeElement) -> str | None:
    if element.side < LEAST_SHARE * picture.width:
        return f"it takes {element.side} of {picture.width} px; too small to be scanned"
    code = picture.crop(element.rect)
    fault = _contrast_fault(code)
    if fault is not None:
        return fault
    light = _level(code, 1 - _LIGHT_SHARE)
    # Half of the quiet zone: beyond, the plate has round corners.
    room = QUIET_MODULES * element.module // 2
    for side in _around(element.rect, room):
        darkest = picture.crop(side).getextrema()[0]
        assert isinstance(darkest, int | float)
        if darkest < light - _GRAIN:
            return "something stands in the quiet zone"
    return None


def _contrast_fault(code: Image.Image) -> str | None:
    dark, light = _level(code, _DARK_SHARE), _level(code, 1 - _LIGHT_SHARE)
    ratio = contrast((dark,) * 3, (light,) * 3)
    if ratio < LEAST_CONTRAST:
        return f"its contrast is {ratio:.1f}; {LEAST_CONTRAST:.0f} are needed"
    return None


def _level(picture: Image.Image, share: float) -> int:
    """Answer the grey level below which this share of the px lies."""
    wanted = share * picture.width * picture.height
    counted = 0
    for level, count in enumerate(picture.histogram()):
        counted += count
        if counted >= wanted:
            return level
    return 255


def _around(rect: Rect, room: int) -> tuple[Rect, Rect, Rect, Rect]:
    left, top, right, bottom = rect
    return (
        (left - room, top - room, right + room, top),
        (left - room, bottom, right + room, bottom + room),
        (left - room, top, left, bottom),
        (right, top, right + room, bottom),
    )


def _grey(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            return _on_white(picture).convert("L")
    except (OSError, ValueError, Image.DecompressionBombError):
        raise ImageRefused("not_an_image", "this is no readable picture") from None


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    layered = picture.convert("RGBA")
    ground = Image.new("RGB", layered.size, "#ffffff")
    ground.paste(layered, (0, 0), layered)
    return ground
