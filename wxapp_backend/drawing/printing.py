"""Posters for paper: one page per size, as PDF at the resolution the size names."""

import io

from wxapp_backend.drawing.content import Content
from wxapp_backend.drawing.errors import UnknownTemplate
from wxapp_backend.drawing.renderer import Renderer
from wxapp_backend.drawing.templates import Template

_QUALITY = 92


def print_pdf(
    renderer: Renderer,
    template: Template,
    content: Content,
    *,
    size: tuple[int, int] | None = None,
) -> bytes:
    """Answer a one-page PDF; A5 is 1748x2480 px and A4 2480x3508 px at 300 dpi.

    Raises:
        UnknownTemplate: the template has no such size, or the size is not for paper.
        CodeTooLong: the payload is missing or does not fit.

    """
    chosen = template.size(size)
    if chosen.dpi is None:
        raise UnknownTemplate(
            f"template {template.name}: {chosen.width}x{chosen.height} is not for print"
        )
    picture = renderer.picture(template, content, size=(chosen.width, chosen.height))
    buffer = io.BytesIO()
    picture.save(
        buffer, "PDF", resolution=float(chosen.dpi), quality=_QUALITY, title=template.title
    )
    return buffer.getvalue()
