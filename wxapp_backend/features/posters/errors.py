"""Failures of posters that a caller may see."""

from __future__ import annotations

from wxapp_backend.kernel.errors import NotFound


class PosterNotFound(NotFound):
    """There is no such poster, template or size."""

    message = "没有找到这张海报"
