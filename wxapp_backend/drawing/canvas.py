"""From a document to pixels: the still picture, drawn once, and the elements above it."""

from pathlib import Path

from PIL import Image, ImageChops

from wxapp_backend.drawing.document import (
    AvatarLayer,
    CodeLayer,
    ImageLayer,
    PhotoLayer,
    ShapeLayer,
    Size,
    TextLayer,
)
from wxapp_backend.drawing.elements import (
    AvatarElement,
    CodeElement,
    Element,
    PhotoElement,
    TextElement,
    scaled,
    text_box,
)
from wxapp_backend.drawing.images import fill
from wxapp_backend.drawing.shapes import draw_shape, round_mask
from wxapp_backend.drawing.templates import Template
from wxapp_backend.drawing.textbox import draw_text


def scale_of(template: Template, size: Size) -> float:
    """Answer px per grid unit."""
    return size.width / template.document.grid


def elements(template: Template, size: Size) -> list[Element]:
    """Answer the template's elements in the order they are drawn."""
    scale = scale_of(template, size)
    found: list[Element] = []
    for layer in template.document.layers:
        if isinstance(layer, TextLayer) and layer.variables:
            found.append(TextElement(layer, scale))
        elif isinstance(layer, AvatarLayer):
            found.append(AvatarElement(layer, scale))
        elif isinstance(layer, PhotoLayer):
            found.append(PhotoElement(layer, scale))
        elif isinstance(layer, CodeLayer):
            found.append(CodeElement(layer, scale))
    return found


def still_picture(template: Template, size: Size, *, texts: bool = True) -> Image.Image:
    """Draw everything that is the same on every poster of this template and size.

    Without `texts`, what they stand on can be looked at.
    """
    scale = scale_of(template, size)
    picture = Image.new("RGB", (size.width, size.height), template.document.background)
    for layer in template.document.layers:
        if isinstance(layer, ShapeLayer):
            draw_shape(picture, layer, scale)
        elif isinstance(layer, ImageLayer):
            _draw_image(picture, layer, scale, template.folder)
        elif isinstance(layer, TextLayer) and texts and not layer.variables:
            draw_text(picture, layer.text, text_box(layer, scale), (0, 0))
        elif isinstance(layer, PhotoLayer):
            own = (template.folder / layer.otherwise).read_bytes()
            PhotoElement(layer, scale).paste(picture, own, (0, 0))
        elif isinstance(layer, CodeLayer):
            _draw_plate(picture, layer, scale)
    return picture


def _draw_image(picture: Image.Image, layer: ImageLayer, scale: float, folder: Path) -> None:
    left, top, width, height = scaled(layer.box, scale)
    data = (folder / layer.file).read_bytes()
    mask = round_mask(width, height, round(layer.radius * scale))
    if layer.opacity < 1:
        mask = ImageChops.multiply(mask, Image.new("L", mask.size, round(255 * layer.opacity)))
    picture.paste(fill(data, width, height), (left, top), mask)


def _draw_plate(picture: Image.Image, layer: CodeLayer, scale: float) -> None:
    left, top, width, height = (round(v) for v in CodeElement(layer, scale).plate)
    mask = round_mask(width, height, round(layer.plate_radius * scale))
    picture.paste(layer.plate_colour, (left, top), mask)
