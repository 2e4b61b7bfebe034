"""What an authenticated read costs, against a Flask view that returns the same bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response

from bench.operations import OPERATIONS, claims_of
from bench.shop import open_shop
from bench.statements import queries, recorded
from bench.table import Row
from bench.turns import cpu_seconds
from bench.wsgi_calls import Environ, ask, environ
from wxapp_backend.app import build_app

FRIENDS = 5
"""Friends whom the referrer has brought; the first of them reads the other pages."""

GOAL = 4.0


def rows() -> list[Row]:
    """Measure `/me`, `/me/coupons` and `/me/referrals` in-process, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        shop = open_shop(f"sqlite:///{folder}/reads.db", Path(folder))
        claim = OPERATIONS["claim"]
        claims = claims_of(shop, shop.codes[0], FRIENDS)
        for call in claims:
            claim.run(shop.assembly.db, call)
        readers = {
            "/me": claims[0].token,
            "/me/coupons": claims[0].token,
            "/me/referrals": shop.referrer.token,
        }
        app = build_app(shop.assembly)
        found = []
        for path, token in readers.items():
            request = environ(f"/api/v1{path}", token=token)
            with recorded(shop.assembly.db.engine) as seen:
                body = ask(app, request)
            taken = cpu_seconds({"ours": _reading(app, request), "flask": _constant(body)})
            ratio = taken["ours"] / taken["flask"]
            note = (
                f"{taken['ours'] * 1e3:.2f} ms against {taken['flask'] * 1e3:.2f} ms CPU; "
                f"{queries(seen)} queries, {len(body)} bytes"
            )
            found.append(Row(f"GET {path}", "Flask view, same bytes", ratio, GOAL, note=note))
        shop.assembly.db.engine.dispose()
    return found


def _reading(app: Flask, request: Environ) -> Callable[[], object]:
    return lambda: ask(app, request)


def _constant(body: bytes) -> Callable[[], object]:
    """Return a call to a bare Flask view that answers `body`."""
    bare = Flask("bare")

    @bare.get("/same")
    def same() -> Response:
        return Response(body, content_type="application/json")

    return _reading(bare, environ("/same"))
