"""A feature that is declared is whole: nothing but the list of features has to know it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import ClassVar

import pytest
from apiflask import APIFlask

from tests.contract.guestbook.feature import GUESTBOOK, keeper_of
from tests.contract.guestbook.models import Apart
from tests.settings import make_settings
from wxapp_backend.assembly import Assembly, assemble
from wxapp_backend.cli import ASSEMBLY, app_with_commands
from wxapp_backend.cli.hearing import page
from wxapp_backend.declaration import Feature, Subscription, on
from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra import ticks
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.claims import due
from wxapp_backend.infra.outbox.deliver import deliver
from wxapp_backend.infra.outbox.handlers import Effect
from wxapp_backend.kernel.events import DomainEvent
from wxapp_backend.model_registry import metadata
from wxapp_backend.wiring import FEATURES, make_subscriptions


@pytest.fixture
def app(empty_database_url: str) -> Generator[APIFlask]:
    """Yield the application with one feature more, on an empty database with all tables."""
    settings = make_settings(DATABASE__URL=empty_database_url, BRAND__NAME="青禾小馆")
    app = app_with_commands(settings, (*FEATURES, GUESTBOOK))
    engine = app.extensions[ASSEMBLY].db.engine
    for tables in (metadata, Apart.metadata):
        tables.create_all(engine)
    yield app
    engine.dispose()


@pytest.fixture
def assembly(app: APIFlask) -> Assembly:
    """Return the parts of that application."""
    assembly: Assembly = app.extensions[ASSEMBLY]
    return assembly


def settle(assembly: Assembly) -> None:
    """Deliver what is due."""
    for each in due(assembly.db, limit=100):
        assert deliver(assembly.db, assembly.handlers, each)


def session_of_a_guest(assembly: Assembly) -> str:
    """Return the session of somebody who is new."""
    signed_in = assembly.db.run(
        lambda tx: identity.sign_in(tx, app="mini_program", openid="o-1", unionid=None, days=1)
    )
    settle(assembly)
    return signed_in.token


def test_a_declared_feature_works_from_end_to_end(app: APIFlask, assembly: Assembly) -> None:
    """Route, table, event, subscriber, job and command, with the customers of another feature."""
    token = session_of_a_guest(assembly)

    answer = app.test_client().post(
        "/api/v1/guestbook/谢谢款待", headers={"Authorization": f"Bearer {token}"}
    )
    settle(assembly)
    for job in assembly.jobs:
        ticks.fire(assembly.db, job)
    settle(assembly)

    assert (answer.status_code, answer.json) == (200, {"text": "谢谢款待", "kept_by": "青禾小馆"})
    shown = app.test_cli_runner().invoke(args=["guestbook"])
    assert shown.output == "谢谢款待 thanked=True readings=1\n"


def test_a_stranger_does_not_reach_its_routes(app: APIFlask) -> None:
    """The pipeline is the application's."""
    assert app.test_client().post("/api/v1/guestbook/hello").status_code == 401


def test_the_page_tells_of_it(app: APIFlask, assembly: Assembly) -> None:
    """Who hears what is read from the declarations."""
    written = page(assembly, app)

    assert "| `guestbook.entry.written` | `guestbook.on_entry_written` |\n" in written
    assert "| `guestbook.reading` | 1 d | `guestbook.reading.due` |\n" in written


def test_what_a_feature_owns_is_there_once_in_a_process(assembly: Assembly) -> None:
    """Its routes and what it does when serving share it; another process has its own."""
    for feature in assembly.features:
        if feature.name == "guestbook":
            feature.when_serving(assembly.parts)

    assert keeper_of(assembly.parts) is keeper_of(assembly.parts)
    assert keeper_of(assembly.parts).is_awake
    assert not keeper_of(assemble(assembly.settings).parts).is_awake


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang(DomainEvent):
    """The doorbell."""

    name: ClassVar[str] = "house.bell.rang"


def listen(_tx: Tx, _event: Rang) -> None:
    """Hear it."""


def calling(name: str) -> Subscription:
    """Return somebody who hears the bell and calls the outside."""
    effect = Effect(
        lambda _tx, _payload: None, lambda _: None, lambda _tx, _payload, _: None, unknown="repeat"
    )
    return Subscription(Rang, name, effect)


def test_deliveries_of_an_event_are_written_in_order(assembly: Assembly) -> None:
    """Inside before outside, then by turn, then lower features first."""
    lower = Feature(
        name="lower",
        subscriptions=lambda _outside: (
            calling("lower.calls"),
            on(Rang, "lower.late", listen, turn=1),
            on(Rang, "lower.hears", listen),
        ),
    )
    upper = Feature(
        name="upper",
        subscriptions=lambda _outside: (
            on(Rang, "upper.hears", listen),
            on(Rang, "upper.early", listen, turn=-1),
            calling("upper.calls"),
        ),
    )

    found = make_subscriptions(assembly.outside, (lower, upper))

    assert [each.name for each in found] == [
        "upper.early",
        "lower.hears",
        "upper.hears",
        "lower.late",
        "lower.calls",
        "upper.calls",
    ]
