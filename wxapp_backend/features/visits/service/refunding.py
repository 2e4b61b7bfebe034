"""Refunds, each once, and never more than was paid."""

from __future__ import annotations

from sqlalchemy import select, update

from wxapp_backend.features.visits.domain import Refund
from wxapp_backend.features.visits.errors import RefundMismatch, RefundTooLarge, UnknownOrder
from wxapp_backend.features.visits.events import VisitRefunded
from wxapp_backend.features.visits.models import RefundRow, VisitRow
from wxapp_backend.features.visits.queries.visits import find_row_by_order
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id


def refund(tx: Tx, order_no: str, *, refund_no: str, amount_fen: int) -> Refund:
    """Pay part or all of an order back, once for `refund_no`; a repetition returns the first.

    Raises:
        UnknownOrder: no visit has this order number.
        RefundMismatch: the refund number was used for another amount.
        RefundTooLarge: more would be refunded than was paid; nothing was written.
    """
    visit = find_row_by_order(tx, order_no)
    if visit is None:
        raise UnknownOrder
    earlier = tx.session.scalar(
        select(RefundRow).where(RefundRow.visit_id == visit.id, RefundRow.refund_no == refund_no)
    )
    if earlier is not None:
        return _same(earlier, amount_fen)
    total = tx.session.execute(
        update(VisitRow)
        .where(VisitRow.id == visit.id, VisitRow.refunded_fen + amount_fen <= VisitRow.amount_fen)
        .values(refunded_fen=VisitRow.refunded_fen + amount_fen)
        .returning(VisitRow.refunded_fen)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if total is None:
        raise RefundTooLarge(fields={"amount_fen": ["exceeds what is left of the order"]})
    row = RefundRow(
        id=new_id(tx.now),
        visit_id=visit.id,
        refund_no=refund_no,
        amount_fen=amount_fen,
        refunded_total_fen=total,
        refunded_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()  # a rival with the same refund number makes this run again
    tx.forget("visit")
    tx.emit(
        VisitRefunded(
            visit_id=visit.id,
            person_id=visit.person_id,
            refund_id=row.id,
            amount_fen=amount_fen,
            refunded_total_fen=total,
        )
    )
    return Refund(row.id, visit.id, amount_fen, total)


def _same(earlier: RefundRow, amount_fen: int) -> Refund:
    if earlier.amount_fen != amount_fen:
        raise RefundMismatch(fields={"amount_fen": ["differs from the refund's first report"]})
    return Refund(
        earlier.id, earlier.visit_id, amount_fen, earlier.refunded_total_fen, is_repeat=True
    )
