"""HTTP surface of the storefront."""

from __future__ import annotations

from apiflask import APIBlueprint

from wxapp_backend.features.storefront.api import Front
from wxapp_backend.features.storefront.routes import link, me, profile, shop
from wxapp_backend.infra.http.door import Door

__all__ = ["Front", "make_blueprints"]


def make_blueprints(door: Door, front: Front) -> list[APIBlueprint]:
    """Build the blueprints; what `/capabilities` tells follows from the application's routes."""
    return [
        shop.make_blueprint(door, front),
        me.make_blueprint(door, front),
        profile.make_blueprint(door, front),
        profile.make_pictures(door, front),
        link.make_blueprint(door, front),
    ]
