"""Reading referrals for people: a referrer's list with its timelines, counts, a friend's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals.domain.states import STATES, State
from wxapp_backend.features.referrals.domain.timeline import Event
from wxapp_backend.features.referrals.models import Referral, Step
from wxapp_backend.features.referrals.queries import lock
from wxapp_backend.infra.db import Tx

_REFERRALS = select(
    Referral.id,
    Referral.referrer_id,
    Referral.friend_id,
    Referral.campaign_id,
    Referral.campaign_version_id,
    Referral.state,
    Referral.created_at,
    Referral.claimed_at,
    Referral.expires_at,
    Referral.qualifying_visit_id,
    Referral.reasons,
)
_BY_ID = _REFERRALS.where(Referral.id == bindparam("referral_id"))
_OF_REFERRER = (
    identity.with_person(_REFERRALS, Referral.friend_id)
    .where(Referral.referrer_id == bindparam("referrer_id"))
    .order_by(Referral.id.desc())
    .limit(bindparam("most"))
)
_OF_REFERRER_BEFORE = _OF_REFERRER.where(Referral.id < bindparam("cursor"))
_OF_FRIEND = _REFERRALS.where(Referral.bound_friend_id == bindparam("friend_id"))
_OF_PERSON = _REFERRALS.where(
    (Referral.referrer_id == bindparam("person_id"))
    | (Referral.friend_id == bindparam("person_id"))
).order_by(Referral.id)
_STATES = (
    select(Referral.state, func.count())
    .where(Referral.referrer_id == bindparam("referrer_id"))
    .group_by(Referral.state)
)
_STEPS = (
    select(Step.referral_id, Step.at, Step.event, Step.params)
    .where(Step.referral_id.in_(bindparam("referral_ids", expanding=True)))
    .order_by(Step.id)
)


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a timeline, not yet put into words."""

    at: datetime
    event: Event
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral as other features see it.

    Attributes:
        campaign_version_id: None before the claim.
        expires_at: until when the friend may come for it to count.
        reasons: why it earned nothing, as (code, message).
    """

    id: str
    referrer_id: str
    friend_id: str
    campaign_id: str
    campaign_version_id: str | None
    state: State
    created_at: datetime
    claimed_at: datetime | None
    expires_at: datetime | None
    qualifying_visit_id: str | None
    reasons: tuple[tuple[str, str], ...]
    steps: tuple[StepView, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """A referral as its referrer sees it, with the friend as known now."""

    referral: ReferralView
    friend: identity.Person


def view(row: Referral | Row[*tuple[Any, ...]], steps: Iterable[StepView] = ()) -> ReferralView:
    """Return a frozen copy of a row, or of its columns."""
    return ReferralView(
        id=row.id,
        referrer_id=row.referrer_id,
        friend_id=row.friend_id,
        campaign_id=row.campaign_id,
        campaign_version_id=row.campaign_version_id,
        state=row.state,  # type: ignore[arg-type] # a CHECK holds it to State
        created_at=row.created_at,
        claimed_at=row.claimed_at,
        expires_at=row.expires_at,
        qualifying_visit_id=row.qualifying_visit_id,
        reasons=tuple((reason["code"], reason["message"]) for reason in row.reasons or ()),
        steps=tuple(steps),
    )


def list_for_referrer(
    tx: Tx, referrer_id: str, *, cursor: str | None, limit: int
) -> tuple[list[Brought], str | None]:
    """Return a referrer's referrals with steps and friends, newest first, and the next cursor."""
    bound: dict[str, Any] = {"referrer_id": referrer_id, "most": limit + 1}
    if cursor is None:
        rows = tx.execute(_OF_REFERRER, **bound).all()
    else:
        rows = tx.execute(_OF_REFERRER_BEFORE, **bound, cursor=cursor).all()
    following = rows[limit - 1].id if len(rows) > limit else None
    friends = [identity.split_person(row)[1] for row in rows[:limit]]
    views = _with_steps(tx, rows[:limit])
    return [Brought(*pair) for pair in zip(views, friends, strict=True)], following


def find(tx: Tx, referral_id: str) -> ReferralView | None:
    """Return a referral without its steps, or None."""
    row = tx.execute(_BY_ID, referral_id=referral_id).one_or_none()
    return view(row) if row else None


def get_locked(tx: Tx, referral_id: str) -> ReferralView:
    """Return a referral that must be there, held against rivals until the transaction ends."""
    return view(lock(tx, referral_id))


def referral_of_friend(tx: Tx, friend_id: str) -> ReferralView | None:
    """Return the one referral that a friend has claimed, without its steps, or None."""
    row = tx.execute(_OF_FRIEND, friend_id=friend_id).one_or_none()
    return view(row) if row else None


def find_for_friend(tx: Tx, friend_id: str) -> ReferralView | None:
    """Return the referral that a friend has claimed, with its steps, or None."""
    row = tx.execute(_OF_FRIEND, friend_id=friend_id).one_or_none()
    return _with_steps(tx, [row])[0] if row else None


def list_of_person(tx: Tx, person_id: str) -> list[ReferralView]:
    """Return every referral that a person is a side of, oldest first."""
    return _with_steps(tx, tx.execute(_OF_PERSON, person_id=person_id).all())


def count_states(tx: Tx, referrer_id: str) -> dict[State, int]:
    """Return how many of a referrer's referrals are in each state, zeros included."""
    found = {row[0]: row[1] for row in tx.execute(_STATES, referrer_id=referrer_id)}
    return {state: found.get(state, 0) for state in STATES}


def _with_steps(tx: Tx, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[ReferralView]:
    steps: dict[str, list[StepView]] = {}
    referral_ids = [row.id for row in rows]
    for step in tx.execute(_STEPS, referral_ids=referral_ids) if rows else ():
        steps.setdefault(step.referral_id, []).append(StepView(step.at, step.event, step.params))
    return [view(row, steps.get(row.id, ())) for row in rows]
