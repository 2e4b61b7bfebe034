"""The storefront behind the real pipeline, and a WeChat that knows who has which code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry
from werkzeug.test import TestResponse

from tests.settings import make_settings
from wxapp_backend.drawing.decoder import ImageDecoder
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.storefront.api import Front
from wxapp_backend.features.storefront.routes import make_blueprints
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.http.bodies import read_json_strictly
from wxapp_backend.infra.http.errors import register_error_handlers
from wxapp_backend.infra.http.journal import keep_journal
from wxapp_backend.infra.http.limits import Limiter
from wxapp_backend.infra.http.pipeline import Pipeline
from wxapp_backend.infra.storage import LocalFolder
from wxapp_backend.infra.wechat.errors import BadCode, WeChatError
from wxapp_backend.infra.wechat.miniapp import LoginResult, Phone

LINK_BASE = "https://shop.example"


@dataclass
class FakeWeChat:
    """Knows whom each code stands for, takes each once, and fails when told to."""

    logins: dict[str, LoginResult] = field(default_factory=dict)
    phones: dict[str, tuple[str | None, Phone]] = field(default_factory=dict)
    failure: WeChatError | None = None

    def login(self, code: str) -> LoginResult:
        """Exchange a login code."""
        if self.failure is not None:
            raise self.failure
        if code not in self.logins:
            raise BadCode(40029, "invalid code")
        return self.logins.pop(code)

    def phone(self, code: str, openid: str | None = None) -> Phone:
        """Exchange a phone code, for the person who made it alone."""
        if self.failure is not None:
            raise self.failure
        if code not in self.phones or self.phones[code][0] != openid:
            raise BadCode(40029, "invalid code")
        return self.phones.pop(code)[1]


@dataclass
class Shop:
    """The application and what surrounds it."""

    app: APIFlask
    wechat: FakeWeChat
    db: Database
    files: Path

    @property
    def client(self) -> FlaskClient:
        """Return a fresh phone."""
        return self.app.test_client()

    def post(self, path: str, body: object = None, *, token: str = "") -> TestResponse:
        """POST JSON, with a session if one is given."""
        return self.client.post(f"/api/v1{path}", json=body, headers=headers(token))

    def get(self, path: str, *, token: str = "") -> TestResponse:
        """GET, with a session if one is given."""
        return self.client.get(f"/api/v1{path}", headers=headers(token))

    def patch(self, path: str, body: object, *, token: str) -> TestResponse:
        """PATCH JSON."""
        return self.client.patch(f"/api/v1{path}", json=body, headers=headers(token))

    def sign_in(
        self, openid: str = "o-1", unionid: str | None = None, referral_code: str | None = None
    ) -> dict[str, Any]:
        """Return the answer to a login."""
        self.wechat.logins["code"] = LoginResult(openid, unionid)
        body = {"code": "code"}
        if referral_code is not None:
            body["referral_code"] = referral_code
        answer = self.post("/sessions", body)
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        return dict(answer.json)


def headers(token: str) -> dict[str, str]:
    """Return the credential's header."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def error_of(answer: TestResponse, status: int) -> dict[str, Any]:
    """Return the error of a refusal after checking its status."""
    assert answer.status_code == status, answer.text
    assert answer.json is not None
    return dict(answer.json["error"])


def open_shop(db: Database, files: Path, decoder: ImageDecoder) -> Shop:
    """Build the application."""
    settings = make_settings(
        SERVER__LINK_BASE=LINK_BASE,
        BRAND__NAME="青禾小馆",
        WECHAT__TEMPLATES__SUCCESS__MINI_PROGRAM_ID="tpl-success",
    )
    pipeline = Pipeline(
        db,
        {
            "customer": identity.authenticate,
            "staff": stores.make_authenticator(identity.authenticate),
        },
        Limiter(redis_url="", per_address=10_000, per_caller=10_000),
    )
    app = APIFlask("storefront", title="test", version="1")
    read_json_strictly(app)
    register_error_handlers(app)
    keep_journal(app, CollectorRegistry())
    pipeline.watch(app)
    wechat = FakeWeChat()
    front = Front(db, settings, wechat, LocalFolder(files), decoder)
    for blueprint in make_blueprints(pipeline, front):
        app.register_blueprint(blueprint)
    return Shop(app, wechat, db, files)
