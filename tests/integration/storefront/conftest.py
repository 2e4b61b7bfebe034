"""The storefront as a fixture."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.storefront.shop import Shop, open_shop
from wxapp_backend.infra.db import Database


@pytest.fixture
def shop(db: Database, files: Path) -> Shop:
    """Return the storefront's routes behind the real door."""
    return open_shop(db, files)
