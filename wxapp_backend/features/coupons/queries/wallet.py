"""The coupons of a person."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from wxapp_backend.features.coupons.domain.specs import Coupon, from_json, shown_state
from wxapp_backend.features.coupons.models import CouponRow, Template
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound, ValidationFailed


def get(tx: Tx, coupon_id: str) -> Coupon:
    """Return one coupon, whoever has it.

    Raises:
        NotFound: there is none.
    """
    statement = (
        select(CouponRow, Template)
        .join(Template, Template.id == CouponRow.template_id)
        .where(CouponRow.id == coupon_id)
        .execution_options(populate_existing=True)
    )
    found = tx.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound
    return to_coupon(tx, found[0], found[1])


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
    coupon_id = tx.session.scalar(select(CouponRow.id).where(CouponRow.cause == cause))
    return get(tx, coupon_id) if coupon_id else None


def is_sold_out(tx: Tx, template_id: str) -> bool:
    """Say whether a template's stock is used up now; only `issue` makes sure of one coupon."""
    statement = select(Template.id).where(
        Template.id == template_id, Template.stock.is_not(None), Template.issued >= Template.stock
    )
    return tx.session.scalar(statement) is not None


def list_by_ids(tx: Tx, coupon_ids: list[str]) -> dict[str, Coupon]:
    """Return these coupons by id; unknown ids are missing."""
    statement = (
        select(CouponRow, Template)
        .join(Template, Template.id == CouponRow.template_id)
        .where(CouponRow.id.in_(coupon_ids))
    )
    return {row.id: to_coupon(tx, row, kind) for row, kind in tx.session.execute(statement)}


def list_for(
    tx: Tx, person_id: str, *, cursor: str | None = None, limit: int = 100
) -> tuple[list[Coupon], str | None]:
    """Return up to `limit` coupons after `cursor`, and the next cursor.

    Usable and coming ones stand first, the soonest end before the others; then the rest, newest
    first.

    Raises:
        ValidationFailed: the cursor is none of this list's.
    """
    ahead = (CouponRow.state == "available") & (CouponRow.valid_until >= tx.now)
    place = _after(tx, person_id, cursor) if cursor is not None else None
    found: list[Coupon] = []
    if place is None or place[0]:
        found = _part(
            tx, person_id, _both(ahead, place), (CouponRow.valid_until, CouponRow.id), limit
        )
    if len(found) <= limit:
        behind = place if place is not None and not place[0] else None
        order = (CouponRow.id.desc(),)
        found += _part(tx, person_id, _both(~ahead, behind), order, limit - len(found))
    following = found[limit - 1].id if len(found) > limit else None
    return found[:limit], following


def _both(
    group: ColumnElement[bool], place: tuple[bool, ColumnElement[bool]] | None
) -> ColumnElement[bool]:
    return group if place is None else and_(group, place[1])


def _part(
    tx: Tx,
    person_id: str,
    condition: ColumnElement[bool],
    order: tuple[object, ...],
    limit: int,
) -> list[Coupon]:
    """Return one more than `limit`, so that the caller sees whether there is another page."""
    statement = (
        select(CouponRow, Template)
        .join(Template, Template.id == CouponRow.template_id)
        .where(CouponRow.person_id == person_id, condition)
        .order_by(*order)  # type: ignore[arg-type] # columns and their reverse
        .limit(limit + 1)
    )
    return [to_coupon(tx, row, template) for row, template in tx.session.execute(statement)]


def _after(tx: Tx, person_id: str, cursor: str) -> tuple[bool, ColumnElement[bool]]:
    """Return whether the cursor stands among the usable ones, and what comes after it there."""
    row = tx.session.get(CouponRow, cursor)
    if row is None or row.person_id != person_id:
        raise ValidationFailed(fields={"query.cursor": ["is not a cursor of this list"]})
    if row.state == "available" and row.valid_until >= tx.now:
        later = or_(
            CouponRow.valid_until > row.valid_until,
            and_(CouponRow.valid_until == row.valid_until, CouponRow.id > row.id),
        )
        return True, later
    return False, CouponRow.id < row.id


def to_coupon(tx: Tx, row: CouponRow, template: Template) -> Coupon:
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
        spec=from_json(template.spec),
    )
