"""Finding and making people by what WeChat calls them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from wxapp_backend.features.identity import queries
from wxapp_backend.features.identity.domain import App
from wxapp_backend.features.identity.events import FollowingChanged, PersonJoined
from wxapp_backend.features.identity.models import OpenidRow, PersonRow
from wxapp_backend.features.identity.queries import (
    find_row,
    openids_of,
    row_by_openid,
    row_by_unionid,
)
from wxapp_backend.features.identity.service.merging import hold, merge
from wxapp_backend.features.identity.service.tombstones import look_back
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id


def link(tx: Tx, *, app: App, openid: str, unionid: str | None) -> str:
    """Return the person with this openid, made on first sight.

    A unionid that belongs to another record proves the two to be one person: they are merged.
    """
    return resolve(tx, app, openid, unionid)[0].id


def resolve(tx: Tx, app: App, openid: str, unionid: str | None) -> tuple[PersonRow, bool]:
    """Return the person as in `link`, and whether the record is new.

    Of two simultaneous first contacts one loses on a unique key and is run again by its caller.
    """
    known = row_by_openid(tx, app, openid)
    namesake = row_by_unionid(tx, unionid) if unionid else None
    if known is None:
        person = hold(tx, namesake.id) if namesake else _make(tx, unionid)
        tx.session.add(OpenidRow(app=app, openid=openid, person_id=person.id, created_at=tx.now))
        _look_back(tx, person)
        return person, namesake is None
    if unionid and namesake is None:
        # Also when another unionid stood here: a new Open Platform account renames everyone.
        known.unionid = unionid
        _look_back(tx, known)
    elif namesake is not None and namesake.id != known.id:
        known = merge(tx, known.id, namesake.id, unionid=unionid)
    return known, False


def _look_back(tx: Tx, person: PersonRow) -> None:
    tx.flush()
    look_back(tx, person)
    queries.write(tx)


def _make(tx: Tx, unionid: str | None) -> PersonRow:
    person = PersonRow(id=new_id(tx.now), unionid=unionid, created_at=tx.now, joined_at=tx.now)
    tx.session.add(person)
    queries.write(tx)
    tx.emit(PersonJoined(person_id=person.id))
    return person


def set_following(tx: Tx, *, openid: str, following: bool, at: datetime) -> bool:
    """Note that a person follows the official account or not, and return whether that is news.

    News older than what is known changes nothing: WeChat may deliver out of order.
    """
    person_id = link(tx, app="official_account", openid=openid, unionid=None)
    row = tx.session.scalars(
        select(OpenidRow)
        .where(OpenidRow.app == "official_account", OpenidRow.openid == openid)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if row.following_at is not None and row.following_at > at:
        return False
    changed = row.following != following
    row.following, row.following_at = following, at
    queries.write(tx)
    if changed:
        tx.emit(FollowingChanged(person_id=person_id, following=following))
    return changed


def is_following(tx: Tx, person_id: str) -> bool:
    """Return whether a person follows the official account."""
    return any(row.following for row in _openids(tx, person_id, "official_account"))


def openid_of(tx: Tx, person_id: str, app: App) -> str | None:
    """Return what one of our accounts calls a person, the follower's name before others."""
    rows = sorted(_openids(tx, person_id, app), key=lambda row: not row.following)
    return rows[0].openid if rows else None


def _openids(tx: Tx, person_id: str, app: App) -> list[OpenidRow]:
    person = find_row(tx, person_id)
    return [] if person is None else [row for row in openids_of(tx, person.id) if row.app == app]
