"""The coupons of a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select

from wxapp_backend.features.coupons.domain.specs import Coupon, CouponSpec, from_json, shown_state
from wxapp_backend.features.coupons.models import CouponRow, Template
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound, ValidationFailed

_COUPONS = select(
    CouponRow.id,
    CouponRow.template_id,
    CouponRow.person_id,
    CouponRow.cause,
    CouponRow.source,
    CouponRow.state,
    CouponRow.valid_from,
    CouponRow.valid_until,
    CouponRow.used_at,
    Template.spec,
).join(Template, Template.id == CouponRow.template_id)
_BY_ID = _COUPONS.where(CouponRow.id == bindparam("coupon_id"))
_BY_IDS = _COUPONS.where(CouponRow.id.in_(bindparam("coupon_ids", expanding=True)))
_BY_CAUSE = _COUPONS.where(CouponRow.cause == bindparam("cause"))
_ALL = _COUPONS.where(CouponRow.person_id == bindparam("person_id")).order_by(CouponRow.id)
_SOLD_OUT = select(Template.id).where(
    Template.id == bindparam("template_id"),
    Template.stock.is_not(None),
    Template.issued >= Template.stock,
)

_IS_AHEAD = (CouponRow.state == "available") & (CouponRow.valid_until >= bindparam("now"))
_OWN = _COUPONS.where(CouponRow.person_id == bindparam("person_id")).limit(bindparam("most"))
_AHEAD = _OWN.where(_IS_AHEAD).order_by(CouponRow.valid_until, CouponRow.id)
_AHEAD_AFTER = _AHEAD.where(
    or_(
        CouponRow.valid_until > bindparam("end"),
        and_(CouponRow.valid_until == bindparam("end"), CouponRow.id > bindparam("cursor")),
    )
)
_BEHIND = _OWN.where(~_IS_AHEAD).order_by(CouponRow.id.desc())
_BEHIND_AFTER = _BEHIND.where(CouponRow.id < bindparam("cursor"))


def get(tx: Tx, coupon_id: str) -> Coupon:
    """Return one coupon, whoever has it.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(_BY_ID, coupon_id=coupon_id).one_or_none()
    if row is None:
        raise NotFound
    return _coupon(tx, row)


def get_own(tx: Tx, person_id: str, coupon_id: str) -> Coupon:
    """Return one coupon of this person.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    coupon = get(tx, coupon_id)
    if coupon.person_id != person_id:
        raise NotFound
    return coupon


def find_by_cause(tx: Tx, cause: str) -> Coupon | None:
    """Return the coupon that was issued for this cause, if any."""
    row = tx.execute(_BY_CAUSE, cause=cause).one_or_none()
    return _coupon(tx, row) if row else None


def is_sold_out(tx: Tx, template_id: str) -> bool:
    """Say whether a template's stock is used up now; only `issue` makes sure of one coupon."""
    return tx.execute(_SOLD_OUT, template_id=template_id).first() is not None


def list_by_ids(tx: Tx, coupon_ids: list[str]) -> dict[str, Coupon]:
    """Return these coupons by id; unknown ids are missing."""
    rows = tx.execute(_BY_IDS, coupon_ids=coupon_ids) if coupon_ids else ()
    return {row.id: _coupon(tx, row) for row in rows}


def list_all(tx: Tx, person_id: str) -> list[Coupon]:
    """Return every coupon of a person, oldest first."""
    return [_coupon(tx, row) for row in tx.execute(_ALL, person_id=person_id)]


def list_for(
    tx: Tx, person_id: str, *, cursor: str | None = None, limit: int = 100
) -> tuple[list[Coupon], str | None]:
    """Return up to `limit` coupons after `cursor`, and the next cursor.

    Usable and coming ones stand first, the soonest end before the others; then the rest, newest
    first.

    Raises:
        ValidationFailed: the cursor is none of this list's.
    """
    last = _last_shown(tx, person_id, cursor) if cursor is not None else None
    most = limit + 1  # one more, to see whether there is another page
    bound = {"person_id": person_id, "now": tx.now}
    found: list[Row[*tuple[Any, ...]]] = []
    if last is None:
        found += tx.execute(_AHEAD, **bound, most=most)
    elif _is_ahead(last, tx.now):
        found += tx.execute(_AHEAD_AFTER, **bound, most=most, end=last.valid_until, cursor=last.id)
    rest = most - len(found)
    if rest and last is not None and not _is_ahead(last, tx.now):
        found += tx.execute(_BEHIND_AFTER, **bound, most=rest, cursor=last.id)
    elif rest:
        found += tx.execute(_BEHIND, **bound, most=rest)
    following = found[limit - 1].id if len(found) > limit else None
    return [_coupon(tx, row) for row in found[:limit]], following


def fresh(row: CouponRow, spec: CouponSpec, now: datetime) -> Coupon:
    """Return a coupon that was written just now, as it would be read."""
    return Coupon(
        id=row.id,
        template_id=row.template_id,
        person_id=row.person_id,
        cause=row.cause,
        source=row.source,
        state=shown_state(row.state, row.valid_from, row.valid_until, now),
        valid_from=row.valid_from.astimezone(UTC),
        valid_until=row.valid_until.astimezone(UTC),
        used_at=None,
        spec=spec,
    )


def _last_shown(tx: Tx, person_id: str, cursor: str) -> Coupon:
    """Return the coupon with which the page before ended."""
    try:
        return get_own(tx, person_id, cursor)
    except NotFound:
        fields = {"query.cursor": ["is not a cursor of this list"]}
        raise ValidationFailed(fields=fields) from None


def _is_ahead(coupon: Coupon, now: datetime) -> bool:
    """Say in which half of the list a coupon stands, as `_IS_AHEAD` does."""
    return coupon.state in ("available", "pending") and coupon.valid_until >= now


def _coupon(tx: Tx, row: Row[*tuple[Any, ...]]) -> Coupon:
    """Return the row as of now."""
    return Coupon(
        id=row.id,
        template_id=row.template_id,
        person_id=row.person_id,
        cause=row.cause,
        source=row.source,
        state=shown_state(row.state, row.valid_from, row.valid_until, tx.now),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        used_at=row.used_at,
        spec=from_json(row.spec),
    )
