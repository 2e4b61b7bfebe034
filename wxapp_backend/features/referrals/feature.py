"""What referrals add to the application."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from wxapp_backend.declaration import Feature, Outside, Subscription, Web, on
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.referrals import handlers, jobs, models, routes
from wxapp_backend.features.referrals.events import ExpiryDue
from wxapp_backend.features.visits.events import VisitCancelled, VisitRecorded, VisitRefunded
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.storage import media_url


def _subscriptions(_outside: Outside) -> Sequence[Subscription]:
    return (
        on(VisitRecorded, "referrals.on_visit_recorded", handlers.on_visit_recorded),
        on(VisitCancelled, "referrals.on_visit_cancelled", handlers.on_visit_cancelled),
        on(VisitRefunded, "referrals.on_visit_refunded", handlers.on_visit_refunded),
        on(ExpiryDue, "referrals.on_expiry_due", handlers.on_expiry_due),
        on(PersonMerged, "referrals.on_person_merged", handlers.on_person_merged),
        on(PersonErased, "referrals.on_person_erased", handlers.on_person_erased),
    )


def _blueprints(web: Web) -> Sequence[Blueprint]:
    settings = web.parts.settings
    base, page = settings.server.link_base, settings.wechat.mini_program.landing_page
    links = routes.Links(base, page, partial(media_url, base))
    return (routes.make_blueprint(web.pipeline, links),)


FEATURE = Feature(
    name="referrals",
    tables=(models,),
    subscriptions=_subscriptions,
    jobs=jobs.JOBS,
    blueprints=_blueprints,
)
