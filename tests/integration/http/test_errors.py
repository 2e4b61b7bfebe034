"""Every failure has the contract's one shape, whoever notices it first."""

from __future__ import annotations

import logging

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.integration.http.app import make_app
from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra.db import Database


@pytest.fixture
def client(db: Database) -> FlaskClient:
    """Return a browser that is nobody."""
    return make_app(db).test_client()


@pytest.fixture
def token(db: Database) -> str:
    """Return the session of a customer."""
    return db.run(
        lambda tx: identity.sign_in(tx, app="mini_program", openid="o-1", unionid=None, days=1)
    ).token


def bearer(secret: str, **more: str) -> dict[str, str]:
    """Return headers with a credential."""
    return {"Authorization": f"Bearer {secret}", **more}


def code_of(answer: TestResponse, status: int) -> str:
    """Return the code of a failure after checking its status and shape."""
    assert answer.status_code == status
    assert answer.content_type == "application/json"
    assert answer.json is not None
    assert set(answer.json) == {"error", "request_id"}
    assert set(answer.json["error"]) == {"code", "message", "details"}
    assert answer.json["error"]["message"]
    assert answer.json["request_id"] == answer.headers["X-Request-Id"] != ""
    return str(answer.json["error"]["code"])


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 9000, b'{"nickname": "\\ud800"}', b'{"amount_fen": NaN}'],
    ids=["empty", "cut", "no UTF-8", "deep", "surrogate", "NaN"],
)
def test_a_body_that_is_no_json_is_malformed(client: FlaskClient, token: str, body: bytes) -> None:
    """What cannot be read at all is 400."""
    answer = client.patch("/api/v1/notes", data=body, headers=bearer(token))

    assert code_of(answer, 400) == "malformed_json"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "nickname"),
        ({"nickname": "李静", "nick": "x"}, "nick"),
        ({"nickname": "李静", "amount_fen": "5"}, "amount_fen"),
        ({"nickname": "李静", "amount_fen": 1.5}, "amount_fen"),
        ({"nickname": "李静", "amount_fen": -1}, "amount_fen"),
        ({"nickname": "李静", "amount_fen": 10**18}, "amount_fen"),
        ({"nickname": 5}, "nickname"),
        ({"nickname": "\0"}, "nickname"),
        ({"nickname": "x" * 11}, "nickname"),
        ([], "_schema"),
        ("text", "_schema"),
    ],
)
def test_each_bad_field_is_named(client: FlaskClient, token: str, body: object, field: str) -> None:
    """Missing, unknown and unfit fields are 422, named, and not echoed."""
    answer = client.patch("/api/v1/notes", json=body, headers=bearer(token))

    assert code_of(answer, 422) == "validation_failed"
    assert answer.json is not None
    assert list(answer.json["error"]["details"]["fields"]) == [field]


def test_a_bad_query_is_named(client: FlaskClient, token: str) -> None:
    """A list's query is checked like a body."""
    answer = client.get("/api/v1/notes?limit=1000&order=up", headers=bearer(token))

    assert code_of(answer, 422) == "validation_failed"
    assert answer.json is not None
    assert set(answer.json["error"]["details"]["fields"]) == {"query.limit", "query.order"}


@pytest.mark.parametrize("header", ["", "Basic x", "Bearer", "Bearer ", "Bearer wrong"])
@pytest.mark.parametrize("path", ["notes", "outside", "staff", "till"])
def test_strangers_are_sent_to_log_in(client: FlaskClient, path: str, header: str) -> None:
    """Without a valid credential every guarded route answers 401, GET and POST alike."""
    headers = {"Authorization": header, "Idempotency-Key": "k"} if header else {}
    answer = client.post(f"/api/v1/{path}", json={"nickname": "x"}, headers=headers)

    assert code_of(answer, 401) == "unauthenticated"


def test_strangers_are_told_so_before_their_body_is_judged(client: FlaskClient) -> None:
    """A request without a credential is 401 whatever else is wrong with it."""
    assert code_of(client.post("/api/v1/notes"), 401) == "unauthenticated"
    assert code_of(client.get("/api/v1/notes?limit=-1"), 401) == "unauthenticated"


def test_customers_are_no_staff_and_programs_keep_to_their_scope(
    client: FlaskClient, token: str, db: Database
) -> None:
    """A known caller at the wrong pipeline is 403; a session opens no pipeline for programs."""
    secret = db.run(lambda tx: identity.make_api_key(tx, "crm", ["customers"]))

    assert code_of(client.post("/api/v1/staff", headers=bearer(token)), 403) == "forbidden"
    assert code_of(client.post("/api/v1/till", headers=bearer(secret)), 403) == "forbidden"
    assert code_of(client.post("/api/v1/till", headers=bearer(token)), 401) == "unauthenticated"
    assert code_of(client.post("/api/v1/staff", headers=bearer(secret)), 401) == "unauthenticated"


def test_what_is_not_there_is_404_and_what_is_not_done_405(client: FlaskClient) -> None:
    """Unknown addresses and methods have the shape too."""
    assert code_of(client.get("/api/v1/nothing"), 404) == "not_found"
    assert code_of(client.get("/nothing"), 404) == "not_found"
    answer = client.delete("/api/v1/public")
    assert code_of(answer, 405) == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]


def test_too_much_is_413(client: FlaskClient, token: str) -> None:
    """A body over the limit is refused as such."""
    answer = client.patch("/api/v1/notes", data=b" " * 65_537, headers=bearer(token))

    assert code_of(answer, 413) == "request_entity_too_large"


def test_a_bug_is_500_and_tells_nothing(
    client: FlaskClient, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An unexpected error says nothing about itself to the caller, and is logged."""
    with caplog.at_level(logging.ERROR):
        answer = client.post(
            "/api/v1/notes",
            json={"nickname": "crash"},
            headers=bearer(token, **{"Idempotency-Key": "k"}),
        )

    assert code_of(answer, 500) == "internal"
    assert "secret-openid" not in answer.text
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_an_address_that_hurries_is_slowed(db: Database) -> None:
    """Beyond the limit of an address the answer is 429 with a time to wait."""
    client = make_app(db, per_address=3).test_client()

    answers = [client.get("/api/v1/public") for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert code_of(answers[3], 429) == "rate_limited"
    assert int(answers[3].headers["Retry-After"]) >= 1


def test_a_caller_that_hurries_is_slowed(db: Database, token: str) -> None:
    """The limit of a caller is their own: the shop's Wi-Fi is shared."""
    client = make_app(db, per_caller=2).test_client()

    answers = [client.get("/api/v1/notes", headers=bearer(token)) for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert client.get("/api/v1/public").status_code == 200


def test_answers_that_are_no_json_pass(client: FlaskClient) -> None:
    """A picture leaves as it is."""
    answer = client.get("/api/v1/picture")

    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.data == b"\xff\xd8\xff"
