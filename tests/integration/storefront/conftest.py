"""The storefront as a fixture."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.integration.storefront.shop import Shop, open_shop
from wxapp_backend.drawing.darkroom import Darkroom
from wxapp_backend.infra.db import Database


@pytest.fixture(scope="session")
def darkroom() -> Generator[Darkroom]:
    """Yield one darkroom for all tests: its process stays warm."""
    darkroom = Darkroom(processes=1)
    yield darkroom
    darkroom.close()


@pytest.fixture
def shop(db: Database, files: Path, darkroom: Darkroom) -> Shop:
    """Return the storefront's routes behind the real door."""
    return open_shop(db, files, darkroom)
