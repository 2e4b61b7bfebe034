"""Reads of stores' tables."""

from __future__ import annotations

from sqlalchemy import select

from wxapp_backend.features.stores.domain import RANK, Post, Store
from wxapp_backend.features.stores.models import StaffRow, StoreRow
from wxapp_backend.infra.db import Tx


def find_store(tx: Tx, store_id: str) -> Store | None:
    """Return a store, or None."""
    row = tx.session.get(StoreRow, store_id)
    return to_store(row) if row else None


def list_stores(tx: Tx) -> list[Store]:
    """Return all stores, in the order in which they were added."""
    rows = tx.session.scalars(select(StoreRow).order_by(StoreRow.created_at, StoreRow.id))
    return [to_store(row) for row in rows]


def posts_of(tx: Tx, person_id: str) -> list[Post]:
    """Return where somebody works, the highest role first, then by store."""
    return _posts(tx, StaffRow.person_id == person_id)


def staff_of(tx: Tx, store_id: str) -> list[Post]:
    """Return who works in a store, the highest role first."""
    return _posts(tx, StaffRow.store_id == store_id)


def _posts(tx: Tx, where: object) -> list[Post]:
    statement = (
        select(StaffRow, StoreRow.name)
        .join(StoreRow, StoreRow.id == StaffRow.store_id)
        .where(where)  # type: ignore[arg-type] # a column expression
        .order_by(StaffRow.joined_at, StaffRow.store_id, StaffRow.person_id)
    )
    posts = [
        Post(row.store_id, name, row.role, row.person_id)  # type: ignore[arg-type] # held by a CHECK
        for row, name in tx.session.execute(statement)
    ]
    return sorted(posts, key=lambda post: -RANK[post.role])


def to_store(row: StoreRow) -> Store:
    """Return the frozen view of a row."""
    return Store(row.id, row.name, row.address, row.phone, row.hours)
