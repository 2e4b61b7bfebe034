"""HTTP surface of messaging."""

from __future__ import annotations

from wxapp_backend.features.messaging.domain import Channels
from wxapp_backend.features.messaging.models import MessageRow
from wxapp_backend.features.messaging.queries import list_inbox
from wxapp_backend.features.messaging.schemas import (
    MessageItem,
    MessagePage,
    ReadIn,
    ReadOut,
    SubscriptionsIn,
    SubscriptionsOut,
)
from wxapp_backend.features.messaging.service.planning import mark_read
from wxapp_backend.features.messaging.service.rights import record_consents
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline
from wxapp_backend.infra.http.shapes import PageQuery


def make_blueprint(pipeline: Pipeline, channels: Channels) -> Blueprint:
    """Build the blueprint; `channels` says which templates are ours."""
    blueprint = Blueprint("messaging", __name__, url_prefix="/api/v1/me", tag="Messages")
    known = {template.template_id for template in channels.mini_program.values()}

    @blueprint.get("/inbox")
    @blueprint.input(PageQuery, location="query")
    @blueprint.output(MessagePage)
    @blueprint.doc(summary="My messages, newest first")
    @pipeline.customer()
    def inbox(tx: Tx, caller: Caller, query_data: PageQuery) -> MessagePage:
        rows = list_inbox(tx, caller.id, cursor=query_data.cursor, limit=query_data.limit)
        full = len(rows) == query_data.limit
        return MessagePage(
            items=[_item(row) for row in rows], next_cursor=rows[-1].id if full else None
        )

    @blueprint.post("/inbox/read")
    @blueprint.input(ReadIn)
    @blueprint.output(ReadOut)
    @blueprint.doc(summary="Mark messages as read")
    @pipeline.customer()
    def read(tx: Tx, caller: Caller, json_data: ReadIn) -> ReadOut:
        return ReadOut(unread=mark_read(tx, caller.id, json_data.ids))

    @blueprint.post("/subscriptions")
    @blueprint.input(SubscriptionsIn)
    @blueprint.output(SubscriptionsOut)
    @blueprint.doc(summary="Report what the consent dialog answered")
    @pipeline.customer()
    def subscriptions(tx: Tx, caller: Caller, json_data: SubscriptionsIn) -> SubscriptionsOut:
        results = json_data.template_results
        return SubscriptionsOut(remaining=record_consents(tx, caller.id, results, known=known))

    return blueprint


def _item(row: MessageRow) -> MessageItem:
    return MessageItem(
        id=row.id,
        kind=row.kind,
        title=row.title,
        body=row.body,
        created_at=row.created_at,
        read_at=row.read_at,
        page=row.page or None,
    )
