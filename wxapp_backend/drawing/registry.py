"""A place where posters are drawn and read back before they are handed out."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from wxapp_backend.drawing.content import Content, Poster
from wxapp_backend.drawing.errors import DrawingError
from wxapp_backend.drawing.inspection import Inspector
from wxapp_backend.drawing.renderer import Counters, Renderer
from wxapp_backend.drawing.templates import Template, list_templates

log = logging.getLogger(__name__)

Size = tuple[int, int]


class Unreadable(DrawingError):
    """A finished poster's code could not be read back: it must not be handed out."""


class TemplateRegistry:
    """Draws from one folder of templates, in this process or in processes of its own.

    Drawing holds the interpreter's lock, so threads gain nothing; processes do.
    """

    def __init__(self, root: Path, *, processes: int = 0, logo: bytes | None = None) -> None:
        """Open the templates; `logo` is the shop's, as `Content.logo`."""
        self._logo = logo
        self._templates = {template.name: template for template in list_templates(root)}
        self._renderer = Renderer()
        self._inspector = Inspector()
        self._pool = (
            ProcessPoolExecutor(
                processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_open_registry,
                initargs=(root, logo),
            )
            if processes
            else None
        )

    @property
    def counters(self) -> Counters:
        """Return what this process drew; drawing processes count for themselves."""
        return self._renderer.counters

    def templates(self) -> Sequence[Template]:
        """Return all templates, by name."""
        return list(self._templates.values())

    def find(self, name: str) -> Template | None:
        """Return the template of this name, or None."""
        return self._templates.get(name)

    def key(self, name: str, content: Content, size: Size) -> str:
        """Return a name for the picture that changes when anything on it does; draws nothing."""
        content = self._with_logo(content)
        return self._renderer.content_key(self._templates[name], content, size=size)

    def is_spliced(self, name: str, size: Size) -> bool:
        """Tell whether JPEGs of this template are put together from pieces, which is quick."""
        return self._renderer.is_spliced(self._templates[name], size)

    def draw(self, name: str, content: Content, size: Size, *, key: str | None = None) -> Poster:
        """Draw a poster and read its code back from the final bytes.

        `key` is what `key` answered, where it was asked before.

        Raises:
            Unreadable: a decoder does not find `content.payload` on it, or WeChat's code picture
                is too small, too pale or crowded.
        """
        if self._pool is not None:
            return self._pool.submit(_draw_in_process, name, content, size, key).result()
        template = self._templates[name]
        content = self._with_logo(content)
        poster = self._renderer.render(template, content, size=size, key=key)
        if template.has_code and not self._inspector.passes(template, content, poster):
            raise Unreadable("the code on the finished poster cannot be read back")
        return poster

    def _with_logo(self, content: Content) -> Content:
        return replace(content, logo=self._logo) if self._logo is not None else content


_registry: TemplateRegistry | None = None
"""The registry of a drawing process, opened once when the process starts."""


def _open_registry(root: Path, logo: bytes | None) -> None:
    global _registry  # noqa: PLW0603 # the pool's way to give each process something of its own
    _registry = TemplateRegistry(root, logo=logo)


def _draw_in_process(name: str, content: Content, size: Size, key: str | None) -> Poster:
    assert _registry is not None
    return _registry.draw(name, content, size, key=key)
