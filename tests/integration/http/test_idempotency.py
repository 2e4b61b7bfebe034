"""The same request twice has one effect and gets one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import FakeClock
from tests.integration.http.app import make_app
from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.idempotency import IdempotencyRow, Key, Stored, purge, run_once


@pytest.fixture
def app(db: Database) -> APIFlask:
    """Return an application behind the pipeline."""
    return make_app(db)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    """Return a browser."""
    return app.test_client()


def log_in(db: Database, openid: str = "o-1") -> identity.SignedIn:
    """Return a customer's session."""
    return db.run(
        lambda tx: identity.sign_in(tx, app="mini_program", openid=openid, unionid=None, days=90)
    )


def write(client: FlaskClient, token: str, key: str, body: object) -> TestResponse:
    """Post a note under a key."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return client.post("/api/v1/notes", json=body, headers=headers)


def nickname(db: Database, person_id: str) -> str | None:
    """Return what is stored."""
    return db.read(lambda tx: identity.get_person(tx, person_id)).nickname


def test_a_repetition_gets_the_first_answer(client: FlaskClient, db: Database) -> None:
    """Status and body are those of the first time, marked, and nothing happens again."""
    session = log_in(db)
    first = write(client, session.token, "k-1", {"nickname": "小美", "amount_fen": 5})
    write(client, session.token, "k-2", {"nickname": "小丽"})

    again = write(client, session.token, "k-1", {"amount_fen": 5, "nickname": "小美"})

    assert first.status_code == again.status_code == 201
    assert first.data == again.data
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert nickname(db, session.person.id) == "小丽"


def test_a_refusal_is_an_answer_too(client: FlaskClient, db: Database) -> None:
    """A refusal is replayed, and what was written before it is undone."""
    session = log_in(db)

    first = write(client, session.token, "k-1", {"nickname": "refuse", "amount_fen": 7})
    again = write(client, session.token, "k-1", {"nickname": "refuse", "amount_fen": 7})

    assert first.status_code == again.status_code == 409
    assert first.data == again.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json is not None
    assert again.json["error"]["details"] == {"amount_fen": 7}
    assert nickname(db, session.person.id) is None


def test_a_key_belongs_to_one_request(client: FlaskClient, db: Database) -> None:
    """The same key with another body is refused, and the other body has no effect."""
    session = log_in(db)
    write(client, session.token, "k-1", {"nickname": "小美"})

    other = write(client, session.token, "k-1", {"nickname": "小丽"})

    assert other.status_code == 422
    assert other.json is not None
    assert other.json["error"]["code"] == "idempotency_key_reused"
    assert nickname(db, session.person.id) == "小美"


def test_keys_are_each_callers_own(client: FlaskClient, db: Database) -> None:
    """Two people may use the same key."""
    one, other = log_in(db, "o-1"), log_in(db, "o-2")

    write(client, one.token, "k-1", {"nickname": "小美"})
    answer = write(client, other.token, "k-1", {"nickname": "小美"})

    assert "Idempotent-Replayed" not in answer.headers
    assert nickname(db, other.person.id) == "小美"


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_a_needed_key_is_asked_for(client: FlaskClient, db: Database, key: str) -> None:
    """Without a key of fitting length nothing happens."""
    session = log_in(db)

    answer = write(client, session.token, key, {"nickname": "小美"})

    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]["code"] == "idempotency_key_missing"
    assert nickname(db, session.person.id) is None


@pytest.mark.parametrize(("body", "status"), [({"nickname": "crash"}, 500), ({}, 422)])
def test_failures_that_may_pass_are_not_kept(
    client: FlaskClient, db: Database, body: object, status: int
) -> None:
    """After a bug or a body that was never judged, the key is free."""
    session = log_in(db)

    assert write(client, session.token, "k-1", body).status_code == status

    assert write(client, session.token, "k-1", {"nickname": "小美"}).status_code == 201


def test_being_slowed_down_is_not_an_answer_to_keep(client: FlaskClient, db: Database) -> None:
    """A 429 is not replayed: the request may succeed later."""
    session = log_in(db)

    first = write(client, session.token, "k-1", {"nickname": "throttle"})
    again = write(client, session.token, "k-1", {"nickname": "throttle"})

    assert first.status_code == again.status_code == 429
    assert "Idempotent-Replayed" not in again.headers


def test_keys_are_kept_for_31_days(client: FlaskClient, db: Database, clock: FakeClock) -> None:
    """After a month the key may be used anew, and the old row is purged."""
    session = log_in(db)
    write(client, session.token, "k-1", {"nickname": "小美"})
    clock.advance(days=31, seconds=-1)
    assert (
        "Idempotent-Replayed" in write(client, session.token, "k-1", {"nickname": "小美"}).headers
    )
    assert db.run(purge) == 0

    clock.advance(seconds=1)
    renewed = write(client, session.token, "k-1", {"nickname": "小丽"})

    assert renewed.status_code == 201
    assert "Idempotent-Replayed" not in renewed.headers
    clock.now += timedelta(days=31)
    assert db.run(purge) == 1


def test_eight_at_once_have_one_effect(app: APIFlask, db: Database) -> None:
    """Eight simultaneous sendings of one request are answered alike, one of them first-hand."""
    session = log_in(db)

    def send(_: int) -> TestResponse:
        return write(app.test_client(), session.token, "k-1", {"nickname": "小美"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))

    assert {each.status_code for each in answers} == {201}
    assert len({each.data for each in answers}) == 1
    assert sum("Idempotent-Replayed" not in each.headers for each in answers) == 1


def test_who_comes_while_the_first_is_at_work_is_asked_to_wait(app: APIFlask, db: Database) -> None:
    """On PostgreSQL the second request does not wait for a slow first one for long."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets one writer in at a time, so the second waits its turn")
    session = log_in(db)
    answers = []
    key = Key(f"person:{session.person.id}", "k-1", b"0" * 32)

    def slow(_tx: object) -> Stored:
        answers.append(write(app.test_client(), session.token, "k-1", {"nickname": "小美"}))
        return Stored(200, b"{}")

    run_once(db, lambda _tx: key, slow)

    assert answers[0].status_code == 409
    assert answers[0].json is not None
    assert answers[0].json["error"]["code"] == "in_progress"
    assert answers[0].headers["Retry-After"] == "1"
    with db.transaction() as tx:
        assert tx.session.get_one(IdempotencyRow, (key.caller, "k-1")).body == b"{}"
