"""The parts that every process is made of, put together from the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wxapp_backend.declaration import Feature, Outside, Parts, Subscription
from wxapp_backend.drawing.decoder import ImageDecoder
from wxapp_backend.infra.clock import choose_clock
from wxapp_backend.infra.db import Collaborators, Database
from wxapp_backend.infra.engine import make_engine
from wxapp_backend.infra.outbox.handlers import Handler
from wxapp_backend.infra.outbox.runner import Runner
from wxapp_backend.infra.outbox.stage import OutboxStage
from wxapp_backend.infra.queue import DeliveryQueue
from wxapp_backend.infra.storage import LocalFolder
from wxapp_backend.infra.ticks import Job
from wxapp_backend.infra.wechat.connect import connect
from wxapp_backend.settings import Settings
from wxapp_backend.wiring import FEATURES, jobs_of, make_subscriptions


@dataclass(frozen=True, slots=True)
class Assembly:
    """The parts of one process.

    Attributes:
        parts: what the features are given.
        subscriptions: who listens to what.
        carrier: how deliveries reach those who carry them out; not started yet.
    """

    features: Sequence[Feature]
    parts: Parts
    subscriptions: Sequence[Subscription]
    carrier: Runner | DeliveryQueue

    @property
    def settings(self) -> Settings:
        """Return the settings of the process."""
        return self.parts.settings

    @property
    def db(self) -> Database:
        """Return the database of the process."""
        return self.parts.db

    @property
    def outside(self) -> Outside:
        """Return what handlers reach outside the database."""
        return self.parts.outside

    @property
    def jobs(self) -> Sequence[Job]:
        """Return the timetable."""
        return jobs_of(self.features)

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return every handler by the name under which it subscribes."""
        return {each.name: each.handler for each in self.subscriptions}


def assemble(settings: Settings, features: Sequence[Feature] = FEATURES) -> Assembly:
    """Build the parts; nothing is connected or started before it is used."""
    made: list[Parts] = []
    storage = LocalFolder(settings.storage.folder)
    outside = Outside(settings, connect(settings), storage, lambda: made[0])
    subscriptions = make_subscriptions(outside, features)
    carrier = (
        DeliveryQueue(settings.redis.url, namespace=settings.work.namespace)
        if settings.work.mode == "queue"
        else Runner(settings.work.threads)
    )
    collaborators = Collaborators(
        choose_clock(settings.clock.url),
        OutboxStage(
            _subscribers(subscriptions), {each.name: each.handler for each in subscriptions}
        ),
        carrier.hint,
        settings.security.secret_key,
    )
    db = Database(
        make_engine(settings.database.url, pool_size=settings.database.pool_size), collaborators
    )
    made.append(Parts(outside, db, ImageDecoder()))
    return Assembly(features, made[0], subscriptions, carrier)


def _subscribers(subscriptions: Sequence[Subscription]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for each in subscriptions:
        found.setdefault(each.event.name, []).append(each.name)
    return found
