"""A small application with the counter's, the till's and the customer's routes, for tests."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from wxapp_backend.features.coupons import routes as coupons
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.points import routes as points
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import routes as visits
from wxapp_backend.features.visits.domain import USUAL
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.http.bodies import read_json_strictly
from wxapp_backend.infra.http.errors import register_error_handlers
from wxapp_backend.infra.http.journal import keep_journal
from wxapp_backend.infra.http.limits import Limiter
from wxapp_backend.infra.http.pipeline import Pipeline

UNDO_MINUTES = 10


def make_desk(db: Database) -> APIFlask:
    """Build the application around a database."""
    pipeline = Pipeline(
        db,
        {
            "customer": identity.authenticate,
            "staff": stores.make_authenticator(identity.authenticate),
            "api_key": identity.authenticate_key,
        },
        Limiter(redis_url="", per_address=10_000, per_caller=10_000),
    )
    app = APIFlask("desk", title="desk", version="1")
    read_json_strictly(app)
    register_error_handlers(app)
    keep_journal(app, CollectorRegistry())
    pipeline.watch(app)
    app.register_blueprint(points.make_blueprint(pipeline))
    for blueprint in (
        *visits.make_blueprints(pipeline, USUAL),
        *coupons.make_blueprints(pipeline, undo_minutes=UNDO_MINUTES),
    ):
        app.register_blueprint(blueprint)
    return app


def sign_in(tx: Tx, nickname: str) -> str:
    """Return a session of the person whom `factories.make_person` makes under this nickname."""
    openid = f"openid-{nickname}"
    return identity.sign_in(tx, app="mini_program", openid=openid, unionid=None, days=30).token


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    json: Any
    data: bytes
    headers: Headers


class Phone:
    """Somebody who calls the API with a session or an API key."""

    def __init__(self, client: FlaskClient, secret: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path: str) -> Answer:
        """Read."""
        return _answer(self._client.get(path, headers=self._headers))

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> Answer:
        """Write, under a fresh idempotency key unless one is given; "" sends none."""
        key = secrets.token_hex(16) if key is None else key
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        return _answer(self._client.post(path, json=body, headers=headers))


def code_of(answer: Answer) -> tuple[int, str]:
    """Return the status and the error's code."""
    return answer.status, answer.json["error"]["code"]


def _answer(response: TestResponse) -> Answer:
    return Answer(response.status_code, response.get_json(), response.data, response.headers)
