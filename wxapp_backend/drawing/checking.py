"""Looking at every template with every kind of person, before customers do.

Reported: documents that are wrong, texts that overflow or lie on each other, texts that are hard to
read on their ground, signs drawn as boxes, codes that are small, crowded or do not read back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageStat

from wxapp_backend.drawing.canvas import elements, scale_of, still_picture
from wxapp_backend.drawing.codes import QUIET_MODULES, forwarded, reads_back
from wxapp_backend.drawing.colours import contrast, parse_colour
from wxapp_backend.drawing.content import Content
from wxapp_backend.drawing.document import CodeLayer, Size, TextLayer
from wxapp_backend.drawing.elements import CodeElement, Element, TextElement, text_box
from wxapp_backend.drawing.errors import DrawingError, TemplateError
from wxapp_backend.drawing.glyphs import Rect
from wxapp_backend.drawing.hostile import Person, people
from wxapp_backend.drawing.renderer import Renderer
from wxapp_backend.drawing.templates import DOCUMENT, Template, load_template
from wxapp_backend.drawing.textbox import place_text, set_text

# Contrast that small and large texts need (WCAG 2.2, AA); large begins at 28 of 750, or 24 bold.
_SMALL_TEXT = 4.5
_LARGE_TEXT = 3.0
_LARGE_SIZE = 28 / 750
_LARGE_BOLD_SIZE = 24 / 750
_BOLD = 700
_CODE_CONTRAST = 7.0
# Three chats in a row, each a little smaller and worse.
_LINKS = 4
_FORWARDS = ((0.8, 70), (0.8, 60), (0.8, 50))

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend, and where it was seen."""

    template: str
    kind: str
    message: str
    size: str = ""
    person: str = ""

    def __str__(self) -> str:
        where = " ".join(word for word in (self.template, self.size, self.person) if word)
        return f"{where}: {self.kind}: {self.message}"


