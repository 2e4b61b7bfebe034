"""The wire: what is believed, what is refused, how it is answered in each of WeChat's modes."""

from __future__ import annotations

from pathlib import Path

import pytest
from apiflask import APIFlask
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from tests.conftest import FakeClock
from tests.integration.bot.wire import (
    account_of,
    event,
    message,
    plain_query,
    said,
    sealed,
    send,
    text,
)
from tests.integration.front import Front, open_front
from wxapp_backend.features.bot.api import CallbackIntake, Inboxes, Links, ReplyBuilder
from wxapp_backend.features.bot.routes import make_blueprint
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.http.errors import register_error_handlers
from wxapp_backend.infra.http.journal import keep_journal
from wxapp_backend.infra.http.limits import Limiter
from wxapp_backend.infra.http.pipeline import Pipeline
from wxapp_backend.infra.spool import Spool
from wxapp_backend.infra.wechat.inbox import CallbackKeys, Inbox
from wxapp_backend.sandbox.callbacks.xml import build, parse

PATHS = ("/wechat/official-account", "/wechat/mini-program")
OFFICIAL = PATHS[0]


@pytest.mark.parametrize("kind", ["official_account", "mini_program"])
def test_the_console_can_verify_both_addresses(front: Front, kind: str) -> None:
    """The echo comes back for a right signature, 403 for a wrong one."""
    account, client = account_of(kind), front.app.test_client()
    query = plain_query(account.token) | {"echostr": "<b>1</b>"}
    answer = client.get(account.callback_path, query_string=query)
    assert (answer.status_code, answer.text) == (200, "<b>1</b>")
    assert answer.content_type.startswith("text/plain")
    query["signature"] = "0" * 40
    assert client.get(account.callback_path, query_string=query).status_code == 403
    assert front.driver.post(f"/_apps/{kind}/verify")["is_verified"]


def test_a_bad_signature_is_refused_whatever_the_body(front: Front) -> None:
    """403, and nothing is taken in."""
    client = front.app.test_client()
    query, body = sealed(text("o-1", "积分"))
    forged = query.replace("msg_signature=", "msg_signature=0")
    for wrong, data in (
        (forged, body),
        (query, body.replace(b"<Encrypt>", b"<Encrypt>A")),
        (query, b""),
        (query, b"<xml>"),
        ("", body),
    ):
        answer = client.post(f"{OFFICIAL}?{wrong}", data=data)
        assert answer.status_code == 403, data
    assert front.states() == set()


def test_a_plain_callback_is_refused_where_encryption_is_set_up(front: Front) -> None:
    """The plain signature covers no body: who has seen one address could say anything."""
    query = plain_query(account_of().token)
    answer = front.app.test_client().post(
        OFFICIAL, query_string=query, data=build(text("o-1", "积分"))
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "fields", [{"Nothing": "1"}, message("o-1", MsgType="event"), event("o-1", "")]
)
def test_what_is_signed_and_makes_no_sense_is_answered_success(
    front: Front, fields: dict[str, object]
) -> None:
    """WeChat would only repeat it."""
    assert send(front.app.test_client(), fields).data == b"success"


@pytest.mark.parametrize("path", PATHS)
def test_an_oversized_body_is_refused_unread(front: Front, path: str) -> None:
    """413, before anything is decrypted."""
    answer = front.app.test_client().post(path, data=b"x" * (64 * 1024 + 1))
    assert answer.status_code == 413


def test_nothing_to_say_is_said_as_success(front: Front) -> None:
    """An event without an answer."""
    assert send(front.app.test_client(), event("o-1", "unsubscribe")).data == b"success"


@pytest.mark.parametrize("mode", ["safe", "compat"])
def test_both_encrypted_modes_are_answered_on_the_phone(
    engine: Engine, clock: FakeClock, files: Path, mode: str
) -> None:
    """Verification, a follow and a text, as the sandbox sends them in that mode."""
    with open_front(engine, clock, files, mode=mode) as front:  # type: ignore[arg-type] # a mode
        assert front.driver.post("/_apps/official_account/verify")["is_verified"]
        person = front.person("王小美", follows=True, signed_in=False)
        replies = front.driver.act(person.phone, "send", text="帮助")["replies"]
        assert [reply["channel"] for reply in replies] == ["reply"]
        assert "回复下面的词" in replies[0]["text"]


def test_an_account_in_plain_mode_is_answered_in_plain(db: Database, tmp_path: Path) -> None:
    """Without a key callbacks are signed only, and so is the answer."""
    account = account_of()
    inbox = Inbox(CallbackKeys(account.appid, account.token, original_id=account.original_id))
    app = APIFlask("plain", title="plain", version="1")
    register_error_handlers(app)
    keep_journal(app, CollectorRegistry())
    pipeline = Pipeline(db, {}, Limiter(redis_url="", per_address=100, per_caller=100))
    pipeline.watch(app)
    replies = ReplyBuilder("青禾小馆", Links("wx1", "https://shop.example"))
    intake = CallbackIntake(db, Spool(tmp_path / "spool.db"), Inboxes(inbox, inbox), replies)
    app.register_blueprint(make_blueprint(pipeline, intake))
    client = app.test_client()

    answer = client.post(
        OFFICIAL, query_string=plain_query(account.token), data=build(text("o-1", "帮助"))
    )
    fields = parse(answer.data)
    assert (fields["ToUserName"], fields["MsgType"]) == ("o-1", "text")
    assert "回复下面的词" in str(fields["Content"])
    wrong = plain_query("another token")
    assert client.post(OFFICIAL, query_string=wrong, data=b"<xml/>").status_code == 403


def test_a_reply_in_the_mini_programs_place_is_never_given(front: Front) -> None:
    """Its pushes have no chat to answer in; a repeated one changes nothing."""
    account = account_of("mini_program")
    query, body = sealed(
        message("o-1", "mini_program", MsgType="text", Content="你好", MsgId=1), "mini_program"
    )
    for _ in range(2):
        answer = front.app.test_client().post(f"{account.callback_path}?{query}", data=body)
        assert answer.data == b"success"


def test_a_quoted_end_of_cdata_cannot_break_out(front: Front) -> None:
    """What people wrote never becomes markup of ours."""
    answer = send(front.app.test_client(), text("o-1", "]]></Content><Evil>"))
    assert said(answer).startswith("你好，这里是青禾小馆")
