"""What the composition roots and other features use of posters."""

from __future__ import annotations

from wxapp_backend.declaration import Parts
from wxapp_backend.drawing.registry import TemplateRegistry
from wxapp_backend.features.posters.domain import CodeKind, Shop, Wish
from wxapp_backend.features.posters.ports import CodeMaker, ScanCode
from wxapp_backend.features.posters.service.branding import poster_place, read_logo
from wxapp_backend.features.posters.service.rendering import PosterRenderer
from wxapp_backend.features.posters.service.requesting import Place, PosterRequest

__all__ = [
    "CodeKind",
    "CodeMaker",
    "Place",
    "PosterRenderer",
    "PosterRequest",
    "ScanCode",
    "Shop",
    "Wish",
    "poster_place",
    "renderer_of",
]


def renderer_of(parts: Parts) -> PosterRenderer:
    """Return the poster renderer of a process; there is one in each.

    Raises:
        SettingsFault: the shop's logo cannot be read as a picture.
    """
    return parts.own(_make_renderer)


def _make_renderer(parts: Parts) -> PosterRenderer:
    settings = parts.settings
    registry = TemplateRegistry(
        settings.posters.folder, processes=settings.posters.processes, logo=read_logo(settings)
    )
    return PosterRenderer(parts.db, registry, parts.outside.storage, poster_place(settings))
