"""Temporary media: kept for three days."""

import secrets
from dataclasses import dataclass

from wxapp_backend.sandbox.accounts import Kind

KEPT_SECONDS = 3 * 86400  # WeChat: 新增临时素材


@dataclass(frozen=True, slots=True)
class Medium:
    """One uploaded file."""

    media_id: str
    owner: Kind
    kind: str
    content: bytes
    mimetype: str
    created_at: float


class Media:
    """What was uploaded; times are seconds since 1970."""

    def __init__(self) -> None:
        self._media: dict[str, Medium] = {}

    def add(self, owner: Kind, kind: str, content: bytes, mimetype: str, now: float) -> Medium:
        """Keep a file of an account."""
        medium = Medium(secrets.token_urlsafe(48), owner, kind, content, mimetype, now)
        self._media[medium.media_id] = medium
        return medium

    def find(self, owner: Kind, media_id: object, now: float) -> Medium | None:
        """Find a file that is still kept for this account; another's is as good as none."""
        found = self._media.get(media_id) if isinstance(media_id, str) else None
        if found is None or found.owner != owner or now >= found.created_at + KEPT_SECONDS:
            return None
        return found

    def find_sent(self, media_id: str) -> Medium | None:
        """Find what phones may have been sent: they keep it when the account's copy is gone."""
        return self._media.get(media_id)
