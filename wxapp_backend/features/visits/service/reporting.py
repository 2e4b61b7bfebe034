"""Orders as tills and clerks report them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits.domain import USUAL, CustomerRef, NewVisit, Plausible, Visit
from wxapp_backend.features.visits.service.customers import find_customer
from wxapp_backend.features.visits.service.recording import record
from wxapp_backend.infra.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One paid order; `paid_at` None means now."""

    store_id: str
    customer: CustomerRef
    amount_fen: int
    order_no: str | None = None
    paid_at: datetime | None = None
    items: tuple[dict[str, Any], ...] = ()


def report_by_till(tx: Tx, order: Order, plausible: Plausible = USUAL) -> Visit:
    """Record the order, once for its number; a repetition returns the first visit.

    Raises:
        AppError: as in `find_customer` and `record`.
    """
    return _report(tx, order, plausible, by_till=True)


def report_by_staff(tx: Tx, order: Order, plausible: Plausible = USUAL, *, staff_id: str) -> Visit:
    """Record the order as `report_by_till` does.

    Raises:
        NotStaffHere: the clerk does not work in the store.
        AppError: as in `find_customer` and `record`.
    """
    stores.require_staff(tx, staff_id, order.store_id)
    return _report(tx, order, plausible, by_till=False)


def _report(tx: Tx, order: Order, plausible: Plausible, *, by_till: bool) -> Visit:
    stores.get_store(tx, order.store_id)  # before a new phone number makes a person
    return record(
        tx,
        NewVisit(
            person_id=find_customer(tx, order.customer, store_id=order.store_id),
            store_id=order.store_id,
            amount_fen=order.amount_fen,
            paid_at=order.paid_at or tx.now,
            source="till" if by_till else "staff",
            order_no=order.order_no,
            items=order.items,
        ),
        plausible,
    )
