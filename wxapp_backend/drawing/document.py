"""A template's document: what `template.json` may say, and a clear error where it says otherwise.

Lengths are in units of the template's grid: `grid` units make the picture's width, at every size.
Layers without variables are drawn first, in order; layers with variables lie above them.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from wxapp_backend.drawing.colours import parse_colour
from wxapp_backend.drawing.errors import TemplateError
from wxapp_backend.drawing.paths import parse_path

VARIABLE = re.compile(r"\{([a-z0-9_]+)\}")
Length = Annotated[float, Field(ge=-10_000, le=10_000)]
Weight = Annotated[int, Field(ge=100, le=900)]
Box = tuple[Length, Length, Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]]


def _colour(text: str) -> str:
    parse_colour(text)
    return text


class Part(BaseModel):
    """Base of all parts of a document: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Gradient(Part):
    """Colours along a line (`angle` 0 runs downwards, 90 to the right) or from the middle out."""

    kind: Literal["linear", "radial"] = "linear"
    angle: float = 0
    stops: Annotated[list[tuple[Annotated[float, Field(ge=0, le=1)], str]], Field(min_length=2)]

    @field_validator("stops")
    @classmethod
    def _stops_are_colours(cls, stops: list[tuple[float, str]]) -> list[tuple[float, str]]:
        for _, colour in stops:
            parse_colour(colour)
        return sorted(stops)


class Shadow(Part):
    """A soft copy below a shape."""

    dx: Length = 0
    dy: Length = 0
    blur: Annotated[float, Field(ge=0, le=200)] = 0
    colour: Annotated[str, Field(description="#rrggbbaa")]

    _colour = field_validator("colour")(_colour)


class Repeat(Part):
    """More copies of a shape: each moved by `step` and turned by `turn` degrees about `about`."""

    count: Annotated[int, Field(ge=1, le=400)]
    step: tuple[Length, Length] = (0, 0)
    turn: float = 0
    about: tuple[Length, Length] = (0, 0)


class Layer(Part):
    """What every layer has."""

    name: Annotated[str, Field(min_length=1, max_length=40)]


class ShapeLayer(Layer):
    """A filled outline: a box, an ellipse or SVG path data (holes by the even-odd rule)."""

    type: Literal["shape"]
    box: Box | None = None
    ellipse: Box | None = None
    path: str | None = None
    radius: Annotated[float, Field(ge=0)] = 0
    turn: float = 0
    paint: str | Gradient
    opacity: Annotated[float, Field(ge=0, le=1)] = 1
    line: Annotated[float, Field(ge=0, le=100, description="draw only an outline this wide")] = 0
    shadow: Shadow | None = None
    repeat: list[Repeat] = []

    @field_validator("paint")
    @classmethod
    def _paint_is_colour(cls, paint: str | Gradient) -> str | Gradient:
        return _colour(paint) if isinstance(paint, str) else paint

    @model_validator(mode="after")
    def _one_outline(self) -> Self:
        if sum(kind is not None for kind in (self.box, self.ellipse, self.path)) != 1:
            raise ValueError("give exactly one of box, ellipse and path")
        if self.path is not None:
            parse_path(self.path)
        return self


class ImageLayer(Layer):
    """A picture of the template's folder, scaled to cover its box."""

    type: Literal["image"]
    file: Annotated[str, Field(pattern=r"^[a-z0-9_-]+\.(png|jpg|webp)$")]
    box: Box
    radius: Annotated[float, Field(ge=0)] = 0
    opacity: Annotated[float, Field(ge=0, le=1)] = 1


class FigureStyle(Part):
    """Numbers in the text, set larger or in another colour."""

    scale: Annotated[float, Field(ge=0.5, le=5)] = 1
    weight: Weight = 800
    colour: str | None = None


class TextLayer(Layer):
    """A text; `{variables}` are replaced by facts, `otherwise` stands when one is missing."""

    type: Literal["text"]
    box: Box
    text: Annotated[str, Field(min_length=1, max_length=400)]
    otherwise: str | None = None
    size: Annotated[float, Field(ge=8, le=400)]
    min_size: Annotated[float, Field(ge=8, le=400)] | None = None
    weight: Weight = 400
    colour: str
    align: Literal["left", "center", "right"] = "left"
    valign: Literal["top", "middle", "bottom"] = "middle"
    lines: Annotated[int, Field(ge=1, le=12)] = 1
    leading: Annotated[float, Field(ge=1, le=3)] = 1.5
    tracking: Annotated[float, Field(ge=-10, le=60)] = 0
    figures: FigureStyle | None = None

    _colour = field_validator("colour")(_colour)

    @property
    def variables(self) -> tuple[str, ...]:
        """Answer the facts that the text speaks of."""
        return tuple(VARIABLE.findall(self.text))

    @model_validator(mode="after")
    def _missing_facts_are_covered(self) -> Self:
        if self.variables and self.otherwise is None:
            raise ValueError('a text with variables needs "otherwise" for when one is missing')
        if self.otherwise is not None and VARIABLE.search(self.otherwise):
            raise ValueError('"otherwise" must be plain text')
        return self


