"""Reading referrals: the rows that services work on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CTE, Select, String, bindparam, func, or_, select

from wxapp_backend.features.referrals.domain.attribution import TouchSeen
from wxapp_backend.features.referrals.models import (
    Benefit,
    Referral,
    ReferralCode,
    ReferralVisit,
    Share,
    Touch,
)
from wxapp_backend.infra.batched import QueryPart
from wxapp_backend.infra.db import Tx

_CODE = select(ReferralCode.code).where(ReferralCode.current_for == bindparam("person_id"))
_FRESH = select(Referral).execution_options(populate_existing=True)
_BOUND = _FRESH.where(Referral.bound_friend_id == bindparam("friend_id"))
_LOCK_BOUND = _BOUND.with_for_update()
_LOCK = _FRESH.where(Referral.id == bindparam("referral_id")).with_for_update()
_PAIR = (
    select(Referral)
    .where(
        Referral.referrer_id == bindparam("referrer_id"),
        Referral.friend_id == bindparam("friend_id"),
    )
    .with_for_update()
)


def _chain_from(start: Select[str], name: str = "chain") -> CTE:
    """Return those whom `start` names, their referrers, and so on."""
    chain = start.cte(name, recursive=True)
    return chain.union(
        select(Referral.referrer_id).join(chain, Referral.bound_friend_id == chain.c.person_id)
    )


def root_from(start: Select[str]) -> Select[str]:
    """Return who stands at the end of the chain of referrers of the one whom `start` names."""
    chain = _chain_from(start)
    return (
        select(chain.c.person_id)
        .outerjoin(Referral, Referral.bound_friend_id == chain.c.person_id)
        .where(Referral.id.is_(None))
    )


_START = select(bindparam("person_id", type_=String()).label("person_id"))
_MEMBERS = select(_chain_from(_START).c.person_id)
_ROOT = root_from(_START)
_TOUCH = select(Touch).where(
    Touch.friend_id == bindparam("friend_id"),
    Touch.referrer_id == bindparam("referrer_id"),
    Touch.on_day == bindparam("day"),
)
_TOUCHES = select(Touch.referrer_id, Touch.first_at, Touch.last_at).where(
    Touch.friend_id == bindparam("friend_id")
)
_VISITS = (
    select(
        ReferralVisit.referral_id,
        ReferralVisit.visit_id,
        ReferralVisit.paid_at,
        ReferralVisit.fits,
        ReferralVisit.is_return,
        ReferralVisit.is_cancelled,
    )
    .where(
        or_(
            ReferralVisit.referral_id == bindparam("referral_id"),
            ReferralVisit.visit_id == bindparam("visit_id"),
        )
    )
    .order_by(ReferralVisit.paid_at, ReferralVisit.visit_id)
)
_RETURNS = (
    select(func.count(ReferralVisit.visit_id) - func.count(Referral.id.distinct()))
    .join(Referral, Referral.id == ReferralVisit.referral_id)
    .where(Referral.referrer_id == bindparam("referrer_id"))
    .where(ReferralVisit.is_return, ~ReferralVisit.is_cancelled)
)


CODE = QueryPart(_CODE, lambda columns: str(columns[0]))
"""The code that `person_id` hands out."""

REFERRER_ID = QueryPart(
    select(Referral.referrer_id).where(Referral.bound_friend_id == bindparam("person_id")),
    lambda columns: str(columns[0]),
)
"""Who brought `person_id`."""


def find_code(tx: Tx, person_id: str) -> str | None:
    """Return the code that a person hands out, or None before there is one."""
    return CODE.find(tx, person_id=person_id)


def find_bound(tx: Tx, friend_id: str) -> Referral | None:
    """Return the one referral that a friend has claimed, or None."""
    return tx.session.scalar(_BOUND, {"friend_id": friend_id})


def lock_bound(tx: Tx, friend_id: str) -> Referral | None:
    """Return what `find_bound` returns, held against rivals until the transaction ends."""
    row = tx.session.scalar(_LOCK_BOUND, {"friend_id": friend_id})
    return None if row is None else tx.once("referral", row.id, lambda: row)


def lock(tx: Tx, referral_id: str) -> Referral:
    """Return a referral that must be there, held against rivals until the transaction ends."""

    def read() -> Referral:
        return tx.session.scalars(_LOCK, {"referral_id": referral_id}).one()

    return tx.once("referral", referral_id, read)


def find_pair(tx: Tx, *, referrer_id: str, friend_id: str) -> Referral | None:
    """Return the referral between these two, claimed or not, or None."""
    return tx.session.scalar(_PAIR, {"referrer_id": referrer_id, "friend_id": friend_id})


def chain_of(tx: Tx, person_id: str) -> set[str]:
    """Return a person, the person's referrer, the referrer's referrer, and so on."""
    return set(tx.execute(_MEMBERS, person_id=person_id).scalars())


def root_of(tx: Tx, person_id: str) -> str:
    """Return who stands at the end of a person's chain of referrers; oneself without one."""
    root: str = tx.execute(_ROOT, person_id=person_id).scalar_one()
    return root


