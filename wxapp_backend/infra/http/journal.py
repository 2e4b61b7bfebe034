"""Each request gets an id and leaves one line in the log and one count in the metrics."""

from __future__ import annotations

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Histogram

_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

log = logging.getLogger("request")


def keep_journal(app: Flask, registry: CollectorRegistry) -> None:
    """Give requests ids, log them by route (never by address: it may hold secrets), count them."""
    seconds = Histogram(
        "http_request_seconds",
        "Time from the request's arrival to its answer",
        ("route", "status"),
        registry=registry,
    )

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "(none)"
        took = time.perf_counter() - g.get("began", time.perf_counter())
        seconds.labels(route, str(response.status_code)).observe(took)
        log.info(
            "answered",
            extra={
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "ms": round(took * 1000, 1),
                "request_id": g.get("request_id", ""),
            },
        )
        response.headers["X-Request-Id"] = g.get("request_id", "")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
