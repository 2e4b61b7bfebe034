"""The storefront as a fixture."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.integration.storefront.shop import Shop, open_shop
from wxapp_backend.drawing.decoder import ImageDecoder
from wxapp_backend.infra.db import Database


@pytest.fixture(scope="session")
def decoder() -> Generator[ImageDecoder]:
    """Yield one decoder for all tests: its process stays warm."""
    decoder = ImageDecoder(processes=1)
    yield decoder
    decoder.close()


@pytest.fixture
def shop(db: Database, files: Path, decoder: ImageDecoder) -> Shop:
    """Return the storefront's routes behind the real pipeline."""
    return open_shop(db, files, decoder)
