"""`make bench`: one table of ratios, each taken in one run; well under four minutes when idle.

Nothing here is a limit that a test asserts: machines differ and drift, so each figure stands
against a floor or a peer that ran beside it. PostgreSQL joins in when BENCH_DATABASE_URL or
TEST_DATABASE_URL names a server on which a database may be made.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import rich.console
from sqlalchemy import create_engine, make_url, text

from bench import callback, delivery, posters, posters_http, rates, reads
from bench.table import Row, show

PROCESSES = 4
THREADS = 4


def main() -> None:
    """Measure every section and print the table."""
    console = rich.console.Console(stderr=True, highlight=False)
    sections: list[tuple[str, Sequence[Row]]] = []
    for title, measure in (
        ("Operations a second, embedded", _embedded),
        ("Operations a second, many processes", _many_processes),
        ("Reads, CPU", reads.rows),
        ("Official account, CPU", callback.rows),
        ("Worker", delivery.rows),
        ("Posters, CPU", _posters),
        ("Posters over HTTP, CPU of the servers", _posters_over_http),
    ):
        console.print(f"{title} …")
        if rows := measure():
            sections.append((title, rows))
    show(sections)


def _embedded() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/rates.db"
        return rates.rows(rates.Plan("SQLite, 1 process", url, 1, THREADS, block=40, goal=0.7))


def _server() -> str:
    return os.environ.get(  # noqa: TID251 # chosen by who measures
        "BENCH_DATABASE_URL",
        os.environ.get("TEST_DATABASE_URL", ""),  # noqa: TID251 # same
    )


def _many_processes() -> list[Row]:
    server = _server()
    if not server:
        return []
    with _scratch_database(server) as url:
        name = f"PostgreSQL, {PROCESSES} processes"
        return rates.rows(rates.Plan(name, url, PROCESSES, THREADS, block=96, goal=0.8))


@contextmanager
def _scratch_database(server: str) -> Generator[str]:
    """Make an empty database on the server, and drop it at the end."""
    name = f"yinjian_bench_{uuid.uuid4().hex[:12]}"
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield address.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def _posters() -> list[Row]:
    return [
        Row(row.name, "Pillow's encode of the same pixels", row.measured, row.must, note=row.note)
        for row in posters.rows()
    ]


def _posters_over_http() -> list[Row]:
    found = posters_http.rows()
    if server := _server():
        with _scratch_database(server) as url:
            found += posters_http.rows(url)
    return found


if __name__ == "__main__":
    main()
