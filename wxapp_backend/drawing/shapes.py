"""Anti-aliased shapes, gradients and soft shadows, for the layers that are drawn once."""

import math
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from wxapp_backend.drawing.colours import Rgba, parse_colour
from wxapp_backend.drawing.document import Gradient, Shadow, ShapeLayer
from wxapp_backend.drawing.glyphs import Rect
from wxapp_backend.drawing.paths import (
    Outline,
    ellipse,
    magnified,
    parse_path,
    rounded_box,
    shifted,
    turned,
)

# Sub-pixels per px and side: 16 grey levels at an edge, smooth enough for large curves.
_FINE = 4
_LEVELS = 256
_SHADOW_REACH = 2.5  # blurs: beyond, a shadow is not seen


def outline_mask(size: tuple[int, int], outlines: Sequence[Outline], line: float) -> Image.Image:
    """Answer how much of each px the outlines cover; `line` > 0 draws only their edges (px)."""
    fine = Image.new("L", (size[0] * _FINE, size[1] * _FINE))
    for outline in outlines:
        points = [(x * _FINE - 0.5, y * _FINE - 0.5) for x, y in outline]
        if line:
            whole = [*points, points[1]] if points[0] == points[-1] else points
            ImageDraw.Draw(fine).line(whole, 255, max(1, round(line * _FINE)), joint="curve")
        elif len(outlines) == 1:
            ImageDraw.Draw(fine).polygon(points, fill=255)
        else:
            one = Image.new("L", fine.size)
            ImageDraw.Draw(one).polygon(points, fill=255)
            fine = ImageChops.difference(fine, one)
    return fine.reduce(_FINE)


@lru_cache(64)
def round_mask(width: int, height: int, radius: int) -> Image.Image:
    """Answer the mask of a box with round corners (px)."""
    return outline_mask((width, height), [rounded_box(0, 0, width, height, radius)], 0)


def _ramp(gradient: Gradient, size: tuple[int, int]) -> Image.Image:
    """Answer grey levels that run from 0 to 255 along the gradient."""
    if gradient.kind == "radial":
        return Image.radial_gradient("L").resize(size, Image.Resampling.BICUBIC)
    width, height = size
    cos, sin = math.cos(math.radians(gradient.angle)), math.sin(math.radians(gradient.angle))
    length = abs(width * sin) + abs(height * cos)
    per_px = (_LEVELS - 1) / length
    # Row of the ramp for px (x, y): distance from the middle along the gradient's direction.
    down, right = cos * per_px, sin * per_px
    start = (_LEVELS - 1) / 2 - (width / 2) * right - (height / 2) * down
    return Image.linear_gradient("L").transform(
        size, Image.Transform.AFFINE, (0, 0, 128, right, down, start), Image.Resampling.BILINEAR
    )


def _channel(stops: Sequence[tuple[float, Rgba]], channel: int) -> list[int]:
    """Answer the channel's value for each of 256 levels."""
    values = []
    for level in range(_LEVELS):
        at = level / (_LEVELS - 1)
        before = max((s for s in stops if s[0] <= at), default=stops[0], key=lambda s: s[0])
        after = min((s for s in stops if s[0] >= at), default=stops[-1], key=lambda s: s[0])
        span = after[0] - before[0]
        share = (at - before[0]) / span if span else 0
        values.append(round(before[1][channel] * (1 - share) + after[1][channel] * share))
    return values


def paint_image(paint: str | Gradient, size: tuple[int, int]) -> Image.Image:
    """Answer an RGBA picture filled with a colour or a gradient."""
    if isinstance(paint, str):
        return Image.new("RGBA", size, parse_colour(paint))
    stops = [(at, parse_colour(colour)) for at, colour in paint.stops]
    ramp = _ramp(paint, size)
    return Image.merge("RGBA", [ramp.point(_channel(stops, c)) for c in range(4)])


def shape_outlines(layer: ShapeLayer) -> list[list[Outline]]:
    """Answer the outlines of the shape and of its copies, in grid units."""
    if layer.box is not None:
        base = [rounded_box(*layer.box, layer.radius)]
    elif layer.ellipse is not None:
        base = [ellipse(*layer.ellipse)]
    else:
        base = parse_path(layer.path or "")
    if layer.turn:
        xs, ys = zip(*(p for outline in base for p in outline), strict=True)
        base = turned(base, layer.turn, ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2))
    copies = [base]
    for repeat in layer.repeat:
        copies = [
            turned(
                shifted(c, repeat.step[0] * i, repeat.step[1] * i), repeat.turn * i, repeat.about
            )
            for c in copies
            for i in range(repeat.count)
        ]
    return copies


def draw_shape(image: Image.Image, layer: ShapeLayer, scale: float) -> None:
    """Draw a shape, its copies and their shadow on an RGB picture; `scale` is px per grid unit."""
    for copy in shape_outlines(layer):
        outlines = magnified(copy, scale)
        xs, ys = zip(*(p for outline in outlines for p in outline), strict=True)
        edge = layer.line * scale / 2 + 1
        left, top = math.floor(min(xs) - edge), math.floor(min(ys) - edge)
        size = (math.ceil(max(xs) + edge) - left, math.ceil(max(ys) + edge) - top)
        room = math.ceil(layer.shadow.blur * scale * _SHADOW_REACH) + 1 if layer.shadow else 0
        seen = _seen((left, top), size, image.size, room)
        if seen is None:
            continue
        local = shifted(outlines, -left - seen[0], -top - seen[1])
        mask = outline_mask((seen[2] - seen[0], seen[3] - seen[1]), local, layer.line * scale)
        at = (left + seen[0], top + seen[1])
        if layer.shadow is not None:
            _draw_shadow(image, mask, at, layer.shadow, scale)
        painted = paint_image(layer.paint, size).crop(seen)
        alpha = ImageChops.multiply(mask, painted.getchannel("A"))
        if layer.opacity < 1:
            alpha = alpha.point([round(v * layer.opacity) for v in range(_LEVELS)])
        image.paste(painted.convert("RGB"), at, alpha)


def _seen(
    at: tuple[int, int], size: tuple[int, int], canvas: tuple[int, int], room: int
) -> Rect | None:
    """Answer the part of a shape's box that matters for the canvas; None for nothing."""
    left, top = max(0, -room - at[0]), max(0, -room - at[1])
    right = min(size[0], canvas[0] + room - at[0])
    bottom = min(size[1], canvas[1] + room - at[1])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _draw_shadow(
    image: Image.Image, mask: Image.Image, at: tuple[int, int], shadow: Shadow, scale: float
) -> None:
    blur = shadow.blur * scale
    room = math.ceil(blur * _SHADOW_REACH)
    soft = Image.new("L", (mask.width + 2 * room, mask.height + 2 * room))
    soft.paste(mask, (room, room))
    red, green, blue, opacity = parse_colour(shadow.colour)
    soft = soft.filter(ImageFilter.GaussianBlur(blur)).point(
        [round(v * opacity / 255) for v in range(_LEVELS)]
    )
    left = at[0] - room + round(shadow.dx * scale)
    top = at[1] - room + round(shadow.dy * scale)
    image.paste((red, green, blue), (left, top), soft)
