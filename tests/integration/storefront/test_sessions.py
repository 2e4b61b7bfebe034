"""Opening the mini-program: the login, what comes with it, and what WeChat may do to it."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from tests.integration.storefront.shop import Shop, error_of
from wxapp_backend.features.identity.models import PersonRow, SessionRow
from wxapp_backend.features.referrals.models import Touch
from wxapp_backend.infra.tables import Base
from wxapp_backend.infra.wechat.errors import (
    NotConfigured,
    OutcomeUnknown,
    PersonBlocked,
    RateLimited,
    Unavailable,
    WeChatError,
)
from wxapp_backend.infra.wechat.miniapp import LoginResult


def count(shop: Shop, table: type[Base]) -> int:
    """Return how many rows a table has."""
    return shop.db.read(
        lambda tx: tx.session.scalars(select(func.count()).select_from(table)).one()
    )


def test_a_login_brings_all_that_the_first_screen_needs(shop: Shop) -> None:
    """The first answer holds the session, the customer, the shop, what it offers and "me"."""
    answer = shop.sign_in()

    assert answer["is_new"] is True
    assert answer["customer"]["nickname"] is None
    assert len(answer["customer"]["referral_code"]) == 8
    assert answer["brand"] == shop.get("/brand").json
    assert answer["capabilities"] == shop.get("/capabilities").json
    assert answer["me"] == shop.get("/me", token=answer["token"]).json
    assert answer["me"]["id"] == answer["customer"]["id"]


def test_a_second_login_is_the_same_customer(shop: Shop) -> None:
    """Another code of the same person leads to the same customer and code."""
    first, second = shop.sign_in(), shop.sign_in()

    assert second["customer"] == first["customer"]
    assert second["is_new"] is False
    assert second["token"] != first["token"]


@pytest.mark.parametrize("code", ["wrong", "used"])
def test_a_code_that_wechat_refuses_is_401(shop: Shop, code: str) -> None:
    """A made-up or used code opens nothing and makes nobody."""
    if code == "used":
        shop.wechat.logins["used"] = LoginResult("o-1", None)
        assert shop.post("/sessions", {"code": "used"}).status_code == 200

    before = count(shop, PersonRow)
    error = error_of(shop.post("/sessions", {"code": code}), 401)

    assert error["code"] == "unauthenticated"
    assert error["message"] == "登录已失效，请重新打开小程序"
    assert count(shop, PersonRow) == before


@pytest.mark.parametrize(
    ("failure", "wait"),
    [
        (Unavailable(-1, "busy"), "2"),
        (OutcomeUnknown(None, "no answer"), "2"),
        (NotConfigured(40125, "invalid appsecret"), "2"),
        (RateLimited(45011, "too often"), "60"),
        (WeChatError(99999, "new code"), "2"),
    ],
)
def test_a_wechat_that_is_away_is_503(
    shop: Shop, failure: WeChatError, wait: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The customer is asked to wait, with a time; the log says why, and nobody is made."""
    shop.wechat.failure = failure

    with caplog.at_level(logging.WARNING):
        answer = shop.post("/sessions", {"code": "any"})

    assert error_of(answer, 503)["code"] == "wechat_unavailable"
    assert answer.headers["Retry-After"] == wait
    assert count(shop, PersonRow) == 0
    assert [getattr(record, "kind", "") for record in caplog.records] == [type(failure).__name__]


def test_whom_wechat_holds_back_is_told_so(shop: Shop) -> None:
    """A person whom WeChat blocks is refused, not asked to try again."""
    shop.wechat.failure = PersonBlocked(40226, "code blocked")

    assert error_of(shop.post("/sessions", {"code": "any"}), 403)["code"] == "forbidden"


@pytest.mark.parametrize(
    "body", [{}, {"code": ""}, {"code": 5}, {"code": "x" * 129}, {"code": "c", "openid": "o"}]
)
def test_a_login_is_checked(shop: Shop, body: object) -> None:
    """Who somebody is comes from WeChat alone: an openid in the body is refused."""
    assert error_of(shop.post("/sessions", body), 422)["code"] == "validation_failed"


def test_a_share_that_led_here_is_noted_once(shop: Shop) -> None:
    """Opening by a friend's code leaves a touch, and the login is the same."""
    referrer = shop.sign_in("o-referrer")

    code = referrer["customer"]["referral_code"].lower()
    friend = shop.sign_in("o-friend", referral_code=code)
    shop.sign_in("o-friend", referral_code=code)

    assert friend["is_new"] is True
    found = shop.db.read(
        lambda tx: tx.session.execute(select(Touch.referrer_id, Touch.friend_id)).all()
    )
    assert [tuple(row) for row in found] == [(referrer["customer"]["id"], friend["customer"]["id"])]


@pytest.mark.parametrize("code", ["ZZZZZZZZ", "", "no code at all", "🌸", "x" * 64])
def test_an_unknown_code_keeps_nobody_out(shop: Shop, code: str) -> None:
    """A code that is nobody's is left aside."""
    assert shop.sign_in(referral_code=code)["is_new"] is True
    assert count(shop, Touch) == 0


def test_ones_own_code_counts_for_nothing(shop: Shop) -> None:
    """Opening one's own share signs in and leaves no touch."""
    mine = shop.sign_in()["customer"]["referral_code"]

    assert shop.sign_in(referral_code=mine)["is_new"] is False
    assert count(shop, Touch) == 0


def test_first_logins_at_once_make_one_customer(shop: Shop) -> None:
    """Six simultaneous first logins of one openid: one customer, one code, six sessions."""
    for number in range(6):
        shop.wechat.logins[f"c-{number}"] = LoginResult("o-1", "u-1")

    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda number: shop.post("/sessions", {"code": f"c-{number}"}), range(6))
        )

    bodies = [answer.json for answer in answers if answer.json is not None]
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({body["customer"]["id"] for body in bodies}) == 1
    assert len({body["customer"]["referral_code"] for body in bodies}) == 1
    assert sum(body["is_new"] for body in bodies) == 1
    assert (count(shop, PersonRow), count(shop, SessionRow)) == (1, 6)


def test_no_log_line_names_openid_or_token(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """What a login writes to the log names neither what WeChat calls the person nor the token."""
    with caplog.at_level(logging.DEBUG):
        session = shop.sign_in("o-secret-openid", "u-secret-unionid", referral_code="ZZZZZZZZ")

    written = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "answered" in written
    for secret in ("o-secret-openid", "u-secret-unionid", session["token"]):
        assert secret not in written


def test_the_shop_says_what_it_is_and_has(shop: Shop) -> None:
    """Brand and capabilities need no token, and offer only what is answered."""
    brand, capabilities = shop.get("/brand").json, shop.get("/capabilities").json

    assert brand is not None
    assert capabilities is not None
    assert (brand["name"], brand["color"], brand["phone"]) == ("青禾小馆", "#C8402F", None)
    assert capabilities["features"]["avatar"] is True
    assert capabilities["features"]["posters"] is False  # this application has no such routes
    assert capabilities["subscription_templates"] == [
        {"key": "success", "template_id": "tpl-success", "title": "推荐成功通知"}
    ]
    assert capabilities["undo_minutes"] == 10
