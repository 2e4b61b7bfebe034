"""Visits that a clerk records by hand."""

from __future__ import annotations

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.visits import api
from wxapp_backend.features.visits.schemas import (
    StaffCustomerOut,
    StaffVisitAnswer,
    StaffVisitIn,
    StaffVisitOut,
)
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline


def make_blueprint(pipeline: Pipeline, plausible: api.Plausible) -> Blueprint:
    """Return the counter's routes."""
    blueprint = Blueprint("staff_visits", __name__, url_prefix="/api/v1/staff")

    @blueprint.post("/visits")
    @blueprint.input(StaffVisitIn)
    @blueprint.output(StaffVisitAnswer)
    @blueprint.doc(summary="Record a visit", tags=["Staff"])
    @pipeline.staff(key="required")
    def record(tx: Tx, caller: Caller, json_data: StaffVisitIn) -> StaffVisitAnswer:
        visit = api.report_by_staff(tx, _order(json_data), plausible, staff_id=caller.id)
        name = identity.display_name(identity.get_person(tx, visit.person_id))
        return StaffVisitAnswer(
            visit=StaffVisitOut(
                id=visit.id,
                number=visit.number,
                amount_fen=visit.amount_fen,
                customer=StaffCustomerOut(display_name=name),
            )
        )

    return blueprint


def _order(body: StaffVisitIn) -> api.Order:
    return api.Order(
        store_id=body.store_id,
        customer=api.CustomerRef(phone=body.phone, token=body.customer_token),
        amount_fen=body.amount_fen,
        order_no=body.order_no,
        items=tuple(item.model_dump() for item in body.items),
    )
