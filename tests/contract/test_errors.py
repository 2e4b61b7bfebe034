"""Errors: the contract's codes, each once, each with words for people."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from wxapp_backend.kernel.errors import AppError

CONTRACT = {
    "malformed_json": 400,
    "idempotency_key_missing": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "unknown_referral_code": 404,
    "unknown_token": 404,
    "not_new_customer": 409,
    "self_referral": 409,
    "already_referred": 409,
    "campaign_ended": 409,
    "budget_exhausted": 409,
    "sold_out": 409,
    "coupon_used": 409,
    "coupon_expired": 409,
    "coupon_not_valid_here": 409,
    "threshold_not_met": 409,
    "token_expired": 409,
    "undo_too_late": 409,
    "in_progress": 409,
    "validation_failed": 422,
    "idempotency_key_reused": 422,
    "rate_limited": 429,
}


@pytest.fixture
def errors(app: APIFlask) -> list[type[AppError]]:
    """Return every error class with a code; building the app has imported them all."""
    assert app.view_functions
    found: list[type[AppError]] = []
    waiting: list[type[AppError]] = [AppError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found.append(kind)
            waiting.append(kind)
    return [kind for kind in found if hasattr(kind, "code")]


def test_codes_and_statuses_are_the_contracts(errors: list[type[AppError]]) -> None:
    """Clients match on codes: each exists, with its status."""
    statuses = {kind.code: kind.status for kind in errors}
    assert {code: statuses.get(code) for code in CONTRACT} == CONTRACT


def test_each_code_has_one_status(errors: list[type[AppError]]) -> None:
    """Two classes may share a code, where two features mean the same, but not two statuses."""
    statuses: dict[str, set[int]] = {}
    for kind in errors:
        statuses.setdefault(kind.code, set()).add(kind.status)
    assert {code for code, found in statuses.items() if len(found) > 1} == set()


def test_each_error_speaks_chinese(errors: list[type[AppError]]) -> None:
    """The message is shown to customers as it is."""
    silent = [
        kind.__name__
        for kind in errors
        if not any("\u4e00" <= character <= "\u9fff" for character in kind.message)
    ]
    assert silent == []
