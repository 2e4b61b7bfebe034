"""A shop whose messages reach the phones of the sandbox."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import FakeClock
from tests.integration.front import Front, Person, open_front


@pytest.fixture
def front(engine: Engine, clock: FakeClock, files: Path) -> Generator[Front]:
    """Yield the shop with the default campaign; WeChat is given up on after 2 s."""
    with open_front(engine, clock, files, WECHAT__READ_TIMEOUT_SECONDS="2") as front:
        front.open_campaign()
        yield front


@pytest.fixture
def pair(front: Front) -> tuple[Person, Person]:
    """Return a referrer who follows the account and a friend who has claimed the offer."""
    referrer, friend = front.person("王小美", follows=True), front.person("李静")
    front.claim(friend, referrer)
    return referrer, friend
