"""Giving coupons out, once for each cause and never beyond stock or allowance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, bindparam, select, update

from wxapp_backend.features.coupons.domain.specs import (
    Coupon,
    CouponSpec,
    as_json,
    fingerprint,
    from_json,
    validity,
)
from wxapp_backend.features.coupons.errors import CouponExpired, CouponLimitReached, SoldOut
from wxapp_backend.features.coupons.events import CouponIssued, CouponVoided
from wxapp_backend.features.coupons.models import Allowance, CouponRow, Template
from wxapp_backend.features.coupons.queries.wallet import find_by_cause, fresh
from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound
from wxapp_backend.kernel.ids import new_id

_TEMPLATE = select(Template.spec).where(Template.id == bindparam("template_id"))
_SPECS_KEPT = 256
_specs: dict[str, CouponSpec] = {}
"""By template id. A template never changes, and its id is never used again."""

_TAKE_FROM_STOCK = (
    update(Template)
    .where(Template.id == bindparam("of_template"), Template.issued < Template.stock)
    .values(issued=Template.issued + 1)
)
_TAKE_ALLOWANCE = (
    update(Allowance)
    .where(
        Allowance.template_id == bindparam("of_template"),
        Allowance.person_id == bindparam("of_person"),
        Allowance.taken < bindparam("limit", type_=Integer()),
    )
    .values(taken=Allowance.taken + 1)
)
_VOID = (
    update(CouponRow)
    .where(CouponRow.id == bindparam("coupon_id"), CouponRow.state == "available")
    .values(state="void", void_reason=bindparam("reason"))
    .returning(CouponRow.person_id)
)


def ensure_template(tx: Tx, key: str, spec: CouponSpec) -> str:
    """Return the id of the template with this key and spec, made now if need be.

    A changed spec is a new version with its own stock; coupons of the old one stay as they are.
    """
    mark = fingerprint(spec)
    statement = select(Template.id).where(Template.key == key, Template.fingerprint == mark)
    earlier = tx.session.scalar(statement)
    if earlier is not None:
        return earlier
    row = Template(
        id=new_id(tx.now),
        key=key,
        fingerprint=mark,
        spec=as_json(spec),
        stock=spec.stock,
        issued=0,
        created_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()  # a rival with the same key and spec makes this run again
    return row.id


def issue(
    tx: Tx,
    template_id: str,
    *,
    person_id: str,
    cause: str,
    source: str | None = None,
    valid_from: datetime | None = None,
) -> Coupon:
    """Give a person a coupon, once for `cause`; a repetition returns the same coupon.

    `source` says for the customer from whom it is, e.g. `王**推荐`; before `valid_from` it cannot
    be used. A refusal leaves stock and allowance as they were.

    Raises:
        NotFound: there is no such template.
        SoldOut: the stock is used up.
        CouponLimitReached: the person has had as many as allowed.
        CouponExpired: the template's last day is over.
    """
    row = CouponRow(
        id=new_id(tx.now),
        template_id=template_id,
        person_id=identity.present_id(tx, person_id),  # a merge may just have changed it
        cause=cause,
        source=source,
        state="available",
        issued_at=tx.now,
    )
    spec = _spec_of(tx, template_id)
    row.valid_from, row.valid_until = validity(spec, tx.now, valid_from or tx.now)
    if tx.now > row.valid_until:
        earlier = find_by_cause(tx, cause)
        if earlier is not None:
            return earlier
        raise CouponExpired
    is_limited = spec.stock is not None or spec.per_person is not None
    is_new = tx.attempt(lambda tx: _issue(tx, row, spec)) if is_limited else _write(tx, row)
    if not is_new:
        earlier = find_by_cause(tx, cause)
        assert earlier is not None  # the database has just refused its twin
        return earlier
    event = CouponIssued(
        coupon_id=row.id, person_id=row.person_id, template_id=row.template_id, cause=row.cause
    )
    tx.emit(event)
    return fresh(row, spec, tx.now)


def _issue(tx: Tx, row: CouponRow, spec: CouponSpec) -> bool:
    """Write the coupon and count it, or do neither; return whether its cause is new.

    The coupon is written first: a rival with the same cause is waited for, and seen.
    """
    if not _write(tx, row):
        return False
    if spec.stock is not None:
        _take_from_stock(tx, row.template_id)
    if spec.per_person is not None:
        _take_allowance(tx, row.template_id, row.person_id, spec.per_person)
    return True


def _write(tx: Tx, row: CouponRow) -> bool:
    return tx.insert_unless_present(row, key=("cause",))


def _spec_of(tx: Tx, template_id: str) -> CouponSpec:
    """Return what a template's coupons are worth; each process reads a template once."""
    if (known := _specs.get(template_id)) is not None:
        return known
    stored = tx.execute(_TEMPLATE, template_id=template_id).scalar()
    if stored is None:
        raise NotFound
    if len(_specs) >= _SPECS_KEPT:
        _specs.clear()
    _specs[template_id] = spec = from_json(stored)
    return spec


def void(tx: Tx, coupon_id: str, *, reason: str) -> bool:
    """Take back a coupon that was not used, and return whether that was still possible.

    Stock and allowance are not given back: what was given out, was given out.
    """
    changed = tx.execute(_VOID, coupon_id=coupon_id, reason=reason).one_or_none()
    if changed is None:
        return False
    tx.emit(CouponVoided(coupon_id=coupon_id, person_id=changed.person_id, reason=reason))
    return True


def _take_from_stock(tx: Tx, template_id: str) -> None:
    if tx.execute(_TAKE_FROM_STOCK, of_template=template_id).rowcount == 0:
        raise SoldOut


def _take_allowance(tx: Tx, template_id: str, person_id: str, limit: int) -> None:
    tx.insert_unless_present(Allowance(template_id=template_id, person_id=person_id, taken=0))
    bound = {"of_template": template_id, "of_person": person_id, "limit": limit}
    if tx.execute(_TAKE_ALLOWANCE, **bound).rowcount == 0:
        raise CouponLimitReached
