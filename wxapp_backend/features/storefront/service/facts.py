"""All that a customer is shown about themselves, and all that is held about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.messaging import api as messaging
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.rewards import api as rewards
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.batched import BatchedQuery
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Me:
    """A customer's own view of themselves.

    Attributes:
        post: where they work, the highest role first; None for who is no staff.
        referred_by: the referrer's masked name; None for who came unreferred.
    """

    person: identity.Person
    points_available: int
    referral_code: str
    inbox_unread: int
    post: stores.Post | None
    referred_by: str | None


_REFERRER = identity.person_part(referrals.REFERRER_ID.statement.scalar_subquery())
_ME = BatchedQuery(
    identity.PERSON,
    points.STANDING,
    referrals.CODE,
    _REFERRER,
    messaging.UNREAD,
    stores.HIGHEST_POST,
)


def me(tx: Tx, person_id: str) -> Me:
    """Return a customer's own view; writes only if a merge has left them without a code.

    Raises:
        NotFound: there is no such person.
    """
    found = _ME.find(tx, person_id=person_id, now=tx.now)
    person, referrer = found[identity.PERSON], found[_REFERRER]
    if person is None:
        raise NotFound
    return Me(
        person=person,
        points_available=(found[points.STANDING] or points.Standing()).available,
        referral_code=found[referrals.CODE] or referrals.code_of(tx, person_id),
        inbox_unread=found[messaging.UNREAD] or 0,
        post=found[stores.HIGHEST_POST],
        referred_by=identity.display_name(referrer) if referrer else None,
    )


def export(tx: Tx, person_id: str) -> dict[str, Any]:
    """Return everything that is held about a customer, JSON-ready."""
    return {
        "exported_at": tx.now.isoformat(),
        "person": identity.export(tx, person_id),
        "staff": [
            {"store": post.store_name, "role": post.role} for post in stores.posts_of(tx, person_id)
        ],
        **visits.export_for(tx, person_id),
        **coupons.export_for(tx, person_id),
        **referrals.export_for(tx, person_id),
        **rewards.export_for(tx, person_id),
        "points": orjson.loads(points.statement(tx, person_id)),
        **messaging.export_for(tx, person_id),
    }
