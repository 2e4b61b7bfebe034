"""The small pictures by which a template is chosen, drawn from its own sample facts."""

import io

from PIL import Image

from wxapp_backend.drawing.content import Content
from wxapp_backend.drawing.renderer import Renderer
from wxapp_backend.drawing.templates import Template

_WIDTH = 375
_QUALITY = 84
# Leads nowhere on purpose: a preview is looked at, never scanned.
_PAYLOAD = "https://example.com/r/PREVIEW"


def sample_content(template: Template) -> Content:
    """Answer the content that a template is shown with."""
    return Content(facts=template.document.sample, payload=_PAYLOAD if template.has_code else "")


def preview(template: Template, renderer: Renderer) -> bytes:
    """Answer the preview's JPEG, 375 px wide."""
    picture = renderer.picture(template, sample_content(template))
    size = (_WIDTH, round(_WIDTH * picture.height / picture.width))
    buffer = io.BytesIO()
    picture.resize(size, Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def write_preview(template: Template, renderer: Renderer) -> None:
    """Write the preview beside the template's document."""
    template.preview.write_bytes(preview(template, renderer))
