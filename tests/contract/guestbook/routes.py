"""Where guests write."""

from __future__ import annotations

from pydantic import BaseModel

from tests.contract.guestbook.events import EntryWritten
from tests.contract.guestbook.models import Entry
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline


class Written(BaseModel):
    """The words, and who keeps them."""

    text: str
    kept_by: str


def make_blueprint(pipeline: Pipeline, keeper: str) -> Blueprint:
    """Return the routes of the guest book."""
    blueprint = Blueprint("guestbook", __name__, url_prefix="/api/v1/guestbook")

    @blueprint.post("/<text>")
    @blueprint.doc(summary="Write into the guest book")
    @pipeline.customer()
    def write(tx: Tx, caller: Caller, text: str) -> Written:
        tx.insert(Entry(person_id=caller.id, text=text))
        tx.emit(EntryWritten(person_id=caller.id))
        return Written(text=text, kept_by=keeper)

    return blueprint
