"""A customer's points: what there is, where it came from, and a file that proves it."""

from __future__ import annotations

from flask import Response

from wxapp_backend.features.points import api
from wxapp_backend.features.points.schemas import EntryOut, EntryPage, ExpiringOut, PointsOut
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline
from wxapp_backend.infra.http.shapes import PageQuery

_DOWNLOAD = {"Content-Disposition": 'attachment; filename="points-statement.json"'}


def make_blueprint(pipeline: Pipeline) -> Blueprint:
    """Return the routes of points."""
    blueprint = Blueprint("points", __name__, url_prefix="/api/v1/me/points")

    @blueprint.get("")
    @blueprint.output(PointsOut)
    @blueprint.doc(summary="Read one's points", tags=["Points"])
    @pipeline.customer()
    def read(tx: Tx, caller: Caller) -> PointsOut:
        standing = api.standing(tx, caller.id)
        return PointsOut(
            available=standing.available,
            pending=standing.pending,
            debt=standing.debt,
            expiring=[ExpiringOut.model_validate(x) for x in api.list_expiring(tx, caller.id)],
        )

    @blueprint.get("/entries")
    @blueprint.input(PageQuery, location="query")
    @blueprint.output(EntryPage)
    @blueprint.doc(summary="List the lines of one's points, newest first", tags=["Points"])
    @pipeline.customer()
    def list_entries(tx: Tx, caller: Caller, query_data: PageQuery) -> EntryPage:
        found, following = api.lines(
            tx, caller.id, cursor=query_data.cursor, limit=query_data.limit
        )
        return EntryPage(
            items=[EntryOut.model_validate(line) for line in found], next_cursor=following
        )

    @blueprint.get("/statement")
    @blueprint.doc(summary="Download one's whole statement, which can be verified", tags=["Points"])
    @pipeline.customer()
    def download(tx: Tx, caller: Caller) -> Response:
        content = api.statement(tx, caller.id)
        return Response(content, content_type="application/json", headers=_DOWNLOAD)

    return blueprint