@dataclass(slots=True)
class Report:
    """What was looked at and what was found."""

    templates: int = 0
    posters: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether every template may be used."""
        return not self.problems


def check(root: Path, progress: Progress | None = None) -> Report:
    """Check every template under `root`; `progress` hears (done, total, what) after each step."""
    report = Report()
    folders = [path.parent for path in sorted(root.glob(f"*/{DOCUMENT}"))]
    for number, folder in enumerate(folders):
        if progress is not None:
            progress(number, len(folders), folder.name)
        try:
            template = load_template(folder)
        except TemplateError as error:
            report.problems.append(Problem(folder.name, "document", str(error)))
            continue
        report.templates += 1
        _check_template(template, report)
    if progress is not None:
        progress(len(folders), len(folders), "")
    return report


def check_template(template: Template) -> Report:
    """Check one template."""
    report = Report(templates=1)
    _check_template(template, report)
    return report


def _check_template(template: Template, report: Report) -> None:
    renderer = Renderer()
    crowd = people(template)
    for size in template.sizes:
        report.problems += _check_still(template, size)
        # A second size scales the first: a few people are enough to see that it does.
        seen = crowd if size == template.sizes[0] else crowd[:3]
        if size.dpi is not None:
            seen = [crowd[0], crowd[-1]]
        for number, person in enumerate(seen):
            report.posters += 1
            report.problems += _check_person(template, size, person, renderer)
            if template.has_code:
                # Every link of the set comes within the first few people.
                report.problems += _check_code(
                    template, size, person, renderer, forwards=number < _LINKS
                )


def _named(size: Size) -> str:
    return f"{size.width}x{size.height}"


def _check_still(template: Template, size: Size) -> Iterator[Problem]:
    """Check what is the same for everyone: readability of texts and the room of the code."""
    bare = still_picture(template, size, texts=False)
    scale = scale_of(template, size)
    for layer in template.document.layers:
        if isinstance(layer, TextLayer):
            box = text_box(layer, scale)
            text = _sample_text(layer, template)
            ratio = _contrast(bare, place_text(text, box).extent, layer.colour)
            needed = _needed_contrast(layer, template)
            if ratio is not None and ratio < needed:
                message = f"layer {layer.name!r} has {ratio:.1f}, needs {needed}"
                yield Problem(template.name, "contrast", message, _named(size))
            if layer.otherwise and set_text(layer.otherwise, box).cut:
                message = f"layer {layer.name!r}: the neutral text does not fit"
                yield Problem(template.name, "overflow", message, _named(size))
        elif isinstance(layer, CodeLayer):
            yield from _check_code_room(template, size, layer, bare)


def _needed_contrast(layer: TextLayer, template: Template) -> float:
    large = _LARGE_SIZE if layer.weight < _BOLD else _LARGE_BOLD_SIZE
    return _LARGE_TEXT if layer.size / template.document.grid >= large else _SMALL_TEXT


def _sample_text(layer: TextLayer, template: Template) -> str:
    content = Content(facts=template.document.sample)
    return TextElement(layer, 1).text(content) if layer.variables else layer.text


def _contrast(bare: Image.Image, extent: Rect | None, colour: str) -> float | None:
    if extent is None:
        return None
    mean = ImageStat.Stat(bare.crop(extent)).mean
    red, green, blue, _ = parse_colour(colour)
    return contrast((red, green, blue), (mean[0], mean[1], mean[2]))


def _check_code_room(
    template: Template, size: Size, layer: CodeLayer, bare: Image.Image
) -> Iterator[Problem]:
    element = CodeElement(layer, scale_of(template, size))
    left, top, width, height = element.plate
    quiet = (round(left), round(top), round(left + width), round(top + height))
    if quiet[0] < 0 or quiet[1] < 0 or quiet[2] > size.width or quiet[3] > size.height:
        yield Problem(template.name, "code", "the plate reaches outside", _named(size))
        return
    # Without the round corners: the ring of the quiet zone beside the largest symbol.
    inset = QUIET_MODULES * element.module // 2
    ring = bare.crop((quiet[0] + inset, quiet[1] + inset, quiet[2] - inset, quiet[3] - inset))
    darkest = ring.convert("L").getextrema()[0]
    assert isinstance(darkest, int | float)
    if contrast((darkest,) * 3, (0, 0, 0)) < _CODE_CONTRAST:
        yield Problem(template.name, "code", "the plate is not light everywhere", _named(size))


def _check_person(
    template: Template, size: Size, person: Person, renderer: Renderer
) -> Iterator[Problem]:
    """Check one poster: places of texts and signs, and that it can be drawn."""

    def problem(kind: str, message: str) -> Problem:
        return Problem(template.name, kind, message, _named(size), person.name)

    drawn = elements(template, size)
    for kind, message in (*_texts_cut(drawn, person), *_overlaps(template, size, drawn, person)):
        yield problem(kind, message)
    try:
        renderer.render(template, person.content, size=(size.width, size.height))
    except DrawingError as error:
        yield problem("render", str(error))


def _check_code(
    template: Template, size: Size, person: Person, renderer: Renderer, *, forwards: bool
) -> Iterator[Problem]:
    """Read the finished code back, also after chats have made the picture smaller and worse."""
    try:
        poster = renderer.render(template, person.content, size=(size.width, size.height))
    except DrawingError:
        return
    payload = person.content.payload
    message = ""
    if not reads_back(poster.data, payload):
        message = "the code does not read back"
    elif forwards and not reads_back(forwarded(poster.data, _FORWARDS), payload):
        message = "the code does not survive three forwards"
    if message:
        yield Problem(template.name, "scan", message, _named(size), person.name)


def _texts_cut(drawn: list[Element], person: Person) -> Iterator[tuple[str, str]]:
    for element in drawn:
        if not isinstance(element, TextElement):
            continue
        outcome = element.set(person.content)
        is_name = "nickname" in element.variables
        if outcome.cut and not (is_name and person.is_cut_expected):
            yield "overflow", f"layer {element.name!r} is cut: {element.text(person.content)!r}"
        for line in outcome.lines:
            for atom in line:
                if atom.glyph is None and atom.picture is None:
                    yield "tofu", f"layer {element.name!r} has no drawing for {atom.text!r}"


def _overlaps(
    template: Template, size: Size, drawn: list[Element], person: Person
) -> Iterator[tuple[str, str]]:
    """Find texts, pictures and the code's quiet zone that lie on each other or outside."""
    placed = _places(template, size, drawn, person.content)
    for number, (name, box) in enumerate(placed):
        if box[0] < 0 or box[1] < 0 or box[2] > size.width or box[3] > size.height:
            yield "overflow", f"layer {name!r} reaches outside the picture"
        for other, there in placed[:number]:
            if box[0] < there[2] and there[0] < box[2] and box[1] < there[3] and there[1] < box[3]:
                yield "overlap", f"layers {other!r} and {name!r} lie on each other"


def _places(
    template: Template, size: Size, drawn: list[Element], content: Content
) -> list[tuple[str, Rect]]:
    """Answer what each text and element really covers; a code with its quiet zone."""
    scale = scale_of(template, size)
    placed: list[tuple[str, Rect | None]] = [
        (layer.name, place_text(layer.text, text_box(layer, scale)).extent)
        for layer in template.document.layers
        if isinstance(layer, TextLayer) and not layer.variables
    ]
    for element in drawn:
        found = element.extent(content)
        if isinstance(element, CodeElement):
            left, top, width, height = element.plate
            found = (round(left), round(top), round(left + width), round(top + height))
        placed.append((element.name, found))
    return [(name, box) for name, box in placed if box is not None]
