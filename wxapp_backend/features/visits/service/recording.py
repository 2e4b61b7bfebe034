"""Recording and cancelling visits, each once, with numbers that never collide."""

from __future__ import annotations

from sqlalchemy import update

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits.domain import USUAL, NewVisit, Plausible, Visit, amounts_agree
from wxapp_backend.features.visits.errors import OrderMismatch
from wxapp_backend.features.visits.events import VisitCancelled, VisitRecorded
from wxapp_backend.features.visits.models import Counter, VisitRow
from wxapp_backend.features.visits.queries.visits import find_row_by_order, to_visit
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import ValidationFailed
from wxapp_backend.kernel.ids import new_id

_DIFFERS = "differs from the order's first report"


def record(tx: Tx, new: NewVisit, plausible: Plausible = USUAL) -> Visit:
    """Record a visit, once for its order number; a repetition returns the first.

    The till and a clerk may both report one order, before or after its coupon was taken off.

    Raises:
        NotFound: there is no such person or store.
        ValidationFailed: it was paid in the future or too long ago, or comes to too much.
        OrderMismatch: the order number belongs to another person, store or amount.
    """
    person_id = identity.current_id(tx, new.person_id)
    stores.get_store(tx, new.store_id)
    if new.order_no is not None:
        earlier = find_row_by_order(tx, new.order_no)
        if earlier is not None:
            return _same(tx, earlier, person_id, new)
    faults = plausible.faults(now=tx.now, paid_at=new.paid_at, amount_fen=new.amount_fen)
    if faults:
        raise ValidationFailed(fields=faults)
    row = VisitRow(
        id=new_id(tx.now),
        person_id=person_id,
        store_id=new.store_id,
        number=_next_number(tx, person_id) if new.amount_fen else 0,
        order_no=new.order_no,
        amount_fen=new.amount_fen,
        gross_fen=new.amount_fen if new.gross_fen is None else new.gross_fen,
        refunded_fen=0,
        items=list(new.items),
        source=new.source,
        reported_by_till=new.source == "till",
        paid_at=new.paid_at,
        recorded_at=tx.now,
    )
    tx.insert(row)  # a rival with the same order number makes this run again
    tx.emit(
        VisitRecorded(
            visit_id=row.id,
            person_id=person_id,
            store_id=row.store_id,
            number=row.number,
            amount_fen=row.amount_fen,
            paid_at=row.paid_at.isoformat(),
        )
    )
    return to_visit(row)


def cancel(tx: Tx, visit_id: str) -> bool:
    """Cancel a visit that only a redemption made, and return whether it was cancelled.

    It stays if the till has reported the order, or if part of it was refunded: then somebody did
    pay. Numbers of later visits are not rewritten.
    """
    statement = (
        update(VisitRow)
        .where(
            VisitRow.id == visit_id,
            VisitRow.source == "redemption",
            VisitRow.reported_by_till.is_(False),
            VisitRow.refunded_fen == 0,
            VisitRow.cancelled_at.is_(None),
        )
        .values(cancelled_at=tx.now)
        .returning(VisitRow.person_id, VisitRow.store_id, VisitRow.number, VisitRow.amount_fen)
        .execution_options(synchronize_session=False)
    )
    row = tx.session.execute(statement).one_or_none()
    if row is None:
        return False
    tx.forget("visit")
    _give_number_back(tx, row.person_id, row.number)
    tx.emit(
        VisitCancelled(
            visit_id=visit_id,
            person_id=row.person_id,
            store_id=row.store_id,
            number=row.number,
            amount_fen=row.amount_fen,
        )
    )
    return True


def _same(tx: Tx, earlier: VisitRow, person_id: str, new: NewVisit) -> Visit:
    known = (earlier.amount_fen, earlier.gross_fen)
    agrees = {
        "customer": identity.current_id(tx, earlier.person_id) == person_id,
        "store_id": earlier.store_id == new.store_id,
        "amount_fen": amounts_agree(known, new),
    }
    named = {field: [_DIFFERS] for field, fits in agrees.items() if not fits}
    if named:
        raise OrderMismatch(fields=named)
    if new.source == "till" and not earlier.reported_by_till:
        earlier.reported_by_till = True
        earlier.items = earlier.items or list(new.items)
        tx.session.flush()
    return to_visit(earlier, is_repeat=True)


def _next_number(tx: Tx, person_id: str) -> int:
    return tx.count(Counter(person_id=person_id, last_number=1), "last_number")


def _give_number_back(tx: Tx, person_id: str, number: int) -> None:
    """Let the next visit have the number, if no later visit was recorded meanwhile."""
    if number:
        tx.session.execute(
            update(Counter)
            .where(Counter.person_id == person_id, Counter.last_number == number)
            .values(last_number=number - 1)
            .execution_options(synchronize_session=False)
        )
