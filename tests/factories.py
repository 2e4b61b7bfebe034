"""Makes valid people, stores and visits for tests, by calling the services that make them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.rows import EventRow


def events(tx: Tx, name: str) -> list[dict[str, Any]]:
    """Return the payloads of the events of one name, oldest first, with those of `tx` itself."""
    rows = select(EventRow.payload).where(EventRow.name == name).order_by(EventRow.id)
    emitted = [dict(each.payload) for each in tx.emitted if each.event.name == name]
    return [*tx.session.scalars(rows), *emitted]


def make_person(tx: Tx, nickname: str = "李静") -> str:
    """Return somebody of this nickname who came through the mini-program; one for each nickname."""
    signed_in = identity.sign_in(
        tx, app="mini_program", openid=f"openid-{nickname}", unionid=None, days=30
    )
    change = identity.ProfileChange(frozenset({"nickname"}), nickname=nickname)
    identity.update_profile(tx, signed_in.person.id, change)
    return signed_in.person.id


def make_store(tx: Tx, name: str = "西湖店") -> str:
    """Return a store."""
    return stores.add_store(tx, name=name).id


def make_clerk(tx: Tx, store_id: str, nickname: str = "店员小陈") -> str:
    """Return somebody who works in the store."""
    person_id = make_person(tx, nickname)
    stores.join(tx, person_id, stores.invite(tx, store_id, "clerk"))
    return person_id


def make_visit(
    tx: Tx, person_id: str, store_id: str, amount_fen: int = 12800, order_no: str | None = None
) -> visits.Visit:
    """Return a visit that the till reports now."""
    new = visits.NewVisit(
        person_id=person_id,
        store_id=store_id,
        amount_fen=amount_fen,
        paid_at=tx.now,
        source="till",
        order_no=order_no,
    )
    return visits.record(tx, new)


def make_coupon(tx: Tx, person_id: str, cause: str = "cause", **changes: object) -> coupons.Coupon:
    """Return a coupon: ¥20 off from ¥100 for 30 days, with `changes` to its template."""
    fields: dict[str, object] = {
        "title": "新人立减券",
        "kind": "amount_off",
        "amount_off_fen": 2000,
        "threshold_fen": 10000,
        "valid_days": 30,
    }
    spec = coupons.CouponSpec(**(fields | changes))  # type: ignore[arg-type] # a test's own fields
    template_id = coupons.ensure_template(tx, "welcome", spec)
    return coupons.issue(tx, template_id, person_id=person_id, cause=cause, source="王**推荐")
