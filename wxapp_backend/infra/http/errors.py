"""The one place where errors become HTTP answers."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from apiflask import APIFlask
from flask import Response, g
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from wxapp_backend.kernel.errors import (
    AppError,
    Forbidden,
    MalformedJson,
    NotFound,
    RateLimited,
    Unauthenticated,
    ValidationFailed,
)

log = logging.getLogger(__name__)

_OF_STATUS: dict[int, type[AppError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    422: ValidationFailed,
    429: RateLimited,
}
"""What the framework's own refusals are called here; the rest go by their own name."""

_OTHER_MESSAGES = {
    405: "不支持这种请求方式",
    413: "内容太大，请压缩后再试",
    414: "请求地址太长",
    415: "不支持这种内容格式",
}
_INTERNAL_MESSAGE = "系统开小差了，请稍后再试"


def register_error_handlers(app: APIFlask) -> None:
    """Answer every failure with `{"error": {"code", "message", "details"}, "request_id"}`."""
    app.register_error_handler(AppError, answer_app_error)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def error_body(code: str, message: str, details: dict[str, Any] | None = None) -> bytes:
    """Write the body that all failures share."""
    return orjson.dumps(
        {
            "error": {"code": code, "message": message, "details": details or {}},
            "request_id": g.get("request_id", ""),
        }
    )


def answer_app_error(error: AppError) -> Response:
    """Answer an expected failure."""
    log.info("refused", extra={"code": error.code})  # details tell of what was sent
    answer = _answer(error_body(error.code, error.message, error.details), error.status)
    if error.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    return answer


def _http(error: HTTPException) -> Response:
    if error.response is not None and isinstance(error.response, Response):
        return error.response
    answer = _by_status(error.code or 500, error.name or "internal")
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _by_status(status: int, name: str) -> Response:
    if status == 400:  # noqa: PLR2004 # HTTP: a body that is no JSON
        return answer_app_error(MalformedJson())
    if status in _OF_STATUS:
        return answer_app_error(_OF_STATUS[status]())
    code = name.lower().replace(" ", "_")
    return _answer(error_body(code, _OTHER_MESSAGES.get(status, _INTERNAL_MESSAGE)), status)


def _unexpected(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    return _answer(error_body("internal", _INTERNAL_MESSAGE), 500)


def _answer(body: bytes, status: int) -> Response:
    return Response(body, status, content_type="application/json")
