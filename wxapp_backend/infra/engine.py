"""Engines for the two databases that are tested: SQLite for one machine, PostgreSQL for many."""

from __future__ import annotations

import functools
import importlib
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    Insert,
    Table,
    create_engine,
    event,
    insert,
    make_url,
)
from sqlalchemy.exc import OperationalError

READ_ONLY = "yinjian_read_only"
"""Execution option of the connections on which a transaction only reads."""

BUSY_TIMEOUT_SECONDS = 30
"""How long a SQLite writer waits for its turn; longer than any transaction here takes."""

LOCK_PATIENCE_SECONDS = 2
"""How long a statement waits for a rival's lock before its transaction lets go and begins anew."""

_CONNECT_SECONDS = 3
"""How long a server may take to accept a connection; WeChat waits 5 s for us."""

_FREE_SECONDS = 3
"""How long to wait for one of our connections, for the same reason; then the answer is `busy`."""


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """Create an engine; for SQLite with WAL, full durability and immediate write transactions.

    Errors never name the values of a statement: they could be openids or people's words.

    A deferred BEGIN cannot be upgraded while another writes: it fails at once with "database is
    locked", whatever the busy time-out. So a SQLite transaction that may write begins IMMEDIATE.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=_FREE_SECONDS,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": _CONNECT_SECONDS,
                "options": f"-c lock_timeout={LOCK_PATIENCE_SECONDS}s",
            },
        )
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed, pool_size=pool_size, max_overflow=4 * pool_size, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def insert_unless_present(dialect: Dialect, table: Table, key: tuple[str, ...] = ()) -> Insert:
    """Return an INSERT that leaves a row alone whose key is there already: the primary by default.

    A rival that inserts the same key at the same time is waited for.
    """
    return _insert_unless_present(dialect.name, table, key)


@functools.cache
def _insert_unless_present(dialect_name: str, table: Table, key: tuple[str, ...]) -> Insert:
    # Each database has its own form of INSERT; only that of the one in use is loaded.
    form = importlib.import_module(f"sqlalchemy.dialects.{dialect_name}")
    taken = [table.c[name] for name in key] or table.primary_key
    statement: Insert = form.insert(table).on_conflict_do_nothing(index_elements=taken)
    return statement.execution_options(preserve_rowcount=True)


def insert_or_hold(dialect: Dialect, table: Table) -> Insert:
    """Return an INSERT that holds the row instead whose primary key is there; both return it.

    What is there stays as it is: the UPDATE that takes the lock writes a key column's own value.
    """
    return _insert_or_hold(dialect.name, table)


@functools.cache
def _insert_or_hold(dialect_name: str, table: Table) -> Insert:
    form = importlib.import_module(f"sqlalchemy.dialects.{dialect_name}")
    statement = form.insert(table)
    name = next(iter(table.primary_key)).name
    held: Insert = statement.on_conflict_do_update(
        index_elements=table.primary_key, set_={name: statement.excluded[name]}
    ).returning(*table.c)
    return held


def insert_or_add(dialect: Dialect, table: Table, column: str) -> Insert:
    """Return an INSERT that adds to a column where the key is there already; it returns the sum."""
    return _insert_or_add(dialect.name, table, column)


@functools.cache
def _insert_or_add(dialect_name: str, table: Table, column: str) -> Insert:
    form = importlib.import_module(f"sqlalchemy.dialects.{dialect_name}")
    statement = form.insert(table)
    added: Insert = statement.on_conflict_do_update(
        index_elements=table.primary_key,
        set_={column: table.c[column] + statement.excluded[column]},
    ).returning(table.c[column])
    return added


@functools.cache
def insert_into(table: Table) -> Insert:
    """Return a plain INSERT of one row, built once for each table."""
    return insert(table)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # Straight to the driver: SQLAlchemy's own way takes as long as a whole query.
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(begin_of(connection))
    except sqlite3.OperationalError as error:
        raise OperationalError(begin_of(connection), None, error) from error


def begin_of(connection: Connection) -> str:
    """Return how a SQLite transaction on this connection begins."""
    reads = connection.get_execution_options().get(READ_ONLY, False)
    return "BEGIN" if reads else "BEGIN IMMEDIATE"
