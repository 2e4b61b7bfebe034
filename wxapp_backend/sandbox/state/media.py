"""Temporary media: kept for three days."""

import secrets
from dataclasses import dataclass

KEPT_SECONDS = 3 * 86400  # WeChat: 新增临时素材


@dataclass(frozen=True, slots=True)
class Medium:
    """One uploaded file."""

    media_id: str
    kind: str
    content: bytes
    mimetype: str
    created_at: float


class Media:
    """What was uploaded; times are seconds since 1970."""

    def __init__(self) -> None:
        self._media: dict[str, Medium] = {}

    def add(self, kind: str, content: bytes, mimetype: str, now: float) -> Medium:
        """Keep a file."""
        medium = Medium(secrets.token_urlsafe(48), kind, content, mimetype, now)
        self._media[medium.media_id] = medium
        return medium

    def find(self, media_id: object, now: float) -> Medium | None:
        """Find a file that is still kept."""
        found = self._media.get(media_id) if isinstance(media_id, str) else None
        return found if found and now < found.created_at + KEPT_SECONDS else None
