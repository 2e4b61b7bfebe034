"""Reading referrals for people: a referrer's list with its timelines, counts, a friend's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from wxapp_backend.features.referrals.domain.states import STATES, State
from wxapp_backend.features.referrals.domain.timeline import Event
from wxapp_backend.features.referrals.models import Referral, Step
from wxapp_backend.infra.db import Tx


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


def view(row: Referral, steps: Iterable[StepView] = ()) -> ReferralView:
    """Return a frozen copy of a row."""
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
) -> tuple[list[ReferralView], str | None]:
    """Return a referrer's referrals with their steps, newest first, and the next cursor."""
    statement = select(Referral).where(Referral.referrer_id == referrer_id)
    if cursor is not None:
        statement = statement.where(Referral.id < cursor)
    rows = list(tx.session.scalars(statement.order_by(Referral.id.desc()).limit(limit + 1)))
    following = rows[limit - 1].id if len(rows) > limit else None
    return _with_steps(tx, rows[:limit]), following


def find_for_friend(tx: Tx, friend_id: str) -> ReferralView | None:
    """Return the referral that a friend has claimed, with its steps, or None."""
    row = tx.session.scalar(select(Referral).where(Referral.bound_friend_id == friend_id))
    return _with_steps(tx, [row])[0] if row else None


def list_of_person(tx: Tx, person_id: str) -> list[ReferralView]:
    """Return every referral that a person is a side of, oldest first."""
    statement = (
        select(Referral)
        .where((Referral.referrer_id == person_id) | (Referral.friend_id == person_id))
        .order_by(Referral.id)
    )
    return _with_steps(tx, list(tx.session.scalars(statement)))


def count_states(tx: Tx, referrer_id: str) -> dict[State, int]:
    """Return how many of a referrer's referrals are in each state, zeros included."""
    statement = (
        select(Referral.state, func.count())
        .where(Referral.referrer_id == referrer_id)
        .group_by(Referral.state)
    )
    found = {row[0]: row[1] for row in tx.session.execute(statement)}
    return {state: found.get(state, 0) for state in STATES}


def _with_steps(tx: Tx, rows: list[Referral]) -> list[ReferralView]:
    statement = select(Step).where(Step.referral_id.in_([row.id for row in rows])).order_by(Step.id)
    steps: dict[str, list[StepView]] = {}
    for step in tx.session.scalars(statement):
        seen = StepView(step.at, step.event, step.params)  # type: ignore[arg-type] # only note() writes
        steps.setdefault(step.referral_id, []).append(seen)
    return [view(row, steps.get(row.id, ())) for row in rows]
