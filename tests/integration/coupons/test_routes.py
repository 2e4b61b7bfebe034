"""Coupons over HTTP: the wallet and the counter."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, event

from tests.conftest import FakeClock
from tests.factories import make_clerk, make_coupon, make_person, make_store
from tests.integration.desk import Phone, code_of, make_desk, sign_in
from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra.db import Database


@dataclass(frozen=True)
class Desk:
    """A store, its clerk, a customer with one coupon, and a stranger."""

    store_id: str
    customer_id: str
    coupon_id: str
    clerk: Phone
    customer: Phone
    stranger: Phone

    def code(self) -> str:
        """Return the coupon's code of the moment."""
        answer = self.customer.post(f"/api/v1/me/coupons/{self.coupon_id}/token", {})
        return str(answer.json["token"])

    def order(self, **changes: object) -> dict[str, object]:
        """Return what the clerk sends."""
        return {
            "token": self.code(),
            "store_id": self.store_id,
            "order_amount_fen": 12800,
        } | changes


@pytest.fixture
def desk(db: Database) -> Desk:
    """Return a counter with a customer in front of it."""
    client = make_desk(db).test_client()
    with db.transaction() as tx:
        store_id, customer_id = make_store(tx), make_person(tx)
        make_clerk(tx, store_id)
        coupon = make_coupon(tx, customer_id)
        make_person(tx, "Ben")
        names = ("店员小陈", "李静", "Ben")
        phones = [Phone(client, sign_in(tx, name)) for name in names]
    return Desk(store_id, customer_id, coupon.id, *phones)


def test_a_coupon_has_all_that_a_phone_shows(desk: Desk) -> None:
    """The list and the single coupon say the same, in natural words."""
    [item] = desk.customer.get("/api/v1/me/coupons").json["items"]

    assert item == desk.customer.get(f"/api/v1/me/coupons/{desk.coupon_id}").json
    assert (item["title"], item["kind"], item["state"]) == ("新人立减券", "amount_off", "available")
    assert (item["discount_fen"], item["threshold_fen"], item["percent_off"]) == (2000, 10000, None)
    assert (item["source"], item["stores"]) == ("王**推荐", [])
    assert item["terms"][0] == "单笔消费满 ¥100 可用。"


def test_anothers_coupon_looks_like_a_missing_one(desk: Desk) -> None:
    """The stranger's answers for the coupon and for nonsense differ in nothing."""
    for path in ("/api/v1/me/coupons/{}", "/api/v1/me/coupons/{}/token"):
        ask = desk.stranger.get if path.endswith("{}") else lambda p: desk.stranger.post(p, {})
        real, missing = (ask(path.format(name)) for name in (desk.coupon_id, "missing"))
        assert code_of(real) == code_of(missing) == (404, "not_found")
        assert real.json["error"] == missing.json["error"]


def test_a_redemption_answers_what_the_clerk_needs(desk: Desk) -> None:
    """Discount, what is to be paid, the visit and how long it can be undone."""
    answer = desk.clerk.post("/api/v1/staff/redemptions", desk.order(order_no="A1"))

    body = answer.json
    assert answer.status == 200
    assert (body["discount_fen"], body["payable_fen"]) == (2000, 10800)
    assert (body["visit"]["number"], body["coupon"]["state"]) == (1, "used")
    assert body["undo_seconds"] == 600


def test_the_same_request_twice_has_one_effect(desk: Desk) -> None:
    """A retry gets the first answer again; a new request for the used coupon is refused."""
    order = desk.order()
    first = desk.clerk.post("/api/v1/staff/redemptions", order, key="same")
    again = desk.clerk.post("/api/v1/staff/redemptions", order, key="same")

    assert again.data == first.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert code_of(desk.clerk.post("/api/v1/staff/redemptions", order)) == (409, "coupon_used")
    assert len(desk.customer.get("/api/v1/me/visits").json["items"]) == 1


def test_refusals_carry_the_contracts_codes(desk: Desk, clock: FakeClock) -> None:
    """Threshold, age of the code, forgery and rights, each with its own code."""
    path = "/api/v1/staff/redemptions"
    order = desk.order()
    small = desk.clerk.post(path, order | {"order_amount_fen": 9999})
    assert code_of(small) == (409, "threshold_not_met")
    assert small.json["error"]["details"]["threshold_fen"] == 10000
    assert code_of(desk.clerk.post(path, order | {"token": "x"})) == (404, "unknown_token")
    assert code_of(desk.stranger.post(path, order)) == (403, "forbidden")
    assert code_of(desk.clerk.post(path, order, key=""))[1] == "idempotency_key_missing"
    clock.advance(minutes=2)
    assert code_of(desk.clerk.post(path, order)) == (409, "token_expired")
    clock.advance(days=40)
    fresh = desk.customer.post(f"/api/v1/me/coupons/{desk.coupon_id}/token", {})
    assert code_of(fresh)[0] in (401, 409)


