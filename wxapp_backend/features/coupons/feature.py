"""What coupons add to the application."""

from __future__ import annotations

from collections.abc import Sequence

from wxapp_backend.declaration import Feature, Outside, Subscription, Web, on
from wxapp_backend.features.coupons import handlers, jobs, models, routes
from wxapp_backend.features.coupons.events import CouponExpiryDue
from wxapp_backend.features.identity.events import PersonMerged
from wxapp_backend.infra.http.blueprint import Blueprint


def _subscriptions(_outside: Outside) -> Sequence[Subscription]:
    return (
        on(CouponExpiryDue, "coupons.on_expiry_due", handlers.on_expiry_due),
        on(PersonMerged, "coupons.on_person_merged", handlers.on_person_merged, turn=-1),
    )


def _blueprints(web: Web) -> Sequence[Blueprint]:
    undo_minutes = web.parts.settings.coupons.undo_minutes
    return routes.make_blueprints(web.pipeline, undo_minutes=undo_minutes)


FEATURE = Feature(
    name="coupons",
    tables=(models,),
    subscriptions=_subscriptions,
    jobs=jobs.JOBS,
    blueprints=_blueprints,
)
