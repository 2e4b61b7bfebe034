"""Granting, spending and taking back points, each once for its cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.points.domain import Kind
from wxapp_backend.features.points.models import Lot
from wxapp_backend.features.points.service.lots import (
    bring_up_to_date,
    give_back,
    lock_owner,
    settle_debt,
    take,
)
from wxapp_backend.features.points.service.posting import (
    Known,
    Posting,
    find_entry,
    lock_account,
    post,
    post_unless_known,
)
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import InvariantBroken, NotFound


@dataclass(frozen=True, slots=True)
class Terms:
    """How points are granted.

    Attributes:
        title: what the customer reads above the source.
        available_at: until then the points are promised but cannot be spent; None: at once.
        expires_at: from then on they are gone; None: never.
    """

    title: str = "推荐奖励"
    available_at: datetime | None = None
    expires_at: datetime | None = None


AT_ONCE = Terms()


def grant(
    tx: Tx,
    person_id: str,
    points: int,
    *,
    reference: str,
    source_text: str,
    terms: Terms = AT_ONCE,
) -> str:
    """Give points once for `reference`, and return the entry's id.

    Called again with the same reference it returns the first entry's id and changes nothing. An
    open debt is settled first out of what becomes available.

    Raises:
        InvariantBroken: the reference was used for another number of points or another customer.
    """
    person_id = identity.present_id(tx, person_id)
    is_pending = terms.available_at is not None and terms.available_at > tx.now
    kind: Kind = "promised" if is_pending else "earned"
    posting = Posting(kind, points, reference, terms.title, source_text)
    posted = post_unless_known(tx, person_id, posting)
    if posted is None:
        earlier = find_entry(tx, reference)
        assert earlier is not None  # the database has just refused its twin
        return _same(tx, earlier, person_id, points)
    tx.insert(
        Lot(
            entry_id=posted.entry_id,
            person_id=person_id,
            granted=points,
            remaining=points,
            expired=0,
            is_pending=is_pending,
            available_at=terms.available_at,
            expires_at=terms.expires_at,
        )
    )
    if not is_pending:
        settle_debt(tx, person_id, posted)
    return posted.entry_id


def spend(
    tx: Tx,
    person_id: str,
    points: int,
    *,
    reference: str,
    source_text: str,
    title: str = "积分兑换",
) -> str:
    """Take points for something bought, once for `reference`, and return the entry's id.

    Raises:
        InsufficientPoints: fewer can be spent; nothing was changed.
        InvariantBroken: the reference was used for another number of points or another customer.
    """
    person_id = identity.present_id(tx, person_id)
    earlier = find_entry(tx, reference)
    if earlier is not None:
        return _same(tx, earlier, person_id, points)
    bring_up_to_date(tx, person_id)
    posted = post(tx, person_id, Posting("spent", points, reference, title, source_text))
    take(tx, person_id, points, entry_id=posted.entry_id)
    return posted.entry_id


def reverse(tx: Tx, reference: str, *, source_text: str) -> int:
    """Undo the grant or the spending of this cause, once, and return its points.

    What a customer has already spent of a grant becomes a debt; what expired unused is forgotten.
    Called again, it changes nothing and returns 0.

    Raises:
        NotFound: nothing was posted for this reference.
    """
    entry = find_entry(tx, reference)
    if entry is None:
        raise NotFound
    if entry.kind == "spent":
        return _return_spent(tx, entry, source_text)
    lot = tx.session.get_one(Lot, entry.id)
    lock_account(tx, lot.person_id)
    tx.session.refresh(lot)  # as it is under the lock
    if lot.reversed_at is not None:
        return 0
    lot.reversed_at = tx.now
    if lot.is_pending:
        return _withdraw(tx, lot, reference, source_text)
    return _take_back(tx, lot, reference, source_text)


def _withdraw(tx: Tx, lot: Lot, reference: str, source_text: str) -> int:
    points = lot.remaining
    lot.remaining = 0
    posting = Posting("withdrawn", points, f"{reference}:reversal", "待生效积分取消", source_text)
    post(tx, lot.person_id, posting)
    return points


def _take_back(tx: Tx, lot: Lot, reference: str, source_text: str) -> int:
    wanted = lot.granted - lot.expired
    there = min(wanted, lock_account(tx, lot.person_id).available)
    if there:
        posting = Posting("reversed", there, f"{reference}:reversal", "奖励收回", source_text)
        posted = post(tx, lot.person_id, posting)
        take(tx, lot.person_id, there, entry_id=posted.entry_id, first=lot.entry_id)
    if wanted > there:
        posting = Posting("owed", wanted - there, f"{reference}:owed", "待扣回积分", source_text)
        post(tx, lot.person_id, posting)
    return wanted


def _return_spent(tx: Tx, entry: Known, source_text: str) -> int:
    person_id = lock_owner(tx, entry.id)
    reference = f"{entry.reference}:returned"
    if find_entry(tx, reference) is not None:
        return 0
    posting = Posting("returned", entry.points, reference, "积分退回", source_text)
    posted = post(tx, person_id, posting)
    give_back(tx, spent_entry_id=entry.id, entry_id=posted.entry_id)
    settle_debt(tx, person_id, posted)
    return entry.points


def _same(tx: Tx, entry: Known, person_id: str, points: int) -> str:
    lot = tx.session.get(Lot, entry.id)
    owners = {entry.person_id, lot.person_id if lot else entry.person_id}
    if entry.points != points or person_id not in owners:
        raise InvariantBroken("one reference names two different entries")
    return entry.id
