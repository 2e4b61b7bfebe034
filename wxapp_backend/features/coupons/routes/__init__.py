"""Routes of coupons: the customer's wallet and the counter."""

from __future__ import annotations

from datetime import timedelta

from wxapp_backend.features.coupons.routes import counter, wallet
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Pipeline


def make_blueprints(pipeline: Pipeline, *, undo_minutes: int) -> list[Blueprint]:
    """Return all routes of coupons; `undo_minutes` is `settings.coupons.undo_minutes`."""
    within = timedelta(minutes=undo_minutes)
    return [wallet.make_blueprint(pipeline), counter.make_blueprint(pipeline, undo_within=within)]
