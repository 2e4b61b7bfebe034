"""The parts that every process is made of, put together from the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wxapp_backend.drawing import ImageRefused, normalise_avatar
from wxapp_backend.drawing.decoder import ImageDecoder
from wxapp_backend.drawing.registry import TemplateRegistry
from wxapp_backend.features.posters.api import PosterRenderer
from wxapp_backend.infra.clock import choose_clock
from wxapp_backend.infra.db import Collaborators, Database
from wxapp_backend.infra.engine import make_engine
from wxapp_backend.infra.outbox.handlers import Handler
from wxapp_backend.infra.outbox.runner import Runner
from wxapp_backend.infra.outbox.stage import make_stage
from wxapp_backend.infra.queue import DeliveryQueue
from wxapp_backend.infra.storage import LocalFolder
from wxapp_backend.infra.wechat.connect import connect
from wxapp_backend.settings import Settings, SettingsFault
from wxapp_backend.wiring import Outside, Subscription, make_subscriptions, poster_place


@dataclass(frozen=True, slots=True)
class Assembly:
    """The parts of one process.

    Attributes:
        subscriptions: who listens to what.
        decoder: where uploads are decoded; its processes start with the first one.
        carrier: how deliveries reach those who carry them out; not started yet.
    """

    settings: Settings
    db: Database
    outside: Outside
    renderer: PosterRenderer
    decoder: ImageDecoder
    subscriptions: Sequence[Subscription]
    carrier: Runner | DeliveryQueue

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return every handler by the name under which it subscribes."""
        return {each.name: each.handler for each in self.subscriptions}


def assemble(settings: Settings) -> Assembly:
    """Build the parts; nothing is connected or started before it is used."""
    made: list[PosterRenderer] = []
    storage = LocalFolder(settings.storage.folder)
    outside = Outside(settings, connect(settings), storage, lambda: made[0])
    subscriptions = make_subscriptions(outside)
    carrier = (
        DeliveryQueue(settings.redis.url, namespace=settings.work.namespace)
        if settings.work.mode == "queue"
        else Runner(settings.work.threads)
    )
    collaborators = Collaborators(
        choose_clock(settings.clock.url),
        make_stage(
            _subscribers(subscriptions), {each.name: each.handler for each in subscriptions}
        ),
        carrier.hint,
        settings.security.secret_key,
    )
    db = Database(
        make_engine(settings.database.url, pool_size=settings.database.pool_size), collaborators
    )
    registry = TemplateRegistry(
        settings.posters.folder, processes=settings.posters.processes, logo=read_logo(settings)
    )
    made.append(PosterRenderer(db, registry, storage, poster_place(settings)))
    return Assembly(settings, db, outside, made[0], ImageDecoder(), subscriptions, carrier)


def read_logo(settings: Settings) -> bytes | None:
    """Return the shop's logo for the middle of codes, if it has one.

    Raises:
        SettingsFault: the file cannot be read as a picture.
    """
    file = settings.posters.logo_file
    if file is None:
        return None
    try:
        return normalise_avatar(file.read_bytes())
    except (OSError, ImageRefused) as problem:
        raise SettingsFault(f"posters.logo: {file}: {problem}") from None


def _subscribers(subscriptions: Sequence[Subscription]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for each in subscriptions:
        found.setdefault(each.event.name, []).append(each.name)
    return found
