"""Visits over HTTP: the till, the clerk and the customer."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.conftest import FakeClock
from tests.factories import make_clerk, make_person, make_store
from tests.integration.desk import Phone, code_of, make_desk, sign_in
from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra.db import Database


@dataclass(frozen=True)
class Shop:
    """A store, its till, its clerk and a customer."""

    store_id: str
    customer_id: str
    till: Phone
    clerk: Phone
    customer: Phone


@pytest.fixture
def shop(db: Database) -> Shop:
    """Return a shop that is open."""
    client = make_desk(db).test_client()
    with db.transaction() as tx:
        store_id, customer_id = make_store(tx), make_person(tx)
        make_clerk(tx, store_id)
        sessions = [sign_in(tx, name) for name in ("店员小陈", "李静")]
        key = identity.make_api_key(tx, "till", ["orders"])
    till, clerk, customer = (Phone(client, secret) for secret in (key, *sessions))
    return Shop(store_id, customer_id, till, clerk, customer)


def order(shop: Shop, **changes: object) -> dict[str, object]:
    """Return ¥128 of the customer, with `changes`."""
    return {
        "order_no": "A1",
        "store_id": shop.store_id,
        "customer": {"customer_id": shop.customer_id},
        "amount_fen": 12800,
        "paid_at": "2026-03-02T11:00:00+08:00",
        "items": [{"sku": "noodles", "product_line": "mains", "quantity": 2, "amount_fen": 12800}],
    } | changes


def test_the_till_reports_an_order_once(shop: Shop) -> None:
    """The same order under another key is the same visit; under the same key a replay."""
    first = shop.till.post("/open/v1/orders", order(shop), key="k1")
    again = shop.till.post("/open/v1/orders", order(shop), key="k2")
    replay = shop.till.post("/open/v1/orders", order(shop), key="k1")

    assert first.status == 200
    assert first.json["visit"] == {
        "id": first.json["visit"]["id"],
        "number": 1,
        "amount_fen": 12800,
    }
    assert (again.json["visit"], again.json["is_repeat"]) == (first.json["visit"], True)
    assert replay.data == first.data
    assert replay.headers["Idempotent-Replayed"] == "true"


def test_an_order_that_cannot_be_is_refused_with_its_field(shop: Shop) -> None:
    """Long ago, yet to come, or far too much; within the bounds it is taken."""
    for field, value in (
        ("paid_at", "1999-01-01T00:00:00+08:00"),
        ("paid_at", "2026-03-02T12:00:00+08:00"),
        ("amount_fen", 9_999_999_999),
    ):
        wrong = order(shop, **{field: value})
        refused = shop.till.post("/open/v1/orders", wrong, key=f"wrong {value}")
        assert (refused.status, refused.json["error"]["code"]) == (422, "validation_failed")
        assert list(refused.json["error"]["details"]["fields"]) == [field]

    old = order(shop, paid_at="2025-12-15T11:00:00+08:00", amount_fen=5_000_000)
    assert shop.till.post("/open/v1/orders", old, key="k1").status == 200


def test_a_customer_is_named_in_one_way(shop: Shop) -> None:
    """Phone, openid, unionid or id; two or none are refused, unknown ones not found."""
    for number, name in enumerate(
        ({"phone": "13800000000"}, {"openid": "openid-李静"}, {"customer_id": shop.customer_id})
    ):
        body = order(shop, customer=name, order_no=f"B{number}")
        assert shop.till.post("/open/v1/orders", body).status == 200
    for bad in ({}, {"phone": "13800000000", "customer_id": shop.customer_id}, {"phone": "123"}):
        answer = shop.till.post("/open/v1/orders", order(shop, customer=bad))
        assert code_of(answer) == (422, "validation_failed")
    for unknown in ({"openid": "nobody"}, {"unionid": "nobody"}, {"customer_id": "nobody"}):
        answer = shop.till.post("/open/v1/orders", order(shop, customer=unknown))
        assert code_of(answer) == (404, "not_found")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount_fen": 0}, "amount_fen"),
        ({"amount_fen": 12.5}, "amount_fen"),
        ({"amount_fen": "12800"}, "amount_fen"),
        ({"amount_fen": True}, "amount_fen"),
        ({"paid_at": "2026-03-02T11:00:00"}, "paid_at"),
        ({"order_no": ""}, "order_no"),
        ({"tip": 1}, "tip"),
    ],
)
def test_a_bad_field_is_named(shop: Shop, change: dict[str, object], field: str) -> None:
    """A field that is wrong, unknown or missing is named in the answer."""
    answer = shop.till.post("/open/v1/orders", order(shop, **change))

    assert code_of(answer) == (422, "validation_failed")
    assert field in answer.json["error"]["details"]["fields"]


def test_an_order_needs_an_idempotency_key_and_the_scope(shop: Shop) -> None:
    """No key, no write; a customer's session or a key for something else opens nothing."""
    assert code_of(shop.till.post("/open/v1/orders", order(shop), key="")) == (
        400,
        "idempotency_key_missing",
    )
    assert code_of(shop.customer.post("/open/v1/orders", order(shop)))[0] == 401


