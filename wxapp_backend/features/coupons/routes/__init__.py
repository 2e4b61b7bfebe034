"""Routes of coupons: the customer's wallet and the counter."""

from __future__ import annotations

from datetime import timedelta

from apiflask import APIBlueprint

from wxapp_backend.features.coupons.routes import counter, wallet
from wxapp_backend.infra.http.door import Door


def make_blueprints(door: Door, *, undo_minutes: int) -> list[APIBlueprint]:
    """Return all routes of coupons; `undo_minutes` is `settings.coupons.undo_minutes`."""
    within = timedelta(minutes=undo_minutes)
    return [wallet.make_blueprint(door), counter.make_blueprint(door, undo_within=within)]
