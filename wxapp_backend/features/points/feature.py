"""What the points ledger adds to the application."""

from __future__ import annotations

from collections.abc import Sequence

from wxapp_backend.declaration import Feature, Outside, Subscription, on
from wxapp_backend.features.identity.events import PersonMerged
from wxapp_backend.features.points import commands, handlers, jobs, models, routes
from wxapp_backend.features.points.events import PointsDue


def _subscriptions(_outside: Outside) -> Sequence[Subscription]:
    return (
        on(PointsDue, "points.on_points_due", handlers.on_points_due),
        on(PersonMerged, "points.on_person_merged", handlers.on_person_merged),
    )


FEATURE = Feature(
    name="points",
    tables=(models,),
    subscriptions=_subscriptions,
    jobs=jobs.JOBS,
    blueprints=lambda web: (routes.make_blueprint(web.pipeline),),
    commands=lambda parts: commands.make_commands(parts.db),
)
