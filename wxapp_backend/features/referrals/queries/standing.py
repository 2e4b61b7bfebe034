"""What a claim rests on, read in two statements: one before its locks are taken, one under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, select

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals.models import Referral, ReferralCode
from wxapp_backend.features.referrals.queries import root_from
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.batched import BatchedQuery, QueryPart
from wxapp_backend.infra.db import Tx

_OWNER_ID = select(ReferralCode.person_id).where(ReferralCode.code == bindparam("code"))
_OWNER = QueryPart(_OWNER_ID, lambda columns: str(columns[0]))
_ROOT_OF_OWNER = QueryPart(root_from(_OWNER_ID), lambda columns: str(columns[0]))
_PRESENTED = BatchedQuery(_OWNER, _ROOT_OF_OWNER, campaigns.RUNNING)

_ROOT = QueryPart(
    root_from(select(bindparam("referrer_id", type_=String()).label("person_id"))),
    lambda columns: str(columns[0]),
)
_PAIR = QueryPart(
    select(Referral.id).where(
        Referral.referrer_id == bindparam("referrer_id"),
        Referral.friend_id == bindparam("person_id"),
    ),
    lambda columns: str(columns[0]),
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The referral that a friend has claimed before."""

    id: str
    state: str
    referrer_id: str
    presented_id: str | None


_EARLIER = QueryPart(
    select(Referral.id, Referral.state, Referral.referrer_id, Referral.presented_id).where(
        Referral.bound_friend_id == bindparam("person_id")
    ),
    lambda columns: Earlier(*columns),
)
_UNDER_LOCK = BatchedQuery(
    _ROOT,
    _PAIR,
    _EARLIER,
    identity.PERSON,
    identity.REFERRER,
    identity.CAME_BACK,
    visits.LAST_PAID_AT,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a friend and a referrer stand to each other and to the shop.

    Attributes:
        root_id: the end of the referrer's chain of referrers; the referrer without one.
        pair_id: their referral, if the friend opened a share before or has claimed.
        came_back: the friend was erased before; None: nobody has looked.
    """

    root_id: str
    pair_id: str | None
    earlier: Earlier | None
    referrer: identity.Person | None
    came_back: bool | None
    last_paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class Presented:
    """Whose code was presented, the end of that person's chain of referrers, and what runs."""

    owner_id: str
    root_id: str
    running: campaigns.Running | None


def find_presented(tx: Tx, code: str) -> Presented | None:
    """Return what a code leads to, or None if it is nobody's."""
    found = _PRESENTED.find(tx, code=code, at=tx.now)
    owner_id, root_id = found[_OWNER], found[_ROOT_OF_OWNER]
    if owner_id is None or root_id is None:
        return None
    return Presented(owner_id, root_id, found[campaigns.RUNNING])


def stand(tx: Tx, *, referrer_id: str, friend_id: str) -> Standing:
    """Return how these two stand as of now."""
    found = _UNDER_LOCK.find(tx, referrer_id=referrer_id, person_id=friend_id)
    identity.keep(tx, friend_id, found[identity.PERSON])
    return Standing(
        root_id=found[_ROOT] or referrer_id,
        pair_id=found[_PAIR],
        earlier=found[_EARLIER],
        referrer=found[identity.REFERRER],
        came_back=found[identity.CAME_BACK],
        last_paid_at=found[visits.LAST_PAID_AT],
    )
