"""What a till or CRM reports and asks, with an API key."""

from __future__ import annotations

from wxapp_backend.features.visits import api
from wxapp_backend.features.visits.schemas import (
    CustomerOut,
    OrderIn,
    OrderOut,
    RefundIn,
    RefundOut,
    ReportedVisitOut,
)
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline

SCOPE = "orders"
"""What an API key must be allowed to do."""


def make_blueprint(pipeline: Pipeline, plausible: api.Plausible) -> Blueprint:
    """Return the till's routes."""
    blueprint = Blueprint("till", __name__, url_prefix="/open/v1")

    @blueprint.post("/orders")
    @blueprint.input(OrderIn)
    @blueprint.output(OrderOut)
    @blueprint.doc(summary="Report a paid order", tags=["Integration"])
    @pipeline.api_key(SCOPE, key="required")
    def report_order(tx: Tx, _caller: Caller, json_data: OrderIn) -> OrderOut:
        visit = api.report_by_till(tx, _order(json_data), plausible)
        return OrderOut(
            visit=ReportedVisitOut.of(visit),
            customer_id=visit.person_id,
            is_repeat=visit.is_repeat,
        )

    @blueprint.post("/orders/<path:order_no>/refunds")
    @blueprint.input(RefundIn)
    @blueprint.output(RefundOut)
    @blueprint.doc(summary="Report a refund", tags=["Integration"])
    @pipeline.api_key(SCOPE, key="required")
    def report_refund(tx: Tx, _caller: Caller, order_no: str, json_data: RefundIn) -> RefundOut:
        done = api.refund(
            tx, order_no, refund_no=json_data.refund_no, amount_fen=json_data.amount_fen
        )
        return RefundOut(
            id=done.id,
            visit_id=done.visit_id,
            amount_fen=done.amount_fen,
            refunded_total_fen=done.refunded_total_fen,
            is_repeat=done.is_repeat,
        )

    @blueprint.get("/customers/<customer_id>")
    @blueprint.output(CustomerOut)
    @blueprint.doc(summary="Read a customer's figures", tags=["Integration"])
    @pipeline.api_key(SCOPE)
    def read_customer(tx: Tx, _caller: Caller, customer_id: str) -> CustomerOut:
        return CustomerOut.of(api.get_figures(tx, customer_id))

    return blueprint


def _order(body: OrderIn) -> api.Order:
    return api.Order(
        order_no=body.order_no,
        store_id=body.store_id,
        customer=body.customer.ref(),
        amount_fen=body.amount_fen,
        paid_at=body.paid_at,
        items=tuple(item.model_dump() for item in body.items),
    )
