"""Where files are kept: a small port, and the local folder behind it."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

_KEY = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*\.[a-z0-9]{1,8}")


def media_url(link_base: str, key: str) -> str:
    """Return where what is stored under `key` is served."""
    return f"{link_base}/media/{key}"


class Storage(Protocol):
    """Keeps bytes under keys like `posters/01h….jpg`; safe to share between threads."""

    def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`, replacing what was there."""

    def get(self, key: str) -> bytes | None:
        """Return what is kept under `key`, or None."""

    def delete(self, key: str) -> None:
        """Forget `key`; nothing happens when it is not there."""


class LocalFolder:
    """Keeps each file under a folder of this machine, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        """Write the file beside its place and move it there, so that no reader sees half of it."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)

    def get(self, key: str) -> bytes | None:
        """Return the file's bytes, or None."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Remove the file if it is there."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("a storage key is lower-case words, slashes and one extension")
        return self._folder / key
