"""The three operations with money in them, over HTTP and without: the same transaction twice."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

import orjson
from pydantic import BaseModel

from bench.shop import Shop
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.http.pipeline import Authenticate
from wxapp_backend.infra.idempotency import Key, Stored, fingerprint, run_once

ORDER_FEN = 12800
REGULARS = 200
"""Customers who buy again and again."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request: where to, by whom, with what."""

    path: str
    token: str
    body: dict[str, Any]
    key: str

    def as_http(self, host: str) -> bytes:
        """Return it as it goes over the wire."""
        body = orjson.dumps(self.body)
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: Bearer {self.token}\r\nIdempotency-Key: {self.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation.

    Attributes:
        prepare: makes that many calls, each of which can be done once.
        authenticate: who is let in, and `scope` with what.
        work: what the route does inside the transaction.
    """

    name: str
    prepare: Callable[[Shop, int], list[Call]]
    authenticate: Authenticate
    work: Callable[[Tx, str, dict[str, Any]], object]
    scope: str = ""

    def run(self, db: Database, call: Call) -> int:
        """Do the call without HTTP, and return its status.

        The caller's session, the idempotency key, the savepoint and the stored answer are part of
        the transaction, so they are here too.
        """
        who: list[str] = []

        def key_of(tx: Tx) -> Key:
            caller = self.authenticate(tx, call.token, self.scope)
            who[:] = [caller.id]
            return Key(caller.label, call.key, digest)

        def answer(tx: Tx) -> Stored:
            return Stored(200, orjson.dumps(tx.attempt(work), default=_plain))

        def work(tx: Tx) -> object:
            return self.work(tx, who[0], call.body)

        digest = fingerprint("POST", call.path, orjson.dumps(call.body))
        return run_once(db, key_of, answer).status


def _plain(value: object) -> object:
    return value.model_dump() if isinstance(value, BaseModel) else str(value)


def _call(path: str, token: str, body: dict[str, Any]) -> Call:
    return Call(path, token, body, secrets.token_hex(16))


def _claims(shop: Shop, count: int) -> list[Call]:
    return [
        _call("/api/v1/claims", person.token, {"referral_code": code})
        for person, code in zip(shop.people(count), cycle(shop.codes), strict=False)
    ]


def claims_of(shop: Shop, code: str, count: int) -> list[Call]:
    """Return the claims of so many friends of one referrer."""
    body = {"referral_code": code}
    return [_call("/api/v1/claims", person.token, body) for person in shop.people(count)]


def _claim(tx: Tx, person_id: str, body: dict[str, Any]) -> object:
    return referrals.claim(tx, person_id, code=body["referral_code"])


def _redemptions(shop: Shop, count: int) -> list[Call]:
    """Return calls whose codes are good for half a minute."""

    def codes(tx: Tx) -> Iterator[str]:
        for person_id, coupon_id in issued:
            yield coupons.show_code(tx, person_id, coupon_id).token

    issued = shop.coupons(count)
    return [
        _call(
            "/api/v1/staff/redemptions",
            shop.clerk.token,
            {"token": code, "store_id": shop.store_id, "order_amount_fen": ORDER_FEN},
        )
        for code in shop.assembly.db.read(lambda tx: list(codes(tx)))
    ]


def _redeem(tx: Tx, person_id: str, body: dict[str, Any]) -> object:
    done = coupons.redeem(tx, coupons.NewRedemption(staff_id=person_id, **body))
    return done, coupons.present(tx, [done.coupon])


def _orders(shop: Shop, count: int) -> list[Call]:
    regulars = shop.people(min(count, REGULARS))
    paid_at = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()  # noqa: TID251 # a till's clock
    return [
        _call(
            "/open/v1/orders",
            shop.api_key,
            {
                "order_no": secrets.token_hex(12),
                "store_id": shop.store_id,
                "customer": {"customer_id": person.id},
                "amount_fen": ORDER_FEN,
                "paid_at": paid_at,
            },
        )
        for person in islice(cycle(regulars), count)
    ]


def _report(tx: Tx, _key_id: str, body: dict[str, Any]) -> object:
    return visits.report_by_till(
        tx,
        visits.Order(
            order_no=body["order_no"],
            store_id=body["store_id"],
            customer=visits.CustomerRef(**body["customer"]),
            amount_fen=body["amount_fen"],
            paid_at=datetime.fromisoformat(body["paid_at"]),
        ),
    )


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation("claim", _claims, identity.authenticate, _claim),
        Operation(
            "redeem", _redemptions, stores.make_authenticator(identity.authenticate), _redeem
        ),
        Operation("record a visit", _orders, identity.authenticate_key, _report, "orders"),
    )
}