class AvatarLayer(Layer):
    """The referrer's picture; without one, the first sign of the nickname on a warm ground."""

    type: Literal["avatar"]
    box: Box
    radius: Annotated[float, Field(ge=0)] = 10_000
    ring: Annotated[float, Field(ge=0, le=40)] = 0
    ring_colour: str = "#ffffff"
    ground: str = "#f3c9a5"
    ink: str = "#8a4b23"

    _colours = field_validator("ring_colour", "ground", "ink")(_colour)


class PhotoLayer(Layer):
    """A customer's or the shop's photo, scaled to cover; without one, the template's own file."""

    type: Literal["photo"]
    box: Box
    radius: Annotated[float, Field(ge=0)] = 0
    otherwise: Annotated[str, Field(pattern=r"^[a-z0-9_-]+\.(png|jpg|webp)$")]


class CodeLayer(Layer):
    """The code on its own light plate; `module` and `max_modules` settle the room it takes."""

    type: Literal["code"]
    center: tuple[Length, Length]
    module: Annotated[float, Field(ge=8, le=60)] = 8
    max_modules: Literal[25, 29, 33, 37, 41] = 33
    plate_radius: Annotated[float, Field(ge=0)] = 24
    plate_colour: str = "#ffffff"

    _colour = field_validator("plate_colour")(_colour)


AnyLayer = Annotated[
    ShapeLayer | ImageLayer | TextLayer | AvatarLayer | PhotoLayer | CodeLayer,
    Field(discriminator="type"),
]


class Size(Part):
    """A size the template can be drawn in, px; `dpi` marks one for print."""

    width: Annotated[int, Field(ge=200, le=5000)]
    height: Annotated[int, Field(ge=200, le=7100)]
    dpi: Annotated[int, Field(ge=72, le=600)] | None = None


class Document(Part):
    """A whole template."""

    schema_: Annotated[str | None, Field(alias="$schema")] = None
    title: Annotated[str, Field(min_length=1, max_length=20)]
    use: Annotated[str, Field(max_length=200, description="when a shop takes this one")]
    version: Annotated[int, Field(ge=1)]
    grid: Annotated[float, Field(ge=100, le=2000)] = 750
    background: str
    sizes: Annotated[list[Size], Field(min_length=1, max_length=8)]
    sample: Annotated[dict[str, str], Field(description="facts for the preview")]
    layers: Annotated[list[AnyLayer], Field(min_length=1, max_length=200)]

    _colour = field_validator("background")(_colour)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [layer.name for layer in self.layers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"layers need names of their own; used twice: {', '.join(twice)}")
        if sum(isinstance(layer, CodeLayer) for layer in self.layers) > 1:
            raise ValueError("a poster carries at most one code")
        return self

    @model_validator(mode="after")
    def _sizes_share_one_shape(self) -> Self:
        shapes = [size.height / size.width for size in self.sizes]
        if max(shapes) - min(shapes) > 0.005:  # noqa: PLR2004 - 750×1334 and 1080×1920 differ by less
            raise ValueError("all sizes of a template must have the same proportions")
        return self


def parse_document(text: str, *, template: str) -> Document:
    """Read a document.

    Raises:
        TemplateError: names the template, the layer and the field of every fault.

    """
    try:
        return Document.model_validate_json(text)
    except ValidationError as error:
        faults = [f"{_place(text, fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        raise TemplateError(f"template {template}: " + "; ".join(faults)) from None


def _place(text: str, loc: tuple[int | str, ...]) -> str:
    """Say where a fault is, in the words of the document."""
    words = [str(part) for part in loc]
    if loc[:1] == ("layers",) and len(loc) > 1 and isinstance(loc[1], int):
        named = re.findall(r'"name"\s*:\s*"([^"]+)"', text)
        layer = named[loc[1]] if len(named) > loc[1] else str(loc[1])
        rest = ".".join(words[3:] if len(words) > 3 else words[2:])  # noqa: PLR2004 - layers, number, type
        return f"layer {layer!r}" + (f", field {rest!r}" if rest else "")
    return f"field {'.'.join(words)!r}" if words else "document"


def write_schema(path: Path) -> None:
    """Write the JSON schema that editors check templates with."""
    import json  # noqa: PLC0415 - only this rare command needs it

    schema = Document.model_json_schema(by_alias=True)
    path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
