"""One account out of two, when two persons prove to be one."""

from __future__ import annotations

from sqlalchemy import update

from wxapp_backend.features.points.domain import Kind
from wxapp_backend.features.points.models import Lot
from wxapp_backend.features.points.service.posting import Posting, lock_account, post
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id

_TITLE = "账号合并"


def merge(tx: Tx, *, from_id: str, into_id: str) -> None:
    """Move all points of `from_id` to `into_id`; both chains say so, and nothing is lost.

    Called again, it finds nothing left to move.
    """
    for person_id in sorted((from_id, into_id)):  # a fixed order: two merges must not block
        lock_account(tx, person_id)
    standing = lock_account(tx, from_id)
    moves: tuple[tuple[Kind, Kind, int], ...] = (
        ("pending_out", "pending_in", standing.pending),
        ("moved_out", "moved_in", standing.available),
        ("debt_out", "debt_in", standing.debt),
    )
    for out, into, points in moves:
        if points:
            # More may have reached the old id since an earlier merge: hence a fresh reference.
            first = post(tx, from_id, Posting(out, points, f"{out}:{new_id(tx.now)}", _TITLE))
            reference = f"{into}:{first.entry_id}"
            post(tx, into_id, Posting(into, points, reference, _TITLE, "来自您的另一个微信身份"))
    tx.session.execute(
        update(Lot)
        .where(Lot.person_id == from_id)
        .values(person_id=into_id)
        .execution_options(synchronize_session=False)
    )
    tx.session.expire_all()
