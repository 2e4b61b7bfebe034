"""Fixtures shared by all tests: databases, a clock that stands, and the application's view."""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from wxapp_backend.infra.db import Collaborators, Database, Tx
from wxapp_backend.infra.engine import make_engine
from wxapp_backend.infra.outbox.claims import due
from wxapp_backend.infra.outbox.deliver import deliver
from wxapp_backend.infra.outbox.handlers import Handler
from wxapp_backend.infra.outbox.stage import OutboxStage
from wxapp_backend.model_registry import metadata

SERVER_URL = os.environ.get("TEST_DATABASE_URL", "")  # noqa: TID251 # chosen by who runs the tests
REDIS_URL = os.environ.get("TEST_REDIS_URL", "")  # noqa: TID251 # same
SECRET = "the installation's key in all tests"
ENGINES = ["sqlite", "postgresql"] if SERVER_URL else ["sqlite"]

# A commit is judged by the same cases each time; other machines go on looking for new ones.
hypothesis.settings.register_profile("steady", derandomize=True)
if os.environ.get("CI"):  # noqa: TID251 # same
    hypothesis.settings.load_profile("steady")


def pytest_report_header() -> str:
    """Say which servers this run uses."""
    return f"databases: {', '.join(ENGINES)}; redis: {'yes' if REDIS_URL else 'no'}"


class FakeClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the instant that the clock stands at."""
        return self.now

    def advance(self, **delta: float) -> None:
        """Move on by a `timedelta` with these arguments."""
        self.now += timedelta(**delta)


class Harness:
    """A database with subscribers, and a way to deliver what is due without threads."""

    def __init__(
        self,
        engine: Engine,
        clock: FakeClock,
        subscribers: dict[str, list[str]],
        handlers: dict[str, Handler],
    ) -> None:
        self.handlers = handlers
        stage = OutboxStage(subscribers, handlers)
        self.db = Database(engine, Collaborators(clock, stage, secret=SECRET))

    def settle(self) -> int:
        """Deliver until nothing is due, and return how many deliveries were done."""
        done = 0
        while ids := due(self.db, limit=100):
            progress = sum(bool(deliver(self.db, self.handlers, each)) for each in ids)
            if not progress:
                break
            done += progress
        return done


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands at a fixed instant."""
    return FakeClock()


@pytest.fixture(scope="session")
def database_urls(tmp_path_factory: pytest.TempPathFactory) -> Generator[dict[str, str]]:
    """Yield the URLs of empty databases of our own, one of each engine, with all tables."""
    urls = {"sqlite": f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.db'}"}
    with ExitStack() as stack:
        if SERVER_URL:
            urls["postgresql"] = stack.enter_context(_scratch_database())
        for url in urls.values():
            engine = make_engine(url)
            metadata.create_all(engine)
            engine.dispose()
        yield urls


@contextmanager
def _scratch_database() -> Generator[str]:
    """Make an empty PostgreSQL database, and drop it at the end."""
    name = f"yinjian_test_{uuid.uuid4().hex[:12]}"
    _on_server(f'CREATE DATABASE "{name}"')
    server = make_url(SERVER_URL).set(drivername="postgresql+psycopg", database=name)
    try:
        yield server.render_as_string(hide_password=False)
    finally:
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    server = make_url(SERVER_URL).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, database_urls: dict[str, str]) -> str:
    """Return the URL of a scratch database, of each engine that this run has."""
    return database_urls[request.param]


@pytest.fixture
def engine(database_url: str) -> Generator[Engine]:
    """Yield an engine on an empty database that has all tables."""
    engine = make_engine(database_url, pool_size=20)
    yield engine
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()


@pytest.fixture
def db(engine: Engine, clock: FakeClock) -> Database:
    """Return the application's view of that database; events have no subscribers."""
    return Harness(engine, clock, {}, {}).db


@pytest.fixture
def tx(engine: Engine, clock: FakeClock) -> Generator[Tx]:
    """Yield an open transaction.

    It has a `Database` of its own: one lets its writers in one at a time, and what other fixtures
    prepare with `db` must not wait for the end of the test.
    """
    with Harness(engine, clock, {}, {}).db.transaction() as tx:
        yield tx


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """Yield the URL of a database without tables, of each engine that this run has."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with _scratch_database() as url:
        yield url


@pytest.fixture
def server_database_url() -> Generator[str]:
    """Yield the URL of an empty PostgreSQL database of our own; skip where there is no server."""
    if not SERVER_URL:
        pytest.skip("TEST_DATABASE_URL is not set")
    with _scratch_database() as url:
        yield url


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return an empty folder for stored files."""
    return tmp_path / "files"
