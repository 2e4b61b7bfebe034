"""A customer's own visits and reviews."""

from __future__ import annotations

from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import api
from wxapp_backend.features.visits.schemas import MyVisitOut, MyVisitPage, ReviewIn, ReviewOut
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline
from wxapp_backend.infra.http.shapes import PageQuery


def make_blueprint(pipeline: Pipeline) -> Blueprint:
    """Return the customer's routes."""
    blueprint = Blueprint("visits", __name__, url_prefix="/api/v1")

    @blueprint.get("/me/visits")
    @blueprint.input(PageQuery, location="query")
    @blueprint.output(MyVisitPage)
    @blueprint.doc(summary="List one's visits, newest first", tags=["Visits"])
    @pipeline.customer()
    def list_visits(tx: Tx, caller: Caller, query_data: PageQuery) -> MyVisitPage:
        names = {store.id: store.name for store in stores.list_stores(tx)}
        found, following = api.list_for(
            tx, caller.id, cursor=query_data.cursor, limit=query_data.limit
        )
        items = [MyVisitOut.of(visit, review, names) for visit, review in found]
        return MyVisitPage(items=items, next_cursor=following)

    @blueprint.post("/reviews")
    @blueprint.input(ReviewIn)
    @blueprint.output(ReviewOut)
    @blueprint.doc(summary="Review one of one's visits", tags=["Visits"])
    @pipeline.customer()
    def write_review(tx: Tx, caller: Caller, json_data: ReviewIn) -> ReviewOut:
        new = api.NewReview(
            person_id=caller.id,
            visit_id=json_data.visit_id,
            rating=json_data.rating,
            text=json_data.text or "",
            tags=tuple(json_data.tags),
            shared=json_data.share_with_referrer,
        )
        review = api.write_review(tx, new)
        return ReviewOut(id=review.id, state=review.state)

    return blueprint
