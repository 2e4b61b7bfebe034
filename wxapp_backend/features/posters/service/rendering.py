"""Where posters are drawn and handed out; no transaction is open while it works."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from prometheus_client import CollectorRegistry, Counter, Gauge

from wxapp_backend.drawing import Content, ImageRefused
from wxapp_backend.drawing.registry import TemplateRegistry, Unreadable
from wxapp_backend.drawing.store import PieceStore
from wxapp_backend.features.posters.domain import DEFAULT_TEMPLATE, CodeKind, Wish
from wxapp_backend.features.posters.errors import PosterNotFound
from wxapp_backend.features.posters.service.requesting import (
    Place,
    PosterRequest,
    describe_by_image,
    find_request,
    order_again,
    record_picture,
    request_poster,
    with_plain_code,
)
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.storage import Storage

_WAYS = {
    "spliced": "Pictures put together from pieces since the start of the process",
    "plain": "Pictures encoded whole since the start of the process",
    "failed_trials": "Templates for which putting together did not give the bytes of the whole",
}

_LATELY_BYTES = 16 * 1024 * 1024
_AVATAR_BYTES = 4 * 1024 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a poster is drawn from.

    Attributes:
        made: the request_poster; its `content_key` names what is on the poster now.
        kept: the picture in the storage, if it is still there, shows just this.
    """

    made: PosterRequest
    content: Content
    kept: bool

    @property
    def key(self) -> str:
        """Return a name that changes when anything on the poster does."""
        assert self.made.content_key is not None
        return self.made.content_key


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished poster; with the plain code where WeChat's was lost."""

    made: PosterRequest
    data: bytes

    @property
    def key(self) -> str:
        """Return a name that changes when anything on the poster does."""
        assert self.made.content_key is not None
        return self.made.content_key


class PosterRenderer:
    """Makes posters out of poster requests."""

    def __init__(
        self, db: Database, registry: TemplateRegistry, storage: Storage, place: Place
    ) -> None:
        self._db = db
        self.registry = registry
        self._storage = storage
        self._place = place
        self._lately = _Lately(_LATELY_BYTES)
        self._avatars = _Lately(_AVATAR_BYTES)
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
        return float(getattr(self.registry.counters, name))

    def make(self, person_id: str, wish: Wish) -> PosterRequest:
        """Make the poster, or find it as it is, and return what is on it now.

        Raises:
            PosterNotFound: there is no such template or size.
            Unreadable: the drawn code could not be read back; nothing is handed out.
        """
        whole = self._complete(wish)
        made = self._db.read(lambda tx: find_request(tx, person_id, whole, place=self._place))
        if made is None:
            made = self._db.run(lambda tx: request_poster(tx, person_id, whole, place=self._place))
        return self.draw(self.lay_out(made)).made

    def find(self, image_key: str) -> Layout:
        """Return what the poster shows now whose picture has this address.

        Raises:
            PosterNotFound: no poster has it.
        """
        made = self._db.read(lambda tx: describe_by_image(tx, image_key, place=self._place))
        if made is None:
            raise PosterNotFound
        return self.lay_out(made)

    def picture(self, image_key: str) -> bytes:
        """Return the picture at this address.

        Raises:
            PosterNotFound: no poster has it.
            Unreadable: the drawn code could not be read back.
        """
        return self.draw(self.find(image_key)).data

    def lay_out(self, made: PosterRequest) -> Layout:
        """Gather what the poster is drawn from; draws nothing."""
        content = self._content(made)
        if content is None:
            return self._lay_out_plainly(made)
        key = self.registry.key(made.template, content, made.size)
        return Layout(replace(made, content_key=key), content, kept=made.content_key == key)

    def draw(self, layout: Layout) -> Picture:
        """Return the picture: one drawn lately, one that is kept, or a fresh one.

        Most are drawn in less time than reading a file takes, so only those that have to be drawn
        whole are kept in the storage.

        Raises:
            PosterNotFound: the person was erased meanwhile.
            Unreadable: the drawn code could not be read back.
        """
        made, key = layout.made, layout.key
        data = self._lately.get(key)
        if data is None and layout.kept:
            data = self._storage.get(picture_key(made.image_key))
        if data is not None:
            self._drawn("kept")
            self._lately.put(key, data)
            return Picture(made, data)
        try:
            poster = self.registry.draw(made.template, layout.content, made.size, key=key)
        except (ImageRefused, Unreadable):
            if made.code.image_key is None:
                raise
            return self.draw(self._lay_out_plainly(made))
        if not self.registry.is_spliced(made.template, made.size):
            self._keep(made, poster.data)
        self._lately.put(key, poster.data)
        self._drawn("drawn")
        return Picture(made, poster.data)

    def _keep(self, made: PosterRequest, data: bytes) -> None:
        self._storage.put(picture_key(made.image_key), data)
        if not self._db.run(lambda tx: record_picture(tx, made)):
            self.forget(made.image_key)
            raise PosterNotFound

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

    def _lay_out_plainly(self, made: PosterRequest) -> Layout:
        """Lay the poster out with the plain QR: WeChat's picture of the code is lost or damaged."""
        log.warning("picture of a code is lost: it is made anew")
        self._db.run(lambda tx: order_again(tx, made.code, place=self._place))
        return self.lay_out(with_plain_code(made, place=self._place))

    def _complete(self, wish: Wish) -> Wish:
        template = self.registry.find(wish.template or DEFAULT_TEMPLATE)
        if template is None or template.is_print:
            raise PosterNotFound
        sizes = [(size.width, size.height) for size in template.sizes]
        size = wish.size or sizes[0]
        if size not in sizes:
            raise PosterNotFound
        return Wish(wish.campaign_id, template.name, wish.code_kind, size)

    def _content(self, made: PosterRequest) -> Content | None:
        code_image = self._storage.get(made.code.image_key) if made.code.image_key else None
        if made.code.image_key and code_image is None:
            return None
        return Content(
            facts=made.facts,
            payload=made.code.payload,
            avatar=self._avatar(made.avatar_key) if made.avatar_key else None,
            code_image=code_image,
        )

    def _avatar(self, key: str) -> bytes | None:
        """Return an avatar; a new one has a new key, so what was read stays true."""
        data = self._avatars.get(key)
        if data is None:
            data = self._storage.get(key)
            if data is not None:
                self._avatars.put(key, data)
        return data


class _Lately:
    """Pictures asked for last, some bytes of them: somebody who makes a poster looks at it."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self.clear()

    def get(self, key: str) -> bytes | None:
        found = self._store.get(key)
        return found[0] if found is not None else None

    def put(self, key: str, data: bytes) -> None:
        self._store.put(key, [data])

    def clear(self) -> None:
        self._store = PieceStore(self._budget)


def picture_key(image_key: str) -> str:
    """Return where a poster's picture is kept."""
    return f"posters/{image_key}.jpg"
