"""A store's day: what was paid, what coupons took off, and the newest lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wxapp_backend.features.coupons.queries.redemptions import (
    DayTotal,
    Redeemed,
    list_of_day,
    total_of_day,
)
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.days import day_of

RECENT = 20
"""Lines that a clerk can take in without paging."""


@dataclass(frozen=True, slots=True)
class Recent:
    """One redemption, or one visit without a coupon; `customer` is masked."""

    id: str
    kind: str
    at: datetime
    title: str
    customer: str
    amount_fen: int
    discount_fen: int | None
    undoable: bool
    undone: bool


@dataclass(frozen=True, slots=True)
class Today:
    """The figures of one store on one day of the shop."""

    day: date
    store: stores.Store
    visits: visits.DayTotal
    redemptions: DayTotal
    recent: list[Recent]


def today(tx: Tx, staff_id: str, *, store_id: str | None, undo_within: timedelta) -> Today:
    """Return the day so far of the store, or of the clerk's first one.

    Raises:
        NotStaffHere: the clerk does not work there.
    """
    posts = stores.posts_of(tx, staff_id)
    here = store_id or (posts[0].store_id if posts else "")
    stores.require_staff(tx, staff_id, here)
    day = day_of(tx.now)
    return Today(
        day=day,
        store=stores.get_store(tx, here),
        visits=visits.total_of_day(tx, here, day),
        redemptions=total_of_day(tx, here, day),
        recent=_recent(tx, here, day, undo_within),
    )


def _recent(tx: Tx, store_id: str, day: date, undo_within: timedelta) -> list[Recent]:
    redeemed = list_of_day(tx, store_id, day, limit=RECENT)
    with_coupon = {entry.visit_id for entry in redeemed}
    paid = [
        visit
        for visit in visits.list_of_day(tx, store_id, day, limit=2 * RECENT)
        if visit.id not in with_coupon
    ]
    people = identity.list_persons(
        tx, {entry.person_id for entry in redeemed} | {visit.person_id for visit in paid}
    )
    names = {person_id: identity.display_name(person) for person_id, person in people.items()}
    lines = [_of_redemption(entry, names, tx.now - undo_within) for entry in redeemed]
    lines += [_of_visit(visit, names) for visit in paid]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:RECENT]


def _of_redemption(entry: Redeemed, names: dict[str, str], undoable_since: datetime) -> Recent:
    undone = entry.undone_at is not None
    return Recent(
        id=entry.id,
        kind="redemption",
        at=entry.redeemed_at,
        title=entry.coupon_title,
        customer=names.get(entry.person_id, "***"),
        amount_fen=entry.order_amount_fen,
        discount_fen=entry.discount_fen,
        undoable=not undone and entry.redeemed_at >= undoable_since,
        undone=undone,
    )


def _of_visit(visit: visits.Visit, names: dict[str, str]) -> Recent:
    return Recent(
        id=visit.id,
        kind="visit",
        at=visit.recorded_at,
        title="到店消费",
        customer=names.get(visit.person_id, "***"),
        amount_fen=visit.amount_fen,
        discount_fen=None,
        undoable=False,
        undone=False,
    )
