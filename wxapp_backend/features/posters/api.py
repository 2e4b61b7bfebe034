"""What the composition roots use of posters."""

from __future__ import annotations

from wxapp_backend.features.posters.domain import CodeKind, Shop, Wish
from wxapp_backend.features.posters.ports import CodeMaker, ScanCode
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
]
