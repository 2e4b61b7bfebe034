"""Reads of stores' tables."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, select

from wxapp_backend.features.stores.domain import RANK, Post, Store
from wxapp_backend.features.stores.models import StaffRow, StoreRow
from wxapp_backend.infra.batched import QueryPart
from wxapp_backend.infra.db import Tx

_COLUMNS = (StoreRow.id, StoreRow.name, StoreRow.address, StoreRow.phone, StoreRow.hours)
_STORE = select(*_COLUMNS).where(StoreRow.id == bindparam("store_id"))
_STORES = select(*_COLUMNS).order_by(StoreRow.created_at, StoreRow.id)


def _posts(where: ColumnElement[bool]) -> Select[str, str, str, str]:
    return (
        select(StaffRow.store_id, StoreRow.name, StaffRow.role, StaffRow.person_id)
        .join(StoreRow, StoreRow.id == StaffRow.store_id)
        .where(where)
        .order_by(StaffRow.joined_at, StaffRow.store_id, StaffRow.person_id)
    )


_POSTS = _posts(StaffRow.person_id == bindparam("person_id"))
_STAFF = _posts(StaffRow.store_id == bindparam("store_id"))
_POST = select(StaffRow.role).where(
    StaffRow.person_id == bindparam("person_id"), StaffRow.store_id == bindparam("store_id")
)


HIGHEST_POST = QueryPart(
    select(StaffRow.store_id, StoreRow.name, StaffRow.role, StaffRow.person_id)
    .join(StoreRow, StoreRow.id == StaffRow.store_id)
    .where(StaffRow.person_id == bindparam("person_id"))
    .order_by(case(RANK, value=StaffRow.role).desc(), StaffRow.joined_at, StaffRow.store_id)
    .limit(1),
    lambda columns: Post(*columns),
)
"""Where `person_id` works in the highest role; none for who is no staff."""


def find_store(tx: Tx, store_id: str) -> Store | None:
    """Return a store, or None."""
    row = tx.execute(_STORE, store_id=store_id).one_or_none()
    return Store(*row) if row else None


def list_stores(tx: Tx) -> list[Store]:
    """Return all stores, in the order in which they were added."""
    return [Store(*row) for row in tx.execute(_STORES)]


def posts_of(tx: Tx, person_id: str) -> list[Post]:
    """Return where somebody works, the highest role first, then by store."""
    return _by_rank(tx.execute(_POSTS, person_id=person_id))


def staff_of(tx: Tx, store_id: str) -> list[Post]:
    """Return who works in a store, the highest role first."""
    return _by_rank(tx.execute(_STAFF, store_id=store_id))


def works_in(tx: Tx, person_id: str, store_id: str) -> bool:
    """Say whether somebody works in a store."""
    return tx.execute(_POST, person_id=person_id, store_id=store_id).first() is not None


def _by_rank(rows: Iterable[Row[str, str, str, str]]) -> list[Post]:
    posts = [Post(*row) for row in rows]  # type: ignore[arg-type] # the role is held by a CHECK
    return sorted(posts, key=lambda post: -RANK[post.role])


def to_store(row: StoreRow) -> Store:
    """Return the frozen view of a row."""
    return Store(row.id, row.name, row.address, row.phone, row.hours)
