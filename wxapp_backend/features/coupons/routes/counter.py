"""The counter: scan, redeem, undo, and the day's figures."""

from __future__ import annotations

from datetime import timedelta

from wxapp_backend.features.coupons import api
from wxapp_backend.features.coupons.schemas import (
    CouponOut,
    RecentOut,
    RedemptionIn,
    RedemptionOut,
    RedemptionSumOut,
    RedemptionVisitOut,
    ScanIn,
    ScannedCustomerOut,
    ScanOut,
    StoreOut,
    TodayOut,
    TodayQuery,
    UndoOut,
    VisitSumOut,
)
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline


def make_blueprint(pipeline: Pipeline, *, undo_within: timedelta) -> Blueprint:
    """Return the routes of the counter."""
    blueprint = Blueprint("counter", __name__, url_prefix="/api/v1/staff")

    @blueprint.post("/scan")
    @blueprint.input(ScanIn)
    @blueprint.output(ScanOut)
    @blueprint.doc(summary="Say what a scanned code is", tags=["Staff"])
    @pipeline.staff()
    def scan(tx: Tx, caller: Caller, json_data: ScanIn) -> ScanOut:
        return _scan_out(
            tx, api.scan(tx, json_data.token, store_id=json_data.store_id, staff_id=caller.id)
        )

    @blueprint.post("/redemptions")
    @blueprint.input(RedemptionIn)
    @blueprint.output(RedemptionOut)
    @blueprint.doc(summary="Use a coupon and record the visit", tags=["Staff"])
    @pipeline.staff(key="required")
    def redeem(tx: Tx, caller: Caller, json_data: RedemptionIn) -> RedemptionOut:
        new = api.NewRedemption(staff_id=caller.id, **json_data.model_dump())
        return _redemption_out(tx, api.redeem(tx, new), undo_within)

    @blueprint.post("/redemptions/<redemption_id>/undo")
    @blueprint.output(UndoOut)
    @blueprint.doc(summary="Undo a redemption within the stated minutes", tags=["Staff"])
    @pipeline.staff(key="required")
    def undo(tx: Tx, caller: Caller, redemption_id: str) -> UndoOut:
        done = api.undo(tx, redemption_id, staff_id=caller.id, within=undo_within)
        return UndoOut(
            id=done.redemption_id, undone_at=done.undone_at, visit_cancelled=done.visit_cancelled
        )

    @blueprint.get("/today")
    @blueprint.input(TodayQuery, location="query")
    @blueprint.output(TodayOut)
    @blueprint.doc(summary="Read the day's visits, redemptions and sums", tags=["Staff"])
    @pipeline.staff()
    def today(tx: Tx, caller: Caller, query_data: TodayQuery) -> TodayOut:
        return _today_out(
            api.today(tx, caller.id, store_id=query_data.store_id, undo_within=undo_within)
        )

    return blueprint


def _scan_out(tx: Tx, scanned: api.Scanned) -> ScanOut:
    coupons = api.present(tx, [scanned.coupon] if scanned.coupon else [])
    return ScanOut(
        kind=scanned.kind,
        customer=ScannedCustomerOut(display_name=scanned.display_name, visits=scanned.visits),
        coupon=CouponOut.of(coupons[0]) if coupons else None,
    )


def _redemption_out(tx: Tx, done: api.Redemption, undo_within: timedelta) -> RedemptionOut:
    [coupon] = api.present(tx, [done.coupon])
    return RedemptionOut(
        id=done.id,
        coupon=CouponOut.of(coupon),
        discount_fen=done.discount_fen,
        payable_fen=done.payable_fen,
        visit=RedemptionVisitOut(
            id=done.visit.id, number=done.visit.number, amount_fen=done.visit.amount_fen
        ),
        undo_until=done.redeemed_at + undo_within,
        undo_seconds=int(undo_within.total_seconds()),
    )


def _today_out(day: api.Today) -> TodayOut:
    return TodayOut(
        date=day.day.isoformat(),
        store=StoreOut(id=day.store.id, name=day.store.name),
        visits=VisitSumOut(count=day.visits.count, amount_fen=day.visits.amount_fen),
        redemptions=RedemptionSumOut(
            count=day.redemptions.count, discount_fen=day.redemptions.discount_fen
        ),
        recent=[RecentOut.model_validate(line) for line in day.recent],
    )
