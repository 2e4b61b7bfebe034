"""Whatever comes in, answers, log lines and work stay small."""

from __future__ import annotations

import io
import json
import logging
import tracemalloc

import pytest
from flask.testing import FlaskClient

from tests.integration.http.app import UPLOAD_BYTES, make_app
from tests.integration.http.test_errors import bearer, code_of
from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.http.gate import MAX_BODY_BYTES, MAX_QUERY_BYTES

MOST_ANSWERED = 8_000
MOST_LOGGED = 2_000


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


def unknown_fields(count: int) -> bytes:
    """Write an object of fields that no shape has."""
    return json.dumps({f"field_{number}": 1 for number in range(count)}).encode()


def test_a_large_body_is_refused_unread(client: FlaskClient, token: str) -> None:
    """620,000 unknown fields cost neither a parser's memory nor a long answer."""
    body = unknown_fields(620_000)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        answer = client.post(
            "/api/v1/notes", data=body, headers=bearer(token, **{"Idempotency-Key": "k"})
        )
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()

    assert code_of(answer, 413) == "request_entity_too_large"
    assert len(answer.data) < MOST_ANSWERED
    assert peak < 2_000_000


def test_a_large_body_without_a_length_is_refused(client: FlaskClient, token: str) -> None:
    """What is sent in chunks is read as far as the limit and no further."""
    sent = io.BytesIO(b" " * (MAX_BODY_BYTES * 3))
    answer = client.patch(
        "/api/v1/notes",
        input_stream=sent,
        headers=bearer(token),
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )

    assert code_of(answer, 413) == "request_entity_too_large"
    assert sent.tell() <= 2 * MAX_BODY_BYTES


def test_an_upload_has_a_limit_of_its_own(client: FlaskClient, token: str) -> None:
    """A picture may be larger than a body of JSON, and not larger than its route says."""
    fits = {"file": (io.BytesIO(b"x" * (UPLOAD_BYTES - 2_000)), "a.jpg")}
    does_not = {"file": (io.BytesIO(b"x" * UPLOAD_BYTES), "a.jpg")}

    taken = client.post("/api/v1/uploads", data=fits, headers=bearer(token))
    refused = client.post("/api/v1/uploads", data=does_not, headers=bearer(token))

    assert (taken.status_code, taken.json) == (200, {"bytes": UPLOAD_BYTES - 2_000})
    assert code_of(refused, 413) == "request_entity_too_large"


def test_an_upload_has_few_parts(client: FlaskClient, token: str) -> None:
    """Thousands of form fields are not taken apart."""
    fields = {f"f{number}": "x" for number in range(200)}
    answer = client.post(
        "/api/v1/uploads",
        data=fields | {"file": (io.BytesIO(b"x"), "a.jpg")},
        headers=bearer(token),
    )

    assert code_of(answer, 413) == "request_entity_too_large"


def test_a_long_query_is_refused(client: FlaskClient, token: str) -> None:
    """A query is short, too."""
    answer = client.get(f"/api/v1/notes?cursor={'x' * MAX_QUERY_BYTES}", headers=bearer(token))

    assert code_of(answer, 414) == "request_uri_too_long"


@pytest.mark.parametrize("count", [30, 2_000])
def test_few_faults_are_named_and_all_are_counted(
    client: FlaskClient, token: str, caplog: pytest.LogCaptureFixture, count: int
) -> None:
    """Twenty faults are named, their number is told, and the log is no longer for it."""
    with caplog.at_level(logging.INFO):
        answer = client.patch("/api/v1/notes", data=unknown_fields(count), headers=bearer(token))

    assert code_of(answer, 422) == "validation_failed"
    assert answer.json is not None
    details = answer.json["error"]["details"]
    assert len(details["fields"]) == 20
    assert details["total"] == count + (0 if count > 100 else 1)  # the nickname is missing, too
    assert len(answer.data) < MOST_ANSWERED
    logged = [str(vars(record)) for record in caplog.records]
    assert max(map(len, logged)) < MOST_LOGGED
    assert "field_" not in "".join(logged)


def test_a_long_name_is_cut(client: FlaskClient, token: str) -> None:
    """A field with a name of 50 KB is not told back in full."""
    answer = client.patch("/api/v1/notes", json={"n" * 50_000: 1}, headers=bearer(token))

    assert code_of(answer, 422) == "validation_failed"
    assert len(answer.data) < MOST_ANSWERED


def test_many_faults_in_a_query_are_bounded(client: FlaskClient, token: str) -> None:
    """A query's faults are named like a body's."""
    query = "&".join(f"x{number}=1" for number in range(500))
    answer = client.get(f"/api/v1/notes?{query}", headers=bearer(token))

    assert code_of(answer, 422) == "validation_failed"
    assert answer.json is not None
    assert len(answer.json["error"]["details"]["fields"]) == 20
    assert answer.json["error"]["details"]["total"] == 500


@pytest.mark.parametrize("key", ["", "k-1"])
@pytest.mark.parametrize("depth", [40, 300, 1_000, 5_000])
def test_deep_bodies_are_malformed(client: FlaskClient, token: str, depth: int, key: str) -> None:
    """Nesting beyond any shape is refused before anything walks into it."""
    body = b'{"nickname": ' + b"[" * depth + b"]" * depth + b"}"
    headers = {"Idempotency-Key": key} if key else {}
    answer = client.open(
        "/api/v1/notes",
        method="POST" if key else "PATCH",
        data=body,
        headers=bearer(token, **headers),
    )

    assert code_of(answer, 400) == "malformed_json"


@pytest.mark.parametrize("body", [b"null", b"true", b"5", b'"x"', b"[]"])
@pytest.mark.parametrize("path", ["notes", "wishes"])
def test_what_is_no_object_is_no_body(
    client: FlaskClient, token: str, path: str, body: bytes
) -> None:
    """`null` is not an empty object, not even where every field may be left out."""
    answer = client.patch(f"/api/v1/{path}", data=body, headers=bearer(token))

    assert code_of(answer, 422) == "validation_failed"
    assert answer.json is not None
    assert list(answer.json["error"]["details"]["fields"]) == ["_schema"]