def touch_on(tx: Tx, *, referrer_id: str, friend_id: str, day: date) -> Touch | None:
    """Return the touch between these two on a day, or None."""
    bound = {"friend_id": friend_id, "referrer_id": referrer_id, "day": day}
    return tx.session.scalar(_TOUCH, bound)


def touches_of(tx: Tx, friend_id: str) -> list[TouchSeen]:
    """Return whose shares a friend opened, and when."""
    return [TouchSeen(*row) for row in tx.execute(_TOUCHES, friend_id=friend_id)]


def campaigns_pointed_to(tx: Tx, *, referrer_id: str, friend_id: str) -> list[str]:
    """Return the campaigns of the pair's newest touch and of the referrer's newest share."""
    touched = (
        select(Touch.campaign_id)
        .where(Touch.friend_id == friend_id, Touch.referrer_id == referrer_id)
        .where(Touch.campaign_id.is_not(None))
        .order_by(Touch.last_at.desc())
        .limit(1)
    )
    shared = (
        select(Share.campaign_id)
        .where(Share.person_id == referrer_id)
        .order_by(Share.id.desc())
        .limit(1)
    )
    found = [tx.session.scalar(touched), tx.session.scalar(shared)]
    return [campaign_id for campaign_id in found if campaign_id]


def coupon_ids_of(tx: Tx, referral_id: str) -> list[str]:
    """Return the coupons that the friend got for claiming."""
    statement = (
        select(Benefit.coupon_id)
        .where(Benefit.referral_id == referral_id, Benefit.coupon_id.is_not(None))
        .order_by(Benefit.cause)
    )
    return [coupon_id for coupon_id in tx.session.scalars(statement) if coupon_id]


@dataclass(frozen=True, slots=True)
class VisitSeen:
    """A visit that a friend paid since the claim, as `ReferralVisit` describes it."""

    visit_id: str
    paid_at: datetime
    fits: bool
    is_return: bool


def visits_of(tx: Tx, referral_id: str) -> list[VisitSeen]:
    """Return a referral's visits that were not cancelled, in the order of payment."""
    return visits_before(tx, referral_id, new_visit_id="") or []


def visits_before(tx: Tx, referral_id: str, *, new_visit_id: str) -> list[VisitSeen] | None:
    """Return a referral's visits that were not cancelled, in the order of payment.

    None: the new visit was recorded here before, under whichever referral.
    """
    rows = tx.execute(_VISITS, referral_id=referral_id, visit_id=new_visit_id).all()
    if any(row.visit_id == new_visit_id for row in rows):
        return None
    return [
        VisitSeen(row.visit_id, row.paid_at, row.fits, row.is_return)
        for row in rows
        if not row.is_cancelled
    ]


def count_returns(tx: Tx, referrer_id: str) -> int:
    """Return how often friends of a referrer came again after the first time."""
    return tx.execute(_RETURNS, referrer_id=referrer_id).scalar_one()


def campaign_of_benefit(tx: Tx, coupon_id: str) -> tuple[str, int] | None:
    """Return the campaign that gave a friend this coupon, and the most that it costs in fen."""
    statement = (
        select(Referral.campaign_id, Benefit.cost_fen)
        .join(Referral, Referral.id == Benefit.referral_id)
        .where(Benefit.coupon_id == coupon_id)
    )
    row = tx.session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def benefit_points_cost_fen(tx: Tx, campaign_id: str) -> int:
    """Return what the points cost that friends got for claiming, in fen."""
    statement = (
        select(func.coalesce(func.sum(Benefit.cost_fen), 0))
        .join(Referral, Referral.id == Benefit.referral_id)
        .where(Referral.campaign_id == campaign_id, Benefit.points.is_not(None))
    )
    return int(tx.session.scalar(statement) or 0)


def traces_of(tx: Tx, person_id: str) -> dict[str, list[dict[str, str]]]:
    """Return a person's shares, and the touches of the person on others' shares, JSON-ready."""
    shares = select(Share.channel, Share.at).where(Share.person_id == person_id).order_by(Share.id)
    touches = (
        select(Touch.channel, Touch.first_at).where(Touch.friend_id == person_id).order_by(Touch.id)
    )
    return {
        "shares": [
            {"channel": channel, "at": at.isoformat()} for channel, at in tx.session.execute(shares)
        ],
        "touches": [
            {"channel": channel, "at": at.isoformat()}
            for channel, at in tx.session.execute(touches)
        ],
    }
