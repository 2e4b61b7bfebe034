"""HTTP surface of the storefront."""

from __future__ import annotations

from wxapp_backend.features.storefront.api import Front
from wxapp_backend.features.storefront.routes import link, me, profile, shop
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Pipeline

__all__ = ["Front", "make_blueprints"]


def make_blueprints(pipeline: Pipeline, front: Front) -> list[Blueprint]:
    """Build the blueprints; what `/capabilities` tells follows from the application's routes."""
    return [
        shop.make_blueprint(pipeline, front),
        me.make_blueprint(pipeline, front),
        profile.make_blueprint(pipeline, front),
        profile.make_pictures(pipeline, front),
        link.make_blueprint(pipeline, front),
    ]
