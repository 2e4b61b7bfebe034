"""Requests that go into an application without a network: only our own work is measured."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

Environ = dict[str, Any]


def environ(path: str, *, body: bytes = b"", token: str = "") -> Environ:
    """Return what a server would hand over for this request; it can be used again and again."""
    builder = EnvironBuilder(
        path=path.partition("?")[0],
        query_string=path.partition("?")[2],
        method="POST" if body else "GET",
        headers=[("Authorization", f"Bearer {token}")] if token else [],
        content_type="text/xml" if body else None,
    )
    made = builder.get_environ()
    made["CONTENT_LENGTH"] = str(len(body))
    made["bench.body"] = body
    return made


def ask(app: Flask, request: Environ) -> bytes:
    """Return the body of the answer.

    Raises:
        RuntimeError: the status was none of the 200s.
    """
    status: list[str] = []

    def start(line: str, *_rest: Any) -> Callable[[bytes], object]:
        status.append(line)
        return lambda _: None

    fresh = {**request, "wsgi.input": io.BytesIO(request["bench.body"])}
    answer: Iterable[bytes] = app.wsgi_app(fresh, start)
    body = b"".join(answer)
    if close := getattr(answer, "close", None):
        close()
    if not status[0].startswith("2"):
        raise RuntimeError(f"{status[0]}: {body[:300]!r}")
    return body
