"""Pictures that people keep on their phones or send each other."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture; the same bytes are the same picture."""

    id: str
    content: bytes
    mimetype: str


class Albums:
    """All pictures, and whose album has which."""

    def __init__(self) -> None:
        self._pictures: dict[str, Picture] = {}
        self._albums: dict[str, list[str]] = {}

    def keep(self, content: bytes, mimetype: str) -> Picture:
        """Keep a picture that is in a chat or goes into an album."""
        picture = Picture(hashlib.sha256(content).hexdigest()[:32], content, mimetype)
        return self._pictures.setdefault(picture.id, picture)

    def add(self, person_id: str, picture: Picture) -> None:
        """Put a picture into a person's album, once."""
        album = self._albums.setdefault(person_id, [])
        if picture.id not in album:
            album.append(picture.id)

    def of(self, person_id: str) -> list[Picture]:
        """List a person's pictures, oldest first."""
        return [self._pictures[one] for one in self._albums.get(person_id, ())]

    def find(self, picture_id: str) -> Picture | None:
        """Find a picture."""
        return self._pictures.get(picture_id)
