"""Errors that a caller of the API is meant to see.

Every expected failure is a subclass of `AppError`. The class holds one stable code and one sentence
for people; `infra.http` is the only place that turns it into a status and a body.
"""

from __future__ import annotations

from typing import ClassVar

Detail = str | int | bool | None | list[str] | dict[str, list[str]]


class AppError(Exception):
    """An expected failure: safe to show, never a bug.

    Attributes:
        code: flat, stable name; clients match on it.
        status: HTTP status that the route layer answers with.
        message: what a person reads, in Chinese.
        retry_after_seconds: when set, sent as `Retry-After`.
        details: JSON-ready facts about the failure; no personal data.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    message: ClassVar[str]
    retry_after_seconds: int | None = None

    def __init__(self, **details: Detail) -> None:
        super().__init__(self.code)
        self.details = details


class BadRequest(AppError):
    """The request cannot be read."""

    status = 400


class MalformedJson(BadRequest):
    """The body is not the JSON object that the endpoint reads."""

    code = "malformed_json"
    message = "请求内容无法识别"


class IdempotencyKeyMissing(BadRequest):
    """An `Idempotency-Key` of 1 to 64 characters is needed here."""

    code = "idempotency_key_missing"
    message = "请求缺少幂等键"


class Unauthenticated(AppError):
    """No valid credential came with the request."""

    code = "unauthenticated"
    status = 401
    message = "请先登录"


class Forbidden(AppError):
    """The caller is known, but may not do this."""

    code = "forbidden"
    status = 403
    message = "没有权限进行此操作"


class NotFound(AppError):
    """The named thing does not exist, or the caller may not know that it does."""

    code = "not_found"
    status = 404
    message = "没有找到相应内容"


class Conflict(AppError):
    """The request is valid, but the present state forbids it."""

    code = "conflict"
    status = 409
    message = "当前状态下无法完成操作"


class InProgress(Conflict):
    """The same request is still being carried out."""

    code = "in_progress"
    message = "正在处理，请稍候"
    retry_after_seconds = 1


class Unprocessable(AppError):
    """The request can be read, but a value in it is not acceptable."""

    status = 422


class ValidationFailed(Unprocessable):
    """One or more fields are missing, unknown or out of range.

    Details name them under `fields`; where they are many, `total` counts all and a few are named.
    """

    code = "validation_failed"
    message = "填写的内容有误，请检查后再试"


class IdempotencyKeyReused(Unprocessable):
    """The key was used before, with another body."""

    code = "idempotency_key_reused"
    message = "幂等键已用于另一请求"


class RateLimited(AppError):
    """Too many requests; try again after `Retry-After`."""

    code = "rate_limited"
    status = 429
    message = "操作太频繁，请稍后再试"
    retry_after_seconds = 1


class Busy(AppError):
    """Others were in the way each time that it was tried; nothing was done."""

    code = "busy"
    status = 503
    message = "现在人有点多，请稍后再试"
    retry_after_seconds = 1


class InvariantBroken(RuntimeError):
    """A state that the code holds impossible was met; a bug, so never an `AppError`."""
