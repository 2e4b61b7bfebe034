"""What a feature declares, and what it is given for that.

Each feature has one file, `feature.py`, with a `Feature`: what it keeps, hears, does by the clock
and shows. `wiring` lists the features; the processes join what they declare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import RLock
from types import ModuleType
from typing import Any, TypeVar, cast

import click
from prometheus_client import CollectorRegistry

from wxapp_backend.drawing.decoder import ImageDecoder
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Audience, Authenticate, Pipeline
from wxapp_backend.infra.outbox.handlers import EventT, Handler, in_tx
from wxapp_backend.infra.storage import Storage
from wxapp_backend.infra.ticks import Job
from wxapp_backend.infra.wechat.connect import Accounts
from wxapp_backend.kernel.events import DomainEvent
from wxapp_backend.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscriber of one event.

    Attributes:
        name: stored with each delivery, so renaming one is a migration.
        turn: place among those who hear the same event: lower ones first; those of one turn follow
            the order of the features.
    """

    event: type[DomainEvent]
    name: str
    handler: Handler
    turn: int = 0


def on(
    event: type[EventT],
    name: str,
    run: Callable[..., None],
    *,
    turn: int = 0,
) -> Subscription:
    """Return the subscription of a handler that stays inside the database."""
    return Subscription(event, name, in_tx(event, run), turn)


@dataclass(frozen=True, slots=True)
class Outside:
    """What handlers reach outside the database.

    Attributes:
        parts: gives the process's parts. They need the database, which needs the handlers: so
            handlers ask for them when they run.
    """

    settings: Settings
    accounts: Accounts
    storage: Storage
    parts: Callable[[], Parts]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process is made of, for its features.

    Attributes:
        decoder: where uploads are decoded; its processes start with the first one.
    """

    outside: Outside
    db: Database
    decoder: ImageDecoder
    _owned: dict[Callable[[Parts], Any], object] = field(
        init=False, repr=False, default_factory=dict
    )
    _lock: RLock = field(init=False, repr=False, default_factory=RLock)

    @property
    def settings(self) -> Settings:
        """Return the settings of the process."""
        return self.outside.settings

    @property
    def accounts(self) -> Accounts:
        """Return the two WeChat accounts."""
        return self.outside.accounts

    def own(self, make: Callable[[Parts], T]) -> T:
        """Return what `make` makes of these parts: made when first asked for, then the same.

        So a feature has collaborators that are its own and there once in each process.
        """
        with self._lock:
            if make not in self._owned:
                self._owned[make] = make(self)
            return cast("T", self._owned[make])


@dataclass(frozen=True, slots=True)
class Web:
    """What a web process gives to those who bring routes.

    Attributes:
        registry: where metrics are kept.
    """

    parts: Parts
    pipeline: Pipeline
    registry: CollectorRegistry


def _none(_given: object) -> tuple[()]:
    return ()


def _idle(_parts: Parts) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """What one feature adds to the application.

    Attributes:
        tables: the modules with its models.
        jobs: what it has the clock emit.
        authenticators: whom it can tell apart, for the routes of all features.
        when_serving: called when a process begins to serve the web.
    """

    name: str
    tables: Sequence[ModuleType] = ()
    subscriptions: Callable[[Outside], Iterable[Subscription]] = _none
    jobs: Sequence[Job] = ()
    blueprints: Callable[[Web], Iterable[Blueprint]] = _none
    commands: Callable[[Parts], Iterable[click.Command]] = _none
    authenticators: Mapping[Audience, Authenticate] = field(default_factory=dict)
    when_serving: Callable[[Parts], None] = _idle
