"""Which lot pays: points that expire soonest go first, and each use is noted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, bindparam, case, func, select

from wxapp_backend.features.points.models import Lot, LotUse
from wxapp_backend.features.points.service.posting import Posted, Posting, lock_account, post
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import InvariantBroken
from wxapp_backend.kernel.ids import new_id

_OWNER = (
    select(Lot.person_id)
    .join(LotUse, LotUse.lot_id == Lot.entry_id)
    .where(LotUse.entry_id == bindparam("entry_id"))
    .limit(1)
)


def take(tx: Tx, person_id: str, points: int, *, entry_id: str, first: str | None = None) -> None:
    """Take points out of the customer's usable lots, lot `first` before the others.

    The account is locked: `post` has just changed it by the same amount.
    """
    statement = (
        select(Lot)
        .where(Lot.person_id == person_id, Lot.remaining > 0, Lot.is_pending.is_(False))
        .order_by(
            case((Lot.entry_id == first, 0), else_=1),
            case((Lot.expires_at.is_(None), 1), else_=0),
            Lot.expires_at,
            Lot.entry_id,
        )
    )
    left = points
    for lot in tx.session.scalars(statement.execution_options(populate_existing=True)):
        part = min(left, lot.remaining)
        _use(tx, lot, part, entry_id)
        left -= part
        if not left:
            tx.session.flush()
            return
    raise InvariantBroken(f"lots hold {left} points less than the balance")


def give_back(tx: Tx, *, spent_entry_id: str, entry_id: str) -> None:
    """Return what one entry took to the lots that it took it from."""
    statement = (
        select(LotUse.lot_id, func.sum(LotUse.points))
        .where(LotUse.entry_id == spent_entry_id)
        .group_by(LotUse.lot_id)
    )
    for lot_id, points in tx.session.execute(statement).all():
        _use(tx, _fresh(tx, lot_id), -points, entry_id)
    tx.session.flush()


def lock_owner(tx: Tx, spent_entry_id: str) -> str:
    """Lock the account that has the lots now which this entry took from, and return whose it is.

    Not always who spent: a merge moves lots, and may do so while we wait for the lock.
    """
    owner: str | None = None
    while owner != (present := tx.execute(_OWNER, entry_id=spent_entry_id).scalar_one()):
        owner = present
        lock_account(tx, owner)
    return owner


def bring_up_to_date(tx: Tx, person_id: str) -> None:
    """Release the customer's promised points that are due, then expire what has had its time."""
    lock_account(tx, person_id)
    due_release = Lot.is_pending.is_(True) & (Lot.available_at <= tx.now)
    for lot in _lots(tx, person_id, due_release):
        _release(tx, lot)
    due_expiry = Lot.is_pending.is_(False) & (Lot.expires_at <= tx.now)
    for lot in _lots(tx, person_id, due_expiry):
        _expire(tx, lot)


def settle_debt(tx: Tx, person_id: str, after: Posted) -> None:
    """Pay an open debt out of what the customer has now."""
    points = min(after.after.available, after.after.debt)
    if not points:
        return
    reference = f"settled:{after.entry_id}"
    posted = post(
        tx, person_id, Posting("settled", points, reference, "抵扣待扣回积分", "此前收回的奖励")
    )
    take(tx, person_id, points, entry_id=posted.entry_id)


def list_due(tx: Tx, limit: int) -> Sequence[str]:
    """Return up to `limit` customers who have points to release or to expire."""
    due = (Lot.is_pending.is_(True) & (Lot.available_at <= tx.now)) | (
        Lot.is_pending.is_(False) & (Lot.expires_at <= tx.now)
    )
    statement = select(Lot.person_id).where(Lot.remaining > 0, due).distinct()
    return tx.session.scalars(statement.order_by(Lot.person_id).limit(limit)).all()


def _release(tx: Tx, lot: Lot) -> None:
    reference = f"released:{lot.entry_id}"
    posted = post(tx, lot.person_id, Posting("released", lot.remaining, reference, "积分生效"))
    lot.is_pending = False
    tx.session.flush()
    settle_debt(tx, lot.person_id, posted)


def _expire(tx: Tx, lot: Lot) -> None:
    # One lot may expire twice, when points come back to it after its end: hence a fresh reference.
    reference = f"expired:{new_id(tx.now)}"
    points = lot.remaining
    posted = post(tx, lot.person_id, Posting("expired", points, reference, "积分过期"))
    lot.expired += points
    _use(tx, lot, points, posted.entry_id)
    tx.session.flush()


def _use(tx: Tx, lot: Lot, points: int, entry_id: str) -> None:
    lot.remaining -= points
    tx.session.add(LotUse(lot_id=lot.entry_id, entry_id=entry_id, points=points))


def _lots(tx: Tx, person_id: str, condition: ColumnElement[bool]) -> Sequence[Lot]:
    statement = (
        select(Lot)
        .where(Lot.person_id == person_id, Lot.remaining > 0, condition)
        .order_by(Lot.entry_id)
        .execution_options(populate_existing=True)
    )
    return tx.session.scalars(statement).all()


def _fresh(tx: Tx, lot_id: str) -> Lot:
    return tx.session.get_one(Lot, lot_id, populate_existing=True)
