"""The poster engine: templates in, pictures out. It knows no feature, no database, no settings."""

from wxapp_backend.drawing.codes import read_code, reads_back
from wxapp_backend.drawing.content import Content, Format, Poster
from wxapp_backend.drawing.errors import (
    CodeTooLong,
    DrawingError,
    ImageRefused,
    TemplateError,
    UnknownTemplate,
)
from wxapp_backend.drawing.images import normalise_avatar, normalise_photo
from wxapp_backend.drawing.renderer import Renderer
from wxapp_backend.drawing.templates import Template, get_template, list_templates, load_template

__all__ = [
    "CodeTooLong",
    "Content",
    "DrawingError",
    "Format",
    "ImageRefused",
    "Poster",
    "Renderer",
    "Template",
    "TemplateError",
    "UnknownTemplate",
    "get_template",
    "list_templates",
    "load_template",
    "normalise_avatar",
    "normalise_photo",
    "read_code",
    "reads_back",
]
