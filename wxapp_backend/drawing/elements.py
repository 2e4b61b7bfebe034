"""What differs from poster to poster: each element knows its place, its key and how to draw itself.

An element never draws outside its rectangle, and its key names everything its pixels depend on.
"""

import hashlib
from collections.abc import Hashable
from contextlib import suppress
from functools import lru_cache, partial
from typing import Protocol

from PIL import Image

from wxapp_backend.drawing.codes import QUIET_MODULES, choose_kind, symbol_mask
from wxapp_backend.drawing.content import Content
from wxapp_backend.drawing.document import (
    AvatarLayer,
    CodeLayer,
    PhotoLayer,
    TextLayer,
)
from wxapp_backend.drawing.emoji import clusters
from wxapp_backend.drawing.errors import CodeTooLong, ImageRefused
from wxapp_backend.drawing.fastqr import draw_symbol
from wxapp_backend.drawing.glyphs import Rect, Style, atoms, clean
from wxapp_backend.drawing.images import fill
from wxapp_backend.drawing.shapes import round_mask
from wxapp_backend.drawing.textbox import (
    Figures,
    SetText,
    TextBox,
    draw_text,
    paste_marks,
    place_text,
    set_text,
)

CELL = 16  # px of a side of what JPEG encodes as one piece (4:2:0)

_AVATARS = 24
_PLACED = 8
_MODULE_STEP = 4  # px
_LOGO_SHARE = 0.15  # of the side: at 20 % cameras read one in ten less
_LEAST_MODULE = 8  # grid units: below, cameras begin to fail
_SCAN_QR = "长按识别二维码"
_SCAN_MINI_PROGRAM = "长按识别小程序码"
_NOBODY = "友"


class Element(Protocol):
    """A part of the poster that is drawn per person."""

    name: str
    rect: Rect

    def key(self, content: Content) -> Hashable:
        """Answer a value that is equal exactly when the pixels are."""

    def extent(self, content: Content) -> Rect | None:
        """Answer the px that `draw` may touch, within `rect`; None for nothing."""

    def draw(self, image: Image.Image, content: Content, origin: tuple[int, int]) -> None:
        """Draw on `image`, whose top left corner is the poster's px `origin`."""


@lru_cache(256)
def digest(data: bytes | None) -> str:
    """Answer a short name for some bytes; "" for none."""
    return hashlib.blake2b(data, digest_size=12).hexdigest() if data else ""


def scaled(box: tuple[float, float, float, float], scale: float) -> tuple[int, int, int, int]:
    """Answer left, top, width, height in px."""
    left, top = round(box[0] * scale), round(box[1] * scale)
    return (
        left,
        top,
        round((box[0] + box[2]) * scale) - left,
        round((box[1] + box[3]) * scale) - top,
    )


def text_box(layer: TextLayer, scale: float) -> TextBox:
    """Answer the layer's box and style in px."""
    figures = layer.figures
    return TextBox(
        box=scaled(layer.box, scale),
        style=Style(round(layer.size * scale), layer.weight, layer.colour, layer.tracking * scale),
        min_size=round((layer.min_size or layer.size) * scale),
        lines=layer.lines,
        leading=layer.leading,
        align=layer.align,
        valign=layer.valign,
        figures=None
        if figures is None
        else Figures(
            scale=figures.scale, weight=figures.weight, colour=figures.colour or layer.colour
        ),
    )


