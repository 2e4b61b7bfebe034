"""Answering from what the database knows, at once; what takes longer is only begun."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wxapp_backend.features.bot import domain
from wxapp_backend.features.bot.domain import Links, Topic
from wxapp_backend.features.bot.events import PosterWanted
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Tx

_COUPONS_READ = 20


@dataclass(frozen=True, slots=True)
class ReplyBuilder:
    """Builds what the account says.

    Attributes:
        shop: in whose name it speaks.
        links: where its links lead.
    """

    shop: str
    links: Links

    def answer(self, tx: Tx, person_id: str, text: str) -> str:
        """Answer a text, or the key of a menu entry; what is not understood gets the help text."""
        topic = domain.topic_of(text)
        return _ANSWERS[topic](tx, person_id, self)


def _points(tx: Tx, person_id: str, replies: ReplyBuilder) -> str:
    found = points.standing(tx, person_id)
    return domain.points(found.available, found.pending, replies.links)


def _referrals(tx: Tx, person_id: str, replies: ReplyBuilder) -> str:
    return domain.referrals(referrals.count_states(tx, person_id), replies.links)


def _coupons(tx: Tx, person_id: str, replies: ReplyBuilder) -> str:
    wallet, _ = coupons.list_for(tx, person_id, limit=_COUPONS_READ)
    titles = [coupon.spec.title for coupon in wallet if coupon.state == "available"]
    return domain.coupons(titles, replies.links)


def _rules(tx: Tx, _person_id: str, replies: ReplyBuilder) -> str:
    running = [domain.Rules(each.id, each.name, each.rules) for each in campaigns.list_running(tx)]
    return domain.rules(running, replies.links)


def _stores(tx: Tx, _person_id: str, replies: ReplyBuilder) -> str:
    found = [(each.name, each.address, each.hours, each.phone) for each in stores.list_stores(tx)]
    return domain.stores(found, replies.links)


def _poster(tx: Tx, person_id: str, replies: ReplyBuilder) -> str:
    """Have the poster sent later: WeChat has to take the picture first, and an answer is due."""
    if campaigns.find_default(tx) is None:
        return domain.no_poster(replies.links)
    tx.emit(PosterWanted(person_id=person_id))
    person = identity.get_person(tx, person_id)
    # Who is not recognised yet may well have a name in the mini-program.
    is_named = person.nickname is not None or person.unionid is None
    return domain.poster_coming(replies.links, is_named=is_named)


def _help(_tx: Tx, _person_id: str, replies: ReplyBuilder) -> str:
    return domain.help_text(replies.shop)


_ANSWERS: dict[Topic, Callable[[Tx, str, ReplyBuilder], str]] = {
    "points": _points,
    "referrals": _referrals,
    "coupons": _coupons,
    "rules": _rules,
    "stores": _stores,
    "poster": _poster,
    "help": _help,
}
