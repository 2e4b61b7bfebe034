"""Which features there are, in order, and how the processes join what they declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wxapp_backend.declaration import Feature, Outside, Subscription, on
from wxapp_backend.features.bot.feature import FEATURE as BOT
from wxapp_backend.features.campaigns.feature import FEATURE as CAMPAIGNS
from wxapp_backend.features.coupons.feature import FEATURE as COUPONS
from wxapp_backend.features.identity.feature import FEATURE as IDENTITY
from wxapp_backend.features.messaging.feature import FEATURE as MESSAGING
from wxapp_backend.features.points.feature import FEATURE as POINTS
from wxapp_backend.features.posters.feature import FEATURE as POSTERS
from wxapp_backend.features.referrals.feature import FEATURE as REFERRALS
from wxapp_backend.features.rewards.feature import FEATURE as REWARDS
from wxapp_backend.features.storefront.feature import FEATURE as STOREFRONT
from wxapp_backend.features.stores.feature import FEATURE as STORES
from wxapp_backend.features.visits.feature import FEATURE as VISITS
from wxapp_backend.infra import cleaning, idempotency, ticks
from wxapp_backend.infra.http.pipeline import Audience, Authenticate
from wxapp_backend.infra.outbox import rows
from wxapp_backend.infra.outbox.handlers import Effect
from wxapp_backend.infra.ticks import Job


def _house_subscriptions(_outside: Outside) -> Sequence[Subscription]:
    return (on(cleaning.CleaningDue, "infra.on_cleaning_due", cleaning.on_cleaning_due),)


HOUSE = Feature(
    name="infra",
    tables=(idempotency, rows, ticks),
    subscriptions=_house_subscriptions,
    jobs=cleaning.JOBS,
)
"""What the house keeps for itself; infra knows nothing of declarations."""

FEATURES: Sequence[Feature] = (
    HOUSE,
    STORES,
    IDENTITY,
    VISITS,
    COUPONS,
    POINTS,
    CAMPAIGNS,
    REFERRALS,
    REWARDS,
    POSTERS,
    MESSAGING,
    BOT,
    STOREFRONT,
)
"""Every feature; those that are called stand before those that call them."""


def make_subscriptions(
    outside: Outside, features: Sequence[Feature] = FEATURES
) -> Sequence[Subscription]:
    """Return all subscriptions, in the order in which an event's deliveries are written.

    First what stays inside the database, then calls to the outside; by turn; lower features first.
    """
    found = [each for feature in features for each in feature.subscriptions(outside)]
    return sorted(found, key=lambda each: (isinstance(each.handler, Effect), each.turn))


def jobs_of(features: Sequence[Feature]) -> Sequence[Job]:
    """Return the timetable."""
    return [job for feature in features for job in feature.jobs]


def authenticators_of(features: Sequence[Feature]) -> Mapping[Audience, Authenticate]:
    """Return who lets whom in."""
    return {
        audience: authenticate
        for feature in features
        for audience, authenticate in feature.authenticators.items()
    }
