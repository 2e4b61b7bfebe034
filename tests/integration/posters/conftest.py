"""A shop that makes posters."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import FakeClock
from tests.integration.front import Front, open_front
from wxapp_backend.drawing.registry import TemplateRegistry
from wxapp_backend.features.posters.service import rendering


@pytest.fixture(params=["spliced", "whole"])
def is_kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether pictures are kept: those that have to be drawn whole, with no others at hand.

    Every test of posters runs in both ways.
    """
    is_whole: bool = request.param == "whole"
    if is_whole:
        monkeypatch.setattr(TemplateRegistry, "is_spliced", lambda *_: False)
        monkeypatch.setattr(rendering, "_LATELY_BYTES", 0)
    return is_whole


@pytest.fixture
def front(engine: Engine, clock: FakeClock, files: Path, is_kept: bool) -> Generator[Front]:  # noqa: ARG001 # set before the shop opens
    """Yield the shop with the default campaign; its mini-program's codes are made on sharing."""
    (files / "posters").mkdir(parents=True)
    with open_front(engine, clock, files, POSTERS__CODE_KIND="mini_program") as front:
        front.open_campaign()
        yield front
