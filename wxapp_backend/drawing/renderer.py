"""Drawing posters: templates are compiled once, a person's elements are filled in."""

import hashlib
import io
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial

from PIL import Image

from wxapp_backend.drawing.canvas import elements, still_picture
from wxapp_backend.drawing.content import Content, Format, Poster
from wxapp_backend.drawing.document import Size
from wxapp_backend.drawing.elements import Element
from wxapp_backend.drawing.jpeg import encode
from wxapp_backend.drawing.pngpress import PngPress
from wxapp_backend.drawing.splicing import CompiledTemplate
from wxapp_backend.drawing.store import PieceStore
from wxapp_backend.drawing.templates import Template

# Bumped when the engine draws the same template differently, so that caches renew themselves.
ENGINE = "1"
_STORE_BYTES = 32 * 1024 * 1024
# A compiled template holds about 1 MB at 750x1334; a still picture 3 MB, and 6 MB at 1080x1920.
_COMPILED = 32
_STILLS = 2
# Shown while a template is tried out; its length is that of a usual link.
_PROBES = ("https://example.com/r/A2B3C4D5", "https://example.com/r/Z9Y8X7W6")


@dataclass(slots=True)
class Counters:
    """What a renderer did, for metrics.

    Attributes:
        spliced: pictures put together from pieces.
        plain: pictures encoded whole (paper, a campaign's first PNG, templates whose trial failed).
        failed_trials: templates for which putting together did not give the whole's bytes.

    """

    spliced: int = 0
    plain: int = 0
    failed_trials: int = 0


@dataclass(frozen=True, slots=True)
class _Prepared:
    elements: list[Element]
    compiled: CompiledTemplate | None
    pngs: PngPress


class Renderer:
    """Draws posters; keep one per process, it remembers what posters have in common."""

    def __init__(self, *, store_bytes: int = _STORE_BYTES) -> None:
        self.counters = Counters()
        self.store = PieceStore(store_bytes)
        self._prepared: OrderedDict[tuple[str, int, int], _Prepared] = OrderedDict()
        self._stills: OrderedDict[tuple[str, int, int], Image.Image] = OrderedDict()

    def _prepare(self, template: Template, size: Size) -> _Prepared:
        key = (template.key, size.width, size.height)
        found = self._prepared.get(key)
        if found is None:
            drawn = elements(template, size)
            pngs = PngPress(partial(self._still, template, size), drawn)
            found = _Prepared(drawn, self._compile(template, size), pngs)
            self._prepared[key] = found
            while len(self._prepared) > _COMPILED:
                self._prepared.popitem(last=False)
        return found

    def _still(self, template: Template, size: Size) -> Image.Image:
        key = (template.key, size.width, size.height)
        found = self._stills.pop(key, None)
        if found is None:
            found = still_picture(template, size)
        self._stills[key] = found
        while len(self._stills) > _STILLS:
            self._stills.popitem(last=False)
        return found

    def _compile(self, template: Template, size: Size) -> CompiledTemplate | None:
        """Compile and try out; None for paper, and where the trial fails."""
        if size.dpi is not None:
            return None
        still = self._still(template, size)
        drawn = elements(template, size)
        name = f"{template.key}:{size.width}x{size.height}"
        compiled = CompiledTemplate(still, drawn, self.store, name)
        for payload in _PROBES:
            facts = template.document.sample
            content = Content(facts=facts, payload=payload if template.has_code else "")
            if not compiled.agrees(content, _drawn(still, drawn, content)):
                self.counters.failed_trials += 1
                return None
        return compiled

    def picture(
        self, template: Template, content: Content, *, size: tuple[int, int] | None = None
    ) -> Image.Image:
        """Answer the poster's pixels, drawn whole."""
        chosen = template.size(size)
        return _drawn(self._still(template, chosen), elements(template, chosen), content)

    def content_key(
        self,
        template: Template,
        content: Content,
        *,
        size: tuple[int, int] | None = None,
        format: Format = "jpeg",  # noqa: A002 - the word everybody uses for it
    ) -> str:
        """Answer a name for the finished picture without drawing it, e.g. for an ETag."""
        chosen = template.size(size)
        prepared = self._prepare(template, chosen)
        return _name_of(template, chosen, format, _keys(prepared, content))

    def is_spliced(self, template: Template, size: tuple[int, int]) -> bool:
        """Tell whether JPEGs of this template are put together from pieces."""
        return self._prepare(template, template.size(size)).compiled is not None

    def render(
        self,
        template: Template,
        content: Content,
        *,
        size: tuple[int, int] | None = None,
        format: Format = "jpeg",  # noqa: A002 - the word everybody uses for it
        key: str | None = None,
    ) -> Poster:
        """Draw and encode one poster; `size` is the template's first when not given.

        `key` is what `content_key` answered, where it was asked before.

        Raises:
            UnknownTemplate: the template has no such size.
            CodeTooLong: the payload is missing or does not fit.

        """
        chosen = template.size(size)
        prepared = self._prepare(template, chosen)
        keys = _keys(prepared, content)
        data = self._spliced(prepared, content, keys, format)
        is_spliced = data is not None
        if data is None:
            data = _encoded(self.picture(template, content, size=size), format)
            self.counters.plain += 1
        else:
            self.counters.spliced += 1
        key = key or _name_of(template, chosen, format, keys)
        return Poster(data, chosen.width, chosen.height, key, format, is_spliced)

    def _spliced(
        self,
        prepared: _Prepared,
        content: Content,
        keys: dict[str, Hashable],
        format_name: Format,
    ) -> bytes | None:
        """Put the file together from pieces, or answer None where that cannot be done."""
        if prepared.compiled is None:
            return None
        if format_name == "jpeg":
            return prepared.compiled.jpeg(content, keys)
        failed = prepared.pngs.failed_trials
        data = prepared.pngs.png(content, keys)
        self.counters.failed_trials += prepared.pngs.failed_trials - failed
        return data


def _keys(prepared: _Prepared, content: Content) -> dict[str, Hashable]:
    return {element.name: element.key(content) for element in prepared.elements}


def _name_of(template: Template, size: Size, format_name: Format, keys: dict[str, Hashable]) -> str:
    named = (ENGINE, template.digest, size.width, size.height, format_name, keys)
    return hashlib.blake2b(repr(named).encode(), digest_size=16).hexdigest()


def _drawn(still: Image.Image, drawn: list[Element], content: Content) -> Image.Image:
    image = still.copy()
    for element in drawn:
        element.draw(image, content, (0, 0))
    return image


def _encoded(image: Image.Image, format_name: Format) -> bytes:
    if format_name == "jpeg":
        return encode(image, restarts=False)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
