"""What identity adds to the application."""

from __future__ import annotations

from collections.abc import Sequence

from wxapp_backend.declaration import Feature, Outside, Subscription, on
from wxapp_backend.features.identity import api, commands, handlers, jobs, models
from wxapp_backend.features.identity.events import CleaningDue


def _subscriptions(_outside: Outside) -> Sequence[Subscription]:
    return (on(CleaningDue, "identity.on_cleaning_due", handlers.on_cleaning_due),)


FEATURE = Feature(
    name="identity",
    tables=(models,),
    subscriptions=_subscriptions,
    jobs=jobs.JOBS,
    commands=lambda parts: commands.make_commands(parts.db),
    authenticators={"customer": api.authenticate, "api_key": api.authenticate_key},
)
