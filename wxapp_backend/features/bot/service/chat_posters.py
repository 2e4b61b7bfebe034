"""A person's poster as a picture in the chat: drawn, uploaded, sent; no transaction is open."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from wxapp_backend.drawing.errors import DrawingError
from wxapp_backend.features.bot import domain
from wxapp_backend.features.bot.domain import Links
from wxapp_backend.features.bot.events import PosterWanted
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.posters import api as posters
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.handlers import TryLater
from wxapp_backend.infra.wechat.errors import WeChatError
from wxapp_backend.infra.wechat.official import OfficialAccount
from wxapp_backend.infra.wechat.shared import SharedCache
from wxapp_backend.kernel.errors import AppError

KEPT_SECONDS = int(timedelta(days=2, hours=12).total_seconds())
"""How long an upload is used again: WeChat keeps it for three days (WeChat: 新增临时素材)."""

_NO_SUCH_MEDIA = (40007, 40004)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """A poster that somebody waits for in the chat."""

    openid: str = field(repr=False)
    person_id: str
    campaign_id: str


def take_order(tx: Tx, wanted: PosterWanted) -> Order | None:
    """Return what to draw for whom; None if the person or every campaign is gone meanwhile."""
    openid = identity.openid_of(tx, wanted.person_id, "official_account")
    person = identity.find_person(tx, wanted.person_id)
    campaign = campaigns.find_default(tx)
    if openid is None or person is None or campaign is None:
        return None
    return Order(openid, person.id, campaign.id)


@dataclass(frozen=True, slots=True)
class Messenger:
    """Sends posters into the chat.

    Attributes:
        renderer: gives the renderer; it needs the database, so it exists only later.
        uploads: which picture WeChat keeps under which media id, for all processes.
    """

    account: OfficialAccount
    renderer: Callable[[], posters.PosterRenderer]
    uploads: SharedCache
    links: Links

    def send(self, order: Order) -> None:
        """Send the person's poster as a picture; where there can be none, the link to the maker.

        What WeChat refuses for this person (45015, 45047 …) or this account (48001) is not tried
        again: the answer to the person's word led to the maker already. A picture that may have
        arrived is not sent again, either.

        Raises:
            TryLater: WeChat did not take it, and may later.
        """
        try:
            made = self._draw(order)
            assert made.content_key is not None
            self._send_picture(order.openid, made.content_key, made.image_key)
        except (AppError, DrawingError) as problem:
            log.warning("no poster for the chat", extra={"why": type(problem).__name__})
            self._send_link(order.openid)
        except WeChatError as problem:
            self._give_up(order.openid, problem)

    def _draw(self, order: Order) -> posters.PosterRequest:
        renderer = self.renderer()
        wish = posters.Wish(order.campaign_id, None, renderer.usual_code_kind, None)
        return renderer.make(order.person_id, wish)

    def _send_picture(self, openid: str, content_key: str, image_key: str) -> None:
        name = f"poster:{self.account.appid}:{content_key}"
        known = self.uploads.get(name)
        if known is not None:
            try:
                self.account.send_image(openid, known)
            except WeChatError as problem:
                if problem.code not in _NO_SUCH_MEDIA:
                    raise  # otherwise WeChat forgot it sooner than it says
            else:
                return
        media_id = self._upload(image_key)
        self.uploads.set(name, media_id, KEPT_SECONDS)
        self.account.send_image(openid, media_id)

    def _upload(self, image_key: str) -> str:
        """Upload the picture; one that may have arrived harms nobody and is uploaded again."""
        try:
            return self.account.upload_image("poster.jpg", self.renderer().picture(image_key))
        except WeChatError as problem:
            if problem.outcome_unknown:
                raise TryLater("wechat upload", seconds=problem.wait_seconds) from None
            raise

    def _give_up(self, openid: str, problem: WeChatError) -> None:
        if problem.retryable:
            raise TryLater(f"wechat {problem.code}", seconds=problem.wait_seconds) from None
        log.warning("no picture in the chat", extra={"code": problem.code})
        if not (problem.final_for_person or problem.outcome_unknown):
            self._send_link(openid)

    def _send_link(self, openid: str) -> None:
        try:
            self.account.send_text(openid, domain.poster_instead(self.links))
        except WeChatError as problem:
            if problem.retryable:
                raise TryLater(f"wechat {problem.code}", seconds=problem.wait_seconds) from None
            log.warning("no word in the chat", extra={"code": problem.code})
