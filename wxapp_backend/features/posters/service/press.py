"""Where posters are drawn, kept and handed out; no transaction is open while it works."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from prometheus_client import CollectorRegistry, Counter, Gauge

from wxapp_backend.drawing import Content, ImageRefused
from wxapp_backend.drawing.studio import Studio
from wxapp_backend.features.posters.domain import DEFAULT_TEMPLATE, CodeKind, Wish
from wxapp_backend.features.posters.errors import PosterNotFound
from wxapp_backend.features.posters.queries import find_by_image
from wxapp_backend.features.posters.service.commission import (
    Commission,
    Place,
    commission,
    describe_again,
    find_commission,
    order_again,
    record_picture,
    with_plain_code,
)
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.storage import Storage

_WAYS = {
    "spliced": "Pictures put together from pieces since the start of the process",
    "plain": "Pictures encoded whole since the start of the process",
    "failed_trials": "Templates for which putting together did not give the bytes of the whole",
}

log = logging.getLogger(__name__)


class Press:
    """Makes posters out of commissions."""

    def __init__(self, db: Database, studio: Studio, storage: Storage, place: Place) -> None:
        self._db = db
        self.studio = studio
        self._storage = storage
        self._place = place
        self._drawn: Callable[[str], None] = lambda _outcome: None

    def address_of(self, path: str) -> str:
        """Return the address of what is served under `path`, as phones reach it."""
        return f"{self._place.shop.link_base}/media/{path}"

    @property
    def usual_code_kind(self) -> CodeKind:
        """Return which code posters carry where nobody chose one."""
        return self._place.prepared_kind

    def count_in(self, registry: CollectorRegistry) -> None:
        """Count from now on what was drawn and what could be handed out again."""
        counter = Counter("posters", "Posters handed out", ("outcome",), registry=registry)
        self._drawn = lambda outcome: counter.labels(outcome).inc()
        for name, meaning in _WAYS.items():
            gauge = Gauge(f"posters_{name}", meaning, registry=registry)
            gauge.set_function(functools.partial(self._count, name))

    def _count(self, name: str) -> float:
        return float(getattr(self.studio.counters, name))

    def make(self, person_id: str, wish: Wish) -> Commission:
        """Make the poster, or find it as it is, and return what is on it now.

        Raises:
            PosterNotFound: there is no such template or size.
            Unreadable: the drawn code could not be read back; nothing is handed out.
        """
        whole = self._complete(wish)
        made = self._db.read(lambda tx: find_commission(tx, person_id, whole, place=self._place))
        if made is None:
            made = self._db.run(lambda tx: commission(tx, person_id, whole, place=self._place))
        return self.print(made)

    def print(self, made: Commission) -> Commission:
        """Draw the poster unless the kept picture shows just this, and keep it.

        Raises:
            PosterNotFound: the person was erased meanwhile.
            Unreadable: the drawn code could not be read back.
        """
        content = self._content(made)
        if content is None:
            return self._print_plainly(made)
        key = self.studio.key(made.template, content, made.size)
        if made.content_key == key and self._storage.get(picture_key(made.image_key)) is not None:
            self._drawn("kept")
            return made
        try:
            poster = self.studio.draw(made.template, content, made.size)
        except ImageRefused:
            if made.code.image_key is None:
                raise
            return self._print_plainly(made)
        self._storage.put(picture_key(made.image_key), poster.data)
        if not self._db.run(lambda tx: record_picture(tx, made, key)):
            self.forget(made.image_key)
            raise PosterNotFound
        self._drawn("drawn")
        return replace(made, content_key=key)

    def picture(self, image_key: str) -> bytes:
        """Return the kept picture of a poster; one that the storage has lost is drawn again.

        Raises:
            PosterNotFound: no poster has this address.
        """
        if self._db.read(lambda tx: find_by_image(tx, image_key)) is None:
            raise PosterNotFound
        data = self._storage.get(picture_key(image_key))
        if data is not None:
            return data
        made = self._db.run(lambda tx: describe_again(tx, image_key, place=self._place))
        if made is None:
            raise PosterNotFound
        self.print(made)
        return self._storage.get(picture_key(image_key)) or b""

    def forget(self, image_key: str) -> None:
        """Delete a kept picture."""
        self._storage.delete(picture_key(image_key))

    def keep_code(self, referral_code: str, picture: bytes) -> str:
        """Keep WeChat's picture of a mini-program code, and return its storage key.

        Codes that open another page or version are kept beside it.
        """
        target = sha256(self._place.code_target.encode()).hexdigest()[:8]
        key = f"codes/{referral_code.lower()}-{target}.jpg"
        self._storage.put(key, picture)
        return key

    def _print_plainly(self, made: Commission) -> Commission:
        """Draw the poster with the plain QR: WeChat's picture of the code is lost or damaged."""
        log.warning("picture of a code is lost: it is made anew")
        self._db.run(lambda tx: order_again(tx, made.code, place=self._place))
        return self.print(with_plain_code(made, place=self._place))

    def _complete(self, wish: Wish) -> Wish:
        template = self.studio.find(wish.template or DEFAULT_TEMPLATE)
        if template is None or template.is_print:
            raise PosterNotFound
        sizes = [(size.width, size.height) for size in template.sizes]
        size = wish.size or sizes[0]
        if size not in sizes:
            raise PosterNotFound
        return Wish(wish.campaign_id, template.name, wish.code_kind, size)

    def _content(self, made: Commission) -> Content | None:
        code_image = self._storage.get(made.code.image_key) if made.code.image_key else None
        if made.code.image_key and code_image is None:
            return None
        return Content(
            facts=made.facts,
            payload=made.code.payload,
            avatar=self._storage.get(made.avatar_key) if made.avatar_key else None,
            code_image=code_image,
        )


def picture_key(image_key: str) -> str:
    """Return where a poster's picture is kept."""
    return f"posters/{image_key}.jpg"