class TextElement:
    """A text with facts in it."""

    def __init__(self, layer: TextLayer, scale: float) -> None:
        self.name = layer.name
        self._text = layer.text
        self._variables = [(variable, f"{{{variable}}}") for variable in layer.variables]
        self._otherwise = layer.otherwise or ""
        self.variables = layer.variables
        self.box = text_box(layer, scale)
        # Placed to know which cells it touches, and again to be drawn.
        self._placed = lru_cache(_PLACED)(partial(place_text, box=self.box))
        self._last: tuple[Content, str] | None = None
        left, top, width, height = self.box.box
        # Round letters and emoji reach a little beyond the box that was measured.
        room = max(2, self.box.style.size // 5)
        self.rect: Rect = (left - room, top - room, left + width + room, top + height + room)

    def text(self, content: Content) -> str:
        """Answer the text with the facts filled in, or the neutral one."""
        last = self._last
        if last is None or last[0] is not content:  # key, extent and draw ask one after another
            self._last = last = (content, self._filled(content))
        return last[1]

    def _filled(self, content: Content) -> str:
        filled = self._text
        for variable, mark in self._variables:
            value = content.facts.get(variable) or _derived(variable, content)
            if not value or not clean(value):
                return self._otherwise
            filled = filled.replace(mark, value)
        return filled

    key = text

    def set(self, content: Content) -> SetText:
        """Answer how the text would be set, for checks."""
        return set_text(self.text(content), self.box)

    def extent(self, content: Content) -> Rect | None:
        """Answer the box around the signs."""
        return self._placed(self.text(content)).extent

    def draw(self, image: Image.Image, content: Content, origin: tuple[int, int]) -> None:
        """Draw the text."""
        paste_marks(image, self._placed(self.text(content)), origin)


def _derived(variable: str, content: Content) -> str:
    """Answer facts that follow from the content itself."""
    if variable == "code_hint":
        return _SCAN_MINI_PROGRAM if content.code_image else _SCAN_QR
    return ""


class AvatarElement:
    """The referrer's picture in its ring."""

    def __init__(self, layer: AvatarLayer, scale: float) -> None:
        self.name = layer.name
        self.layer = layer
        left, top, width, height = scaled(layer.box, scale)
        self.ring = round(layer.ring * scale)
        self.rect: Rect = (
            left - self.ring,
            top - self.ring,
            left + width + self.ring,
            top + height + self.ring,
        )
        self.size = (width, height)
        self._radius = min(round(layer.radius * scale), width // 2)
        # A customer who chooses among texts and links shows the same picture each time.
        self._framed = lru_cache(_AVATARS)(self._draw_framed)

    def key(self, content: Content) -> Hashable:
        """Answer the picture's digest, or the sign that stands for it."""
        return digest(content.avatar) or _initial(content)

    def _sign(self, content: Content) -> str:
        """Answer what is shown without a picture; a picture's key must not depend on the name."""
        return _NOBODY if content.avatar else _initial(content)

    def extent(self, content: Content) -> Rect | None:
        """Answer the whole place."""
        return self.rect

    def draw(self, image: Image.Image, content: Content, origin: tuple[int, int]) -> None:
        """Draw ring and picture."""
        width, height = self.size
        ring = self.ring
        outer = round_mask(width + 2 * ring, height + 2 * ring, self._radius + ring)
        at = (self.rect[0] - origin[0], self.rect[1] - origin[1])
        image.paste(self._framed(content.avatar, self._sign(content)), at, outer)

    def _draw_framed(self, avatar: bytes | None, initial: str) -> Image.Image:
        """Answer picture and ring as a square; its corners are masked away later."""
        width, height = self.size
        ring = self.ring
        framed = Image.new("RGB", (width + 2 * ring, height + 2 * ring), self.layer.ring_colour)
        mask = round_mask(width, height, self._radius)
        framed.paste(self._picture(avatar, initial), (ring, ring), mask if ring else None)
        return framed

    def _picture(self, avatar: bytes | None, initial: str) -> Image.Image:
        if avatar:
            with suppress(ImageRefused):
                return fill(avatar, *self.size)
        width, height = self.size
        picture = Image.new("RGB", self.size, self.layer.ground)
        size = round(height * 0.46)
        box = TextBox(
            box=(0, 0, width, height),
            style=Style(size, 600, self.layer.ink),
            min_size=size,
            align="center",
        )
        draw_text(picture, initial, box, (0, 0))
        return picture


def _initial(content: Content) -> str:
    """Answer the first sign of the nickname that can be drawn, or 友."""
    return _first_sign(content.facts.get("nickname", ""))


@lru_cache(1000)
def _first_sign(nickname: str) -> str:
    for cluster in clusters(clean(nickname))[:8]:
        if cluster.strip() and atoms(cluster, Style(20, 600, "#000000")):
            return cluster.upper()
    return _NOBODY


class PhotoElement:
    """A customer's photo; without one, the template's own picture, which is part of the still."""

    def __init__(self, layer: PhotoLayer, scale: float) -> None:
        self.name = layer.name
        left, top, width, height = scaled(layer.box, scale)
        self.rect: Rect = (left, top, left + width, top + height)
        self.size = (width, height)
        self.radius = round(layer.radius * scale)

    def key(self, content: Content) -> Hashable:
        """Answer the photo's digest."""
        return digest(content.photo)

    def extent(self, content: Content) -> Rect | None:
        """Answer the whole place, or nothing."""
        return self.rect if content.photo else None

    def draw(self, image: Image.Image, content: Content, origin: tuple[int, int]) -> None:
        """Draw the photo with its round corners; one that cannot be read is not drawn."""
        if not content.photo:
            return
        with suppress(ImageRefused):
            self.paste(image, content.photo, origin)

    def paste(self, image: Image.Image, photo: bytes, origin: tuple[int, int]) -> None:
        """Draw a photo.

        Raises:
            ImageRefused: it cannot be read.

        """
        at = (self.rect[0] - origin[0], self.rect[1] - origin[1])
        image.paste(fill(photo, *self.size), at, round_mask(*self.size, self.radius))


class CodeElement:
    """The QR code, or WeChat's own code picture, in a square on the 16 px grid.

    Modules are a multiple of 4 px, so that they meet the grid again after at most 48 px, and a
    smaller symbol begins a whole number of modules further in.
    """

    def __init__(self, layer: CodeLayer, scale: float) -> None:
        self.name = layer.name
        self.layer = layer
        self.module = round(layer.module * scale / _MODULE_STEP) * _MODULE_STEP
        if self.module < _LEAST_MODULE * scale:
            self.module += _MODULE_STEP
        self.max_modules = layer.max_modules
        self.side = -(-layer.max_modules * self.module // CELL) * CELL
        left, top = (round((c * scale - self.side / 2) / CELL) * CELL for c in layer.center)
        self.rect: Rect = (left, top, left + self.side, top + self.side)

    @property
    def plate(self) -> tuple[float, float, float, float]:
        """Answer left, top, width and height of the plate: the largest symbol and its quiet zone.

        Symbols of every size have one middle, and the plate has the same.
        """
        side = (self.max_modules + 2 * QUIET_MODULES) * self.module
        offset = self.offset(self.max_modules) + self.max_modules * self.module / 2
        return self.rect[0] + offset - side / 2, self.rect[1] + offset - side / 2, side, side

    def offset(self, modules: int) -> int:
        """Answer the px from the square's edge to a symbol of so many modules."""
        return (self.max_modules - modules) // 2 * self.module

    def key(self, content: Content) -> Hashable:
        """Answer the payload or the picture's digest."""
        return content.payload, digest(content.code_image), digest(content.logo)

    def extent(self, content: Content) -> Rect | None:
        """Answer the whole place."""
        return self.rect

    def draw(self, image: Image.Image, content: Content, origin: tuple[int, int]) -> None:
        """Draw the code.

        Raises:
            CodeTooLong: the payload does not fit with modules that still scan.

        """
        left, top = self.rect[0] - origin[0], self.rect[1] - origin[1]
        if content.code_image:
            image.paste(fill(content.code_image, self.side, self.side), (left, top))
            return
        if not content.payload:
            raise CodeTooLong("this template carries a code, and there is no payload for it")
        payload = content.payload.encode()
        symbol = draw_symbol(payload, choose_kind(len(payload), self.max_modules))
        offset = self.offset(symbol.modules)
        image.paste(self.layer.plate_colour, (left, top, left + self.side, top + self.side))
        at = (left + offset, top + offset)
        image.paste("#000000", at, symbol_mask(symbol, self.module))
        if content.logo:
            self._draw_logo(image, content.logo, (left, top), symbol.modules)

    def logo_box(self, modules: int) -> tuple[int, int]:
        """Answer where the logo's plate begins within the square, and its side (px).

        It covers whole modules in the middle of a symbol of so many.
        """
        covered = int(modules * _LOGO_SHARE)
        covered -= (covered + 1) % 2  # odd, as the symbol is: the middle module is its middle
        return self.offset(modules) + (modules - covered) // 2 * self.module, covered * self.module

    def shows_logo(self, content: Content) -> bool:
        """Tell whether there is a logo that can be read."""
        return content.logo is not None and _logo_picture(content.logo, CELL) is not None

    def _draw_logo(
        self, image: Image.Image, logo: bytes, at: tuple[int, int], modules: int
    ) -> None:
        """Put the logo on its plate; one that cannot be read is left out."""
        offset, side = self.logo_box(modules)
        edge = max(1, self.module // 4)
        inner = side - 2 * edge
        left, top = at[0] + offset, at[1] + offset
        picture = _logo_picture(logo, inner)
        if picture is not None:
            image.paste(self.layer.plate_colour, (left, top, left + side, top + side))
            image.paste(picture, (left + edge, top + edge), round_mask(inner, inner, inner // 5))


@lru_cache(16)
def _logo_picture(logo: bytes, side: int) -> Image.Image | None:
    """Answer the logo as a square of `side` px; None when it cannot be read."""
    with suppress(ImageRefused):
        return fill(logo, side, side)
    return None
