"""Routes of visits: the customer's, the counter's and the till's."""

from __future__ import annotations

from apiflask import APIBlueprint

from wxapp_backend.features.visits.routes import customer, staff, till
from wxapp_backend.infra.http.door import Door


def make_blueprints(door: Door) -> list[APIBlueprint]:
    """Return all routes of visits."""
    return [customer.make_blueprint(door), staff.make_blueprint(door), till.make_blueprint(door)]