def test_refunds_add_up_and_never_exceed_the_order(shop: Shop) -> None:
    """Partial refunds are counted once each; too much is refused and an unknown order not found."""
    shop.till.post("/open/v1/orders", order(shop))
    path = "/open/v1/orders/A1/refunds"

    first = shop.till.post(path, {"refund_no": "R1", "amount_fen": 5000})
    again = shop.till.post(path, {"refund_no": "R1", "amount_fen": 5000})
    too_much = shop.till.post(path, {"refund_no": "R2", "amount_fen": 7801})

    assert (first.json["refunded_total_fen"], again.json["refunded_total_fen"]) == (5000, 5000)
    assert (again.json["id"], again.json["is_repeat"]) == (first.json["id"], True)
    assert code_of(too_much) == (422, "validation_failed")
    assert shop.till.post(path, {"refund_no": "R2", "amount_fen": 7800}).status == 200
    unknown = shop.till.post("/open/v1/orders/A/9/refunds", {"refund_no": "R", "amount_fen": 1})
    assert code_of(unknown) == (404, "not_found")


def test_the_till_reads_a_customers_figures_without_the_name(shop: Shop) -> None:
    """Counts and sums, with the name masked."""
    shop.till.post("/open/v1/orders", order(shop))

    answer = shop.till.get(f"/open/v1/customers/{shop.customer_id}")

    assert answer.json["display_name"] == "李**"
    assert (answer.json["visits"], answer.json["spent_fen"]) == (1, 12800)
    assert code_of(shop.till.get("/open/v1/customers/nobody")) == (404, "not_found")


def test_a_clerk_records_a_visit_by_the_customers_code_or_phone(
    shop: Shop, db: Database, clock: FakeClock
) -> None:
    """The rotating code of the moment, or a phone number, names the customer."""
    token = db.read(lambda tx: identity.personal_token(tx, shop.customer_id).token)
    body = {"store_id": shop.store_id, "amount_fen": 8800, "order_no": "C1"}

    by_code = shop.clerk.post("/api/v1/staff/visits", body | {"customer_token": token})
    by_phone = shop.clerk.post(
        "/api/v1/staff/visits", body | {"phone": "13800000000", "order_no": "C2"}
    )

    assert by_code.json["visit"]["customer"] == {"display_name": "李**"}
    assert (by_code.json["visit"]["number"], by_phone.json["visit"]["number"]) == (1, 1)
    clock.advance(minutes=2)
    late = shop.clerk.post(
        "/api/v1/staff/visits", body | {"customer_token": token, "order_no": "C3"}
    )
    assert code_of(late) == (409, "token_expired")
    forged = shop.clerk.post("/api/v1/staff/visits", body | {"customer_token": "YJM"})
    assert code_of(forged) == (404, "unknown_token")
    both = shop.clerk.post(
        "/api/v1/staff/visits", body | {"customer_token": token, "phone": "13800000000"}
    )
    assert code_of(both) == (422, "validation_failed")


def test_only_the_stores_staff_record_visits(shop: Shop, db: Database) -> None:
    """A customer, and staff of another store, are forbidden."""
    elsewhere = db.run(lambda tx: make_store(tx, "城西店"))
    body = {"phone": "13800000000", "amount_fen": 8800, "order_no": "C1"}

    for who, store_id in ((shop.customer, shop.store_id), (shop.clerk, elsewhere)):
        answer = who.post("/api/v1/staff/visits", body | {"store_id": store_id})
        assert code_of(answer) == (403, "forbidden")


def test_a_customer_reads_and_reviews_own_visits(shop: Shop) -> None:
    """The list says the store and whether a review is open; a review is written once."""
    visit_id = shop.till.post("/open/v1/orders", order(shop)).json["visit"]["id"]
    [item] = shop.customer.get("/api/v1/me/visits").json["items"]
    assert (item["store"]["name"], item["number"], item["reviewable"]) == ("西湖店", 1, True)

    body = {"visit_id": visit_id, "rating": 5, "text": "多亏朋友推荐", "share_with_referrer": True}
    review = shop.customer.post("/api/v1/reviews", body)
    [item] = shop.customer.get("/api/v1/me/visits").json["items"]

    assert review.json["state"] == "checking"
    assert (item["reviewable"], item["review"]["text"]) == (False, "多亏朋友推荐")
    assert code_of(shop.customer.post("/api/v1/reviews", body)) == (409, "already_reviewed")
    assert code_of(shop.clerk.post("/api/v1/reviews", body)) == (404, "not_found")
    assert code_of(shop.customer.post("/api/v1/reviews", body | {"rating": 6}))[0] == 422


def test_a_forgotten_customer_has_no_figures(shop: Shop, db: Database) -> None:
    """Who was erased looks exactly like somebody who never was."""
    db.run(lambda tx: identity.erase(tx, shop.customer_id))

    answer = shop.till.get(f"/open/v1/customers/{shop.customer_id}")

    assert code_of(answer) == (404, "not_found")
    body = order(shop)
    assert code_of(shop.till.post("/open/v1/orders", body)) == (404, "not_found")
