"""What the storefront adds to the application."""

from __future__ import annotations

from collections.abc import Sequence

from wxapp_backend.declaration import Feature, Outside, Subscription, Web, on
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.storefront import handlers, routes
from wxapp_backend.features.storefront.ports import Front
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.http.blueprint import Blueprint


def _subscriptions(outside: Outside) -> Sequence[Subscription]:
    return (
        on(PersonMerged, "storefront.on_person_merged", handlers.on_person_merged),
        on(PersonErased, "storefront.on_person_erased", handlers.on_person_erased),
        Subscription(
            PersonErased,
            "storefront.remove_avatar",
            handlers.make_avatar_remover(outside.storage),
            turn=-1,
        ),
    )


def _blueprints(web: Web) -> Sequence[Blueprint]:
    parts = web.parts
    front = Front(
        parts.db,
        parts.settings,
        parts.accounts.mini_program,
        parts.outside.storage,
        parts.decoder,
    )
    return routes.make_blueprints(web.pipeline, front)


FEATURE = Feature(
    name="storefront",
    subscriptions=_subscriptions,
    blueprints=_blueprints,
    # Stores know nothing of identity: who signs in and works in one is told here.
    authenticators={"staff": stores.make_authenticator(identity.authenticate)},
)
