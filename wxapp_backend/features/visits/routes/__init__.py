"""Routes of visits: the customer's, the counter's and the till's."""

from __future__ import annotations

from wxapp_backend.features.visits.domain import Plausible
from wxapp_backend.features.visits.routes import customer, staff, till
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Pipeline


def make_blueprints(pipeline: Pipeline, plausible: Plausible) -> list[Blueprint]:
    """Return all routes of visits; orders that are not `plausible` are refused."""
    return [
        customer.make_blueprint(pipeline),
        staff.make_blueprint(pipeline, plausible),
        till.make_blueprint(pipeline, plausible),
    ]
