"""The whole application, for tests of all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.settings import make_settings
from wxapp_backend.app import build_app
from wxapp_backend.assembly import Assembly, assemble


@pytest.fixture
def assembly(tmp_path: Path, database_urls: dict[str, str]) -> Assembly:
    """Return the parts of a process on an empty SQLite database; nothing is started."""
    return assemble(
        make_settings(
            DATABASE__URL=database_urls["sqlite"], STORAGE__FOLDER=str(tmp_path / "files")
        )
    )


@pytest.fixture
def app(assembly: Assembly) -> APIFlask:
    """Return the whole web application."""
    return build_app(assembly)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    """Return a client of the whole web application."""
    return app.test_client()