def test_a_scan_says_whose_and_which_coupon(desk: Desk, db: Database) -> None:
    """A coupon's code shows the coupon, a customer's own code the masked name only."""
    body = {"token": desk.code(), "store_id": desk.store_id}
    coupon = desk.clerk.post("/api/v1/staff/scan", body).json
    own = db.read(lambda tx: identity.personal_token(tx, desk.customer_id).token)
    customer = desk.clerk.post("/api/v1/staff/scan", body | {"token": own}).json

    assert (coupon["kind"], coupon["coupon"]["id"]) == ("coupon", desk.coupon_id)
    assert (customer["kind"], customer["coupon"]) == ("customer", None)
    assert customer["customer"] == {"display_name": "李**", "visits": 0}
    assert code_of(desk.clerk.post("/api/v1/staff/scan", body | {"token": "?"}))[0] == 404


def test_a_scanned_customer_code_waits_for_the_amount(
    desk: Desk, db: Database, clock: FakeClock
) -> None:
    """After a scan the clerk may take minutes to type the amount."""
    own = db.read(lambda tx: identity.personal_token(tx, desk.customer_id).token)
    desk.clerk.post("/api/v1/staff/scan", {"token": own, "store_id": desk.store_id})
    clock.advance(minutes=4)
    body = {"customer_token": own, "store_id": desk.store_id, "amount_fen": 100}

    assert desk.clerk.post("/api/v1/staff/visits", body).json["visit"]["number"] == 1
    clock.advance(minutes=2)
    assert code_of(desk.clerk.post("/api/v1/staff/visits", body)) == (409, "token_expired")


def test_an_undo_over_http(desk: Desk, clock: FakeClock) -> None:
    """In time it restores the coupon; too late it is refused; another's looks missing."""
    done = desk.clerk.post("/api/v1/staff/redemptions", desk.order()).json
    path = f"/api/v1/staff/redemptions/{done['id']}/undo"

    assert code_of(desk.stranger.post(path, {})) == (403, "forbidden")
    assert desk.clerk.post(path, {}).json["id"] == done["id"]
    assert desk.customer.get(f"/api/v1/me/coupons/{desk.coupon_id}").json["state"] == "available"
    again = desk.clerk.post("/api/v1/staff/redemptions", desk.order()).json
    clock.advance(minutes=11)
    late = desk.clerk.post(f"/api/v1/staff/redemptions/{again['id']}/undo", {})
    assert code_of(late) == (409, "undo_too_late")
    missing = desk.clerk.post("/api/v1/staff/redemptions/missing/undo", {})
    assert code_of(missing) == (404, "not_found")


def test_todays_figures(desk: Desk) -> None:
    """Sums and the newest lines, no visit listed twice; the store may be left out."""
    desk.clerk.post("/api/v1/staff/redemptions", desk.order())
    body = {"phone": "13800000000", "store_id": desk.store_id, "amount_fen": 5000}
    desk.clerk.post("/api/v1/staff/visits", body)

    today = desk.clerk.get("/api/v1/staff/today").json

    assert today == desk.clerk.get(f"/api/v1/staff/today?store_id={desk.store_id}").json
    assert today["visits"] == {"count": 2, "amount_fen": 15800}
    assert today["redemptions"] == {"count": 1, "discount_fen": 2000}
    assert {(line["kind"], line["undoable"]) for line in today["recent"]} == {
        ("redemption", True),
        ("visit", False),
    }
    assert {line["customer"] for line in today["recent"]} == {"李**", "***"}
    assert code_of(desk.stranger.get("/api/v1/staff/today")) == (403, "forbidden")
    assert code_of(desk.clerk.get("/api/v1/staff/today?store_id=other")) == (403, "forbidden")


def test_lists_take_the_same_number_of_queries_however_long(
    desk: Desk, db: Database, engine: Engine
) -> None:
    """One coupon or twenty: the list's queries stay as many."""
    counts = []
    for _ in range(2):
        statements: list[str] = []

        def note(*arguments: object, seen: list[str] = statements) -> None:
            seen.append(str(arguments[2]))

        event.listen(engine, "before_cursor_execute", note)
        assert desk.customer.get("/api/v1/me/coupons?limit=50").status == 200
        assert desk.customer.get("/api/v1/me/visits?limit=50").status == 200
        assert desk.clerk.get("/api/v1/staff/today").status == 200
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
        for number in range(19):
            db.run(lambda tx, n=number: make_coupon(tx, desk.customer_id, f"more {n}"))  # type: ignore[misc] # bound now
    assert counts[0] == counts[1]
