"""What the composition roots use of posters."""

from __future__ import annotations

from wxapp_backend.features.posters.domain import CodeKind, Shop, Wish
from wxapp_backend.features.posters.ports import CodeMaker, ScanCode
from wxapp_backend.features.posters.service.commission import Commission, Place
from wxapp_backend.features.posters.service.press import Press

__all__ = [
    "CodeKind",
    "CodeMaker",
    "Commission",
    "Place",
    "Press",
    "ScanCode",
    "Shop",
    "Wish",
]
