"""Where WeChat reaches us. The paths are the ones that are entered in WeChat's consoles."""

from __future__ import annotations

import logging

from flask import Response, abort, request

from wxapp_backend.features.bot.service.intake import MINI_PROGRAM, OFFICIAL, CallbackIntake
from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Pipeline
from wxapp_backend.infra.wechat.errors import BadSignature, Undecodable
from wxapp_backend.infra.wechat.inbox import MAX_BODY_BYTES, NOTHING_TO_SAY, Inbox
from wxapp_backend.infra.wechat.replies import TextReply

log = logging.getLogger(__name__)


def make_blueprint(pipeline: Pipeline, intake: CallbackIntake) -> Blueprint:
    """Build the blueprint of WeChat's callbacks; signatures take the place of tokens."""
    blueprint = Blueprint("wechat", __name__, url_prefix="/wechat", tag="WeChat")

    @blueprint.get("/official-account")
    @blueprint.doc(summary="WeChat verifies the official account's address")
    @pipeline.public(transaction=False, limited=False)
    def verify_official() -> Response:
        return _verify(intake.inboxes.official)

    @blueprint.post("/official-account")
    @blueprint.doc(summary="WeChat tells of messages and events of the official account")
    @pipeline.public(transaction=False, limited=False)
    def hear_official() -> Response:
        return _hear(intake, OFFICIAL)

    @blueprint.get("/mini-program")
    @blueprint.doc(summary="WeChat verifies the mini-program's address")
    @pipeline.public(transaction=False, limited=False)
    def verify_mini_program() -> Response:
        return _verify(intake.inboxes.mini_program)

    @blueprint.post("/mini-program")
    @blueprint.doc(summary="WeChat tells of events of the mini-program")
    @pipeline.public(transaction=False, limited=False)
    def hear_mini_program() -> Response:
        return _hear(intake, MINI_PROGRAM)

    return blueprint


def _verify(inbox: Inbox) -> Response:
    echo = inbox.verify_url(request.args)
    if echo is None:
        abort(403)
    return Response(echo, content_type="text/plain; charset=utf-8")


def _hear(intake: CallbackIntake, account: str) -> Response:
    request.max_content_length = MAX_BODY_BYTES  # reading more than that is answered with 413
    args, body, inbox = request.args.to_dict(), request.get_data(), intake.inboxes.of(account)
    try:
        event = inbox.open(args, body)
    except BadSignature:
        abort(403)
    except Undecodable as problem:
        log.warning("callback not understood", extra={"reason": problem.reason})
        return Response(NOTHING_TO_SAY, content_type="text/plain; charset=utf-8")
    text = intake.take(account, event, args, body)
    # WeChat's own time, not the shop's movable clock: the envelope is part of the wire format.
    now = int(system_clock().timestamp())
    answer, content_type = inbox.seal(event, TextReply(text) if text else None, now=now)
    return Response(answer, content_type=content_type)
