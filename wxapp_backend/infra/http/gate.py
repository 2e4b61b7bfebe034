"""What is judged about every request before its view: how large it is, and how often one asks."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge, RequestURITooLarge

MAX_BODY_BYTES = 64 * 1024
"""What a body of JSON may have; an upload's route says otherwise."""

MAX_QUERY_BYTES = 4 * 1024

_MAX_PARTS = 20


def guard(app: Flask) -> None:
    """Refuse what is too large before anything of it is read."""
    # One more than fits: a stream without a length is cut there, and so seen to be too long.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES + 1
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.config["MAX_FORM_PARTS"] = _MAX_PARTS

    @app.before_request
    def judge() -> None:
        view: Any = app.view_functions.get(request.endpoint or "")
        most: int = getattr(view, "max_body_bytes", MAX_BODY_BYTES)
        if most != MAX_BODY_BYTES:
            request.max_content_length = most  # for bodies that do not tell their length
        if (request.content_length or 0) > most:
            raise RequestEntityTooLarge
        if len(request.query_string) > MAX_QUERY_BYTES:
            raise RequestURITooLarge
