"""What campaigns add to the application."""

from __future__ import annotations

from wxapp_backend.declaration import Feature
from wxapp_backend.features.campaigns import models, routes

FEATURE = Feature(
    name="campaigns",
    tables=(models,),
    blueprints=lambda web: (routes.make_blueprint(web.pipeline),),
)
