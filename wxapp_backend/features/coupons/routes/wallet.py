"""A customer's coupons and their rotating codes."""

from __future__ import annotations

import math

from wxapp_backend.features.coupons import api
from wxapp_backend.features.coupons.schemas import CodeOut, CouponOut, CouponPage
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline
from wxapp_backend.infra.http.shapes import PageQuery


def make_blueprint(pipeline: Pipeline) -> Blueprint:
    """Return the routes of the wallet."""
    blueprint = Blueprint("coupons", __name__, url_prefix="/api/v1/me/coupons")

    @blueprint.get("")
    @blueprint.input(PageQuery, location="query")
    @blueprint.output(CouponPage)
    @blueprint.doc(summary="List one's coupons, usable ones first", tags=["Coupons"])
    @pipeline.customer()
    def list_coupons(tx: Tx, caller: Caller, query_data: PageQuery) -> CouponPage:
        found, following = api.list_for(
            tx, caller.id, cursor=query_data.cursor, limit=query_data.limit
        )
        items = [CouponOut.of(facts) for facts in api.present(tx, found)]
        return CouponPage(items=items, next_cursor=following)

    @blueprint.get("/<coupon_id>")
    @blueprint.output(CouponOut)
    @blueprint.doc(summary="Read one of one's coupons", tags=["Coupons"])
    @pipeline.customer()
    def read_coupon(tx: Tx, caller: Caller, coupon_id: str) -> CouponOut:
        [facts] = api.present(tx, [api.get_own(tx, caller.id, coupon_id)])
        return CouponOut.of(facts)

    @blueprint.post("/<coupon_id>/token")
    @blueprint.output(CodeOut)
    @blueprint.doc(summary="Show the code of the moment, for a clerk to scan", tags=["Coupons"])
    @pipeline.customer()
    def show_code(tx: Tx, caller: Caller, coupon_id: str) -> CodeOut:
        code = api.show_code(tx, caller.id, coupon_id)
        seconds = math.ceil((code.expires_at - tx.now).total_seconds())
        return CodeOut(token=code.token, expires_at=code.expires_at, expires_in=seconds)

    return blueprint
