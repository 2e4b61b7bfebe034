"""Changes to stores and staff."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from wxapp_backend.features.stores import queries
from wxapp_backend.features.stores.domain import (
    INVITE_LIFE,
    RANK,
    Post,
    Role,
    Store,
    higher,
    new_invite_code,
    tidy_invite_code,
)
from wxapp_backend.features.stores.errors import (
    InviteEnded,
    NotStaffHere,
    UnknownInvite,
    UnknownStore,
)
from wxapp_backend.features.stores.models import StaffInviteRow, StaffRow, StoreRow
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id

_PURPOSE = "stores.invite"


def add_store(
    tx: Tx,
    *,
    name: str,
    address: str = "",
    phone: str = "",
    hours: str = "",
    store_id: str | None = None,
) -> Store:
    """Add a store, under an id of the shop's own choice if one is given."""
    row = StoreRow(
        id=store_id or new_id(tx.now),
        name=name,
        address=address,
        phone=phone,
        hours=hours,
        created_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    return queries.to_store(row)


def get_store(tx: Tx, store_id: str) -> Store:
    """Return a store.

    Raises:
        UnknownStore: there is none with this id.
    """

    def read() -> Store:
        store = queries.find_store(tx, store_id)
        if store is None:
            raise UnknownStore
        return store

    return tx.once("store", store_id, read)


def invite(tx: Tx, store_id: str, role: str) -> str:
    """Return a fresh invitation code, shown this once, that one person may use within a week.

    Raises:
        UnknownStore: there is no such store.
        ValueError: there is no such role.
    """
    if role not in RANK:
        raise ValueError(f"a role is one of {', '.join(RANK)}")
    store = get_store(tx, store_id)
    code = new_invite_code()
    row = StaffInviteRow(
        code_hash=tx.keyed_hash(_PURPOSE, code),
        store_id=store.id,
        role=role,
        expires_at=tx.now + INVITE_LIFE,
    )
    tx.session.add(row)
    tx.session.flush()
    return code


def join(tx: Tx, person_id: str, invite_code: str) -> Post:
    """Make a person staff by an invitation; the same person may use it again to no effect.

    Who has a higher role in the store already keeps it.

    Raises:
        UnknownInvite: there is no such invitation.
        InviteEnded: somebody else used it, or its week is over.
    """
    digest = tx.keyed_hash(_PURPOSE, tidy_invite_code(invite_code))
    found = tx.session.get(StaffInviteRow, digest)
    if found is None:
        raise UnknownInvite
    if found.used_by != person_id:
        _use(tx, digest, person_id)
        _employ(tx, person_id, found.store_id, found.role)
    for post in queries.posts_of(tx, person_id):
        if post.store_id == found.store_id:
            return post
    raise InviteEnded  # used by this person, who has been dismissed since


def _use(tx: Tx, digest: bytes, person_id: str) -> None:
    """Take the invitation in one conditional UPDATE: of two people at once only one gets it."""
    statement = (
        update(StaffInviteRow)
        .where(StaffInviteRow.code_hash == digest)
        .where(StaffInviteRow.used_by.is_(None), StaffInviteRow.expires_at > tx.now)
        .values(used_by=person_id, used_at=tx.now)
    )
    if tx.session.connection().execute(statement).rowcount == 0:
        raise InviteEnded


def _employ(tx: Tx, person_id: str, store_id: str, role: str) -> None:
    row = StaffRow(person_id=person_id, store_id=store_id, role=role, joined_at=tx.now)
    if tx.add_unless_present(row):
        return
    present = tx.session.get_one(StaffRow, (person_id, store_id))
    present.role = higher(present.role, role)
    tx.session.flush()


def dismiss(tx: Tx, person_id: str, store_id: str) -> bool:
    """End somebody's work in a store, and return whether they worked there."""
    statement = delete(StaffRow).where(
        StaffRow.person_id == person_id, StaffRow.store_id == store_id
    )
    return tx.session.connection().execute(statement).rowcount > 0


def role_of(tx: Tx, person_id: str) -> Role | None:
    """Return the highest role that a person has in any store, or None."""
    post = queries.HIGHEST_POST.find(tx, person_id=person_id)
    return post.role if post else None


def require_staff(tx: Tx, person_id: str, store_id: str) -> None:
    """Return if the person works in the store.

    Raises:
        NotStaffHere: they do not, or there is no such store.
    """
    if not queries.works_in(tx, person_id, store_id):
        raise NotStaffHere


def reassign(tx: Tx, from_id: str, into_id: str) -> None:
    """Give one person's posts and used invitations to another; the higher role wins."""
    for row in tx.session.scalars(select(StaffRow).where(StaffRow.person_id == from_id)).all():
        _employ(tx, into_id, row.store_id, row.role)
        tx.session.delete(row)
    tx.session.execute(
        update(StaffInviteRow).where(StaffInviteRow.used_by == from_id).values(used_by=into_id)
    )
    tx.session.flush()


def leave_all(tx: Tx, person_id: str) -> None:
    """End somebody's work everywhere."""
    tx.session.execute(delete(StaffRow).where(StaffRow.person_id == person_id))
