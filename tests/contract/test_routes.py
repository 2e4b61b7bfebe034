"""Every route: declared, guarded, described."""

from __future__ import annotations

import re
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from wxapp_backend.infra.http.gate import MAX_BODY_BYTES

PUBLIC = {
    "/healthz",
    "/metrics",
    "/readyz",
    "/api/v1/brand",
    "/api/v1/capabilities",
    "/api/v1/sessions",
    "/api/v1/stores",
    "/api/v1/campaigns",
    "/api/v1/campaigns/<campaign_id>",
    "/media/avatars/<name>.jpg",
    "/media/poster-templates/<name>/preview.jpg",
    "/media/posters/<image_key>.jpg",
    "/r/<code>",
    "/wechat/mini-program",
    "/wechat/official-account",
}
"""Routes that need no token, each for a reason that its docstring or summary gives."""

UNDESCRIBED = {"/openapi.json", "/docs", "/docs/oauth2-redirect", "/docs/assets/<name>"}
KEYED = {
    ("POST", "/api/v1/claims"),
    ("POST", "/api/v1/staff/redemptions"),
    ("POST", "/api/v1/staff/redemptions/<redemption_id>/undo"),
    ("POST", "/api/v1/staff/visits"),
    ("POST", "/open/v1/orders"),
    ("POST", "/open/v1/orders/<path:order_no>/refunds"),
}
"""Operations with money in them: refused without an `Idempotency-Key`."""


UPLOADS = {"/api/v1/me/avatar": 6 * 1024 * 1024}
"""Routes that take more than a small body, and how much."""


def operations(app: APIFlask) -> list[tuple[str, Rule]]:
    """Return every method and rule but the framework's own."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.rule not in UNDESCRIBED and rule.endpoint != "static"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def example(rule: str) -> str:
    """Fill the variable parts of a rule."""
    return re.sub(r"<[^>]+>", "x", rule)


def test_every_route_declares_its_audience(app: APIFlask) -> None:
    """No view is reachable that did not go through the pipeline."""
    bare = [
        rule.rule
        for _, rule in operations(app)
        if not hasattr(app.view_functions[rule.endpoint], "audience")
    ]
    assert bare == []


def test_public_routes_are_the_listed_ones(app: APIFlask) -> None:
    """A route is open to everybody by decision, never by omission."""
    found = {
        rule.rule
        for _, rule in operations(app)
        if getattr(app.view_functions[rule.endpoint], "audience", None) == "public"
    }
    assert found == PUBLIC


def test_all_others_refuse_who_has_no_token(app: APIFlask, client: FlaskClient) -> None:
    """Without a token the answer is 401, whatever else is wrong with the request."""
    open_to_strangers = []
    for method, rule in operations(app):
        if rule.rule in PUBLIC:
            continue
        answer = client.open(example(rule.rule), method=method)
        if answer.status_code != 401:
            open_to_strangers.append((method, rule.rule, answer.status_code))
    assert open_to_strangers == []


def test_map_equals_description(app: APIFlask) -> None:
    """There is no route that the API's description does not know, and the other way round."""
    described = {
        (method.upper(), path)
        for path, methods in app.spec["paths"].items()  # type: ignore[index, union-attr] # a dict
        for method in methods
        if method != "parameters"
    }
    mapped = {
        (method, re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule))
        for method, rule in operations(app)
    }
    assert mapped == described


def test_every_operation_has_a_summary(app: APIFlask) -> None:
    """The description is for people."""
    silent = [
        (method, path)
        for path, methods in app.spec["paths"].items()  # type: ignore[index, union-attr] # a dict
        for method, operation in methods.items()
        if method != "parameters" and not operation.get("summary")
    ]
    assert silent == []


@pytest.mark.parametrize("operation", sorted(KEYED), ids=" ".join)
def test_money_needs_a_key(app: APIFlask, operation: tuple[str, str]) -> None:
    """The view behind each of these was declared with a required key."""
    method, path = operation
    [rule] = [r for m, r in operations(app) if (m, r.rule) == (method, path)]
    assert getattr(app.view_functions[rule.endpoint], "key_policy", None) == "required"


def test_bodies_are_small(app: APIFlask) -> None:
    """Only an upload may be larger than a body of JSON."""
    views: dict[str, Any] = dict(app.view_functions)
    larger = {
        rule.rule: views[rule.endpoint].max_body_bytes
        for _, rule in operations(app)
        if getattr(views[rule.endpoint], "max_body_bytes", 0) > MAX_BODY_BYTES
    }
    assert larger == UPLOADS


def test_inputs_are_read_behind_the_pipeline(app: APIFlask) -> None:
    """No input of a route is judged before its caller is known."""
    for _, rule in operations(app):
        view: Any = app.view_functions[rule.endpoint]
        notes = getattr(view, "_spec", {})
        described = len(notes.get("args") or ()) + ("body" in notes)
        assert len(view.readers) == described, rule.rule
