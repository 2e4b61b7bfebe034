"""A small file on this machine that keeps what must not be lost while the database is away."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

MOST = 100_000
"""Entries that are kept at most: about 200 MB; hours of a busy shop's callbacks."""

MAX_FAILURES = 10
"""After so many vain tries an entry is passed over, and stays for a person to look at."""

_BUSY_SECONDS = 2.0
_TABLE = """
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY, channel TEXT NOT NULL, args TEXT NOT NULL, body BLOB NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0
)"""


class SpoolUnavailable(Exception):
    """The file cannot be written, or is full: nothing was kept."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request as it came in; both parts may hold what belongs to a person."""

    id: int
    channel: str
    args: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Spool:
    """Keeps requests in order until they are dropped; threads and processes may share the file.

    What `put` returned from is on the disk (synchronous=FULL). `wait_seconds` is how long others
    are waited for; WeChat itself waits 5 s for the answer.
    """

    def __init__(
        self, path: Path, *, most: int = MOST, wait_seconds: float = _BUSY_SECONDS
    ) -> None:
        self._path = path
        self._most = most
        self._wait = wait_seconds

    def put(self, channel: str, args: Mapping[str, str], body: bytes) -> None:
        """Keep a request.

        Raises:
            SpoolUnavailable: it could not be written.
        """
        try:
            with self._open() as file:
                kept = file.execute(
                    "INSERT INTO entry (channel, args, body) SELECT ?, ?, ?"
                    " WHERE (SELECT count(*) FROM entry) < ?",
                    (channel, json.dumps(dict(args)), body, self._most),
                )
                is_full = kept.rowcount == 0
        except (sqlite3.Error, OSError) as error:
            raise SpoolUnavailable(type(error).__name__) from error
        if is_full:
            raise SpoolUnavailable("full")

    def oldest(self) -> Entry | None:
        """Return the entry that is next, or None.

        Raises:
            SpoolUnavailable: the file cannot be read.
        """
        if not self._path.exists():
            return None
        try:
            with self._open() as file:
                row = file.execute(
                    "SELECT id, channel, args, body FROM entry WHERE failures < ?"
                    " ORDER BY failures, id LIMIT 1",
                    (MAX_FAILURES,),
                ).fetchone()
        except (sqlite3.Error, OSError) as error:
            raise SpoolUnavailable(type(error).__name__) from error
        return Entry(row[0], row[1], json.loads(row[2]), row[3]) if row else None

    def drop(self, entry: Entry) -> None:
        """Forget an entry that has arrived where it belongs."""
        with self._open() as file:
            file.execute("DELETE FROM entry WHERE id = ?", (entry.id,))

    def note_failure(self, entry: Entry) -> None:
        """Put an entry behind those that failed less often."""
        with self._open() as file:
            file.execute("UPDATE entry SET failures = failures + 1 WHERE id = ?", (entry.id,))

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        """One writing transaction on the file, which is made when it is not there.

        The lock is taken first and waited for: switching to WAL, or beginning to write after
        having read, fails at once when another thread is quicker, whatever the time-out.
        """
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))  # people's messages
        connection = sqlite3.connect(self._path, timeout=self._wait, isolation_level=None)
        with closing(connection):
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_TABLE)
            yield connection  # left by an exception, closing rolls back
            connection.execute("COMMIT")
