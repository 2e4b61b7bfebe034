"""A shop whose official account people of the sandbox talk to."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import FakeClock
from tests.integration.front import Front, open_front


@pytest.fixture
def front(engine: Engine, clock: FakeClock, files: Path) -> Generator[Front]:
    """Yield the shop with the default campaign."""
    with open_front(engine, clock, files) as front:
        front.open_campaign()
        yield front
