"""A small application behind the real pipeline, for tests of what all routes share."""

from __future__ import annotations

from apiflask import APIFlask
from apiflask.fields import UploadFile
from flask import Response
from prometheus_client import CollectorRegistry
from pydantic import ConfigDict, Field

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.bodies import read_json_strictly
from wxapp_backend.infra.http.errors import register_error_handlers
from wxapp_backend.infra.http.gate import guard
from wxapp_backend.infra.http.journal import keep_journal
from wxapp_backend.infra.http.limits import Limiter
from wxapp_backend.infra.http.pipeline import Caller, Pipeline
from wxapp_backend.infra.http.shapes import Fen, Input, Output, PageQuery, Text
from wxapp_backend.kernel.errors import Conflict, RateLimited

UPLOAD_BYTES = 200_000


class NoteIn(Input):
    """What is noted."""

    nickname: Text = Field(min_length=1, max_length=10)
    amount_fen: Fen = 0


class NoteOut(Output):
    """What was noted, by whom."""

    nickname: str
    person_id: str


class WishIn(Input):
    """What may be left out altogether."""

    wish: Text | None = None


class UploadIn(Input):
    """A file."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile


class Refused(Conflict):
    """The test wants a refusal."""

    code = "refused_for_the_test"
    message = "按测试要求拒绝"


def make_app(db: Database, *, per_address: int = 1000, per_caller: int = 1000) -> APIFlask:
    """Build an application with one route of each kind."""
    limiter = Limiter(redis_url="", per_address=per_address, per_caller=per_caller)
    pipeline = Pipeline(
        db,
        {
            "customer": identity.authenticate,
            "staff": stores.make_authenticator(identity.authenticate),
            "api_key": identity.authenticate_key,
        },
        limiter,
    )
    app = APIFlask("test", title="test", version="1")
    read_json_strictly(app)
    register_error_handlers(app)
    keep_journal(app, CollectorRegistry())
    guard(app)
    pipeline.watch(app)
    app.register_blueprint(_reading(pipeline))
    app.register_blueprint(_writing(pipeline))
    app.register_blueprint(_others(pipeline))
    return app


def _reading(pipeline: Pipeline) -> Blueprint:
    blueprint = Blueprint("notes", __name__, url_prefix="/api/v1")

    @blueprint.get("/public")
    @pipeline.public()
    def public(tx: Tx) -> dict[str, str]:
        return {"now": tx.now.isoformat()}

    @blueprint.get("/notes")
    @blueprint.input(PageQuery, location="query")
    @blueprint.output(NoteOut)
    @pipeline.customer()
    def read(tx: Tx, caller: Caller, query_data: PageQuery) -> NoteOut:
        person = identity.get_person(tx, caller.id)
        return NoteOut(nickname=person.nickname or str(query_data.limit), person_id=caller.id)

    @blueprint.get("/picture")
    @pipeline.public(transaction=False)
    def picture() -> Response:
        return Response(b"\xff\xd8\xff", content_type="image/jpeg")

    return blueprint


def _writing(pipeline: Pipeline) -> Blueprint:
    blueprint = Blueprint("writing", __name__, url_prefix="/api/v1")

    @blueprint.post("/notes")
    @blueprint.input(NoteIn)
    @blueprint.output(NoteOut, status_code=201)
    @pipeline.customer(key="required")
    def write(tx: Tx, caller: Caller, json_data: NoteIn) -> tuple[NoteOut, int]:
        change = identity.ProfileChange(frozenset({"nickname"}), nickname=json_data.nickname)
        identity.update_profile(tx, caller.id, change)
        if json_data.nickname == "refuse":
            raise Refused(amount_fen=json_data.amount_fen)
        if json_data.nickname == "throttle":
            raise RateLimited
        if json_data.nickname == "crash":
            raise ZeroDivisionError("secret-openid-in-a-message")
        return NoteOut(nickname=json_data.nickname, person_id=caller.id), 201

    @blueprint.patch("/notes")
    @blueprint.input(NoteIn)
    @pipeline.customer()
    def change(_tx: Tx, caller: Caller, json_data: NoteIn) -> NoteOut:
        return NoteOut(nickname=json_data.nickname, person_id=caller.id)

    @blueprint.patch("/wishes")
    @blueprint.input(WishIn)
    @pipeline.customer()
    def wish(_tx: Tx, caller: Caller, json_data: WishIn) -> NoteOut:
        return NoteOut(nickname=json_data.wish or "", person_id=caller.id)

    @blueprint.post("/uploads")
    @blueprint.input(UploadIn, location="files")
    @pipeline.customer(transaction=False, max_body_bytes=UPLOAD_BYTES)
    def upload(_caller: Caller, files_data: UploadIn) -> dict[str, int]:
        return {"bytes": len(files_data.file.read())}

    @blueprint.post("/outside")
    @blueprint.input(NoteIn)
    @pipeline.customer(transaction=False)
    def outside(caller: Caller, json_data: NoteIn) -> NoteOut:
        return NoteOut(nickname=json_data.nickname, person_id=caller.id)

    return blueprint


def _others(pipeline: Pipeline) -> Blueprint:
    blueprint = Blueprint("others", __name__, url_prefix="/api/v1")

    @blueprint.post("/staff")
    @pipeline.staff()
    def staff(_tx: Tx, caller: Caller) -> dict[str, str]:
        return {"id": caller.id}

    @blueprint.post("/till")
    @pipeline.api_key("orders")
    def till(_tx: Tx, caller: Caller) -> dict[str, str]:
        return {"id": caller.id}

    return blueprint
