"""URL links into the mini-program."""

import secrets
from dataclasses import dataclass

PREFIX = "https://wxaurl.cn/"


@dataclass(frozen=True, slots=True)
class UrlLink:
    """A link that opens a page until `expires_at`, in seconds since 1970."""

    url: str
    path: str
    query: str
    expires_at: float


class UrlLinks:
    """The links made so far."""

    def __init__(self) -> None:
        self._links: dict[str, UrlLink] = {}

    def add(self, path: str, query: str, *, expires_at: float) -> UrlLink:
        """Make a link."""
        link = UrlLink(PREFIX + secrets.token_urlsafe(8), path, query, expires_at)
        self._links[link.url] = link
        return link

    def find(self, url: str, now: float) -> UrlLink | None:
        """Find a link that still works."""
        found = self._links.get(url)
        return found if found and now < found.expires_at else None
