"""A shop that makes posters."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import FakeClock
from tests.integration.front import Front, open_front


@pytest.fixture
def front(engine: Engine, clock: FakeClock, files: Path) -> Generator[Front]:
    """Yield the shop with the default campaign; its mini-program's codes are made on sharing."""
    with open_front(engine, clock, files, POSTERS__CODE_KIND="mini_program") as front:
        front.open_campaign()
        yield front
