"""Counting and keeping the statements that a piece of work sends to its database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from wxapp_backend.infra.engine import begin_of

Statement = tuple[str, Any]
"""SQL and its parameters, as the driver got them; a list of them is for several rows."""

_FRAMES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def recorded(engine: Engine) -> Generator[list[Statement]]:
    """Yield a list that fills with what is sent until the block ends, ends of transactions too."""
    seen: list[Statement] = []

    def note(_connection: Connection, _cursor: Any, sql: str, given: Any, *_rest: Any) -> None:
        seen.append((sql, given))

    def begun(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            seen.append((begin_of(connection), ()))

    def committed(_connection: Connection) -> None:
        seen.append(("COMMIT", ()))

    def rolled_back(_connection: Connection) -> None:
        seen.append(("ROLLBACK", ()))

    listeners: dict[str, Callable[..., None]] = {
        "begin": begun,
        "before_cursor_execute": note,
        "commit": committed,
        "rollback": rolled_back,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield seen
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def queries(seen: Sequence[Statement]) -> int:
    """Return how many of them read or write, beside those that only frame a transaction."""
    return sum(not sql.startswith(_FRAMES) for sql, _ in seen)


def replay(connection: sqlite3.Connection, seen: Sequence[Statement]) -> None:
    """Send the same again with nothing between us and SQLite, and read every answer."""
    for sql, given in seen:
        if isinstance(given, list):
            connection.executemany(sql, given)
        else:
            connection.execute(sql, given).fetchall()
