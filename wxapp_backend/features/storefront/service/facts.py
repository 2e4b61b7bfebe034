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
from wxapp_backend.infra.db import Database, Tx


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


def show_me(db: Database, person_id: str) -> Me:
    """Return a customer's own view, read only unless a merge has left them without a code."""

    def read(tx: Tx) -> Me | None:
        return me(tx, person_id) if referrals.find_code(tx, person_id) else None

    return db.read(read) or db.run(lambda tx: me(tx, person_id))


def me(tx: Tx, person_id: str) -> Me:
    """Return a customer's own view; writes only if they have no referral code yet."""
    posts = stores.posts_of(tx, person_id)
    return Me(
        person=identity.get_person(tx, person_id),
        points_available=points.available(tx, person_id),
        referral_code=referrals.code_of(tx, person_id),
        inbox_unread=messaging.count_unread(tx, person_id),
        post=posts[0] if posts else None,
        referred_by=_referrer_name(tx, person_id),
    )


def _referrer_name(tx: Tx, person_id: str) -> str | None:
    referral = referrals.referral_of_friend(tx, person_id)
    if referral is None:
        return None
    referrer = identity.find_person(tx, referral.referrer_id)
    return identity.display_name(referrer) if referrer else None


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
