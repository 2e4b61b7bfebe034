"""What the guest book adds to the application: a table, routes, a job, a command, two ears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tests.contract.guestbook import commands, handlers, models, routes
from tests.contract.guestbook.events import EntryWritten, ReadingDue
from wxapp_backend.declaration import Feature, Outside, Parts, Subscription, Web, on
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.ticks import Job


@dataclass
class Keeper:
    """Who keeps the book; there is one in each process."""

    name: str
    is_awake: bool = False


def keeper_of(parts: Parts) -> Keeper:
    """Return the keeper of a process."""
    return parts.own(_make_keeper)


def _make_keeper(parts: Parts) -> Keeper:
    return Keeper(parts.settings.brand.name)


def _subscriptions(_outside: Outside) -> Sequence[Subscription]:
    return (
        on(EntryWritten, "guestbook.on_entry_written", handlers.on_entry_written),
        on(ReadingDue, "guestbook.on_reading_due", handlers.on_reading_due),
    )


def _blueprints(web: Web) -> Sequence[Blueprint]:
    return (routes.make_blueprint(web.pipeline, keeper_of(web.parts).name),)


def _wake(parts: Parts) -> None:
    keeper_of(parts).is_awake = True


GUESTBOOK = Feature(
    name="guestbook",
    tables=(models,),
    subscriptions=_subscriptions,
    jobs=(Job("guestbook.reading", timedelta(days=1), ReadingDue),),
    blueprints=_blueprints,
    commands=lambda parts: commands.make_commands(parts.db),
    when_serving=_wake,
)
