"""How far the referrals of a campaign came, counted from the rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from wxapp_backend.features.referrals.domain.states import PAID_STATES
from wxapp_backend.features.referrals.models import Referral, ReferralVisit, Share
from wxapp_backend.infra.db import Tx

SECOND_VISIT = 2


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of one campaign.

    Attributes:
        shared: people who took it out to friends.
        touched: pairs of referrer and friend; every claim is one of them.
        claimed: friends who took the offer.
        visited: friends who came and paid since.
        qualified: friends whose visit counted.
        rewarded: referrals whose reward was given.
        second_visit: friends who came at least twice.
        revenue_fen: what these friends paid since the claim, refunds taken off.
    """

    shared: int
    touched: int
    claimed: int
    visited: int
    qualified: int
    rewarded: int
    second_visit: int
    revenue_fen: int


def progress(tx: Tx, campaign_id: str) -> Progress:
    """Count a campaign's referrals."""
    own = Referral.campaign_id == campaign_id
    visits = (
        select(
            ReferralVisit.referral_id,
            func.count().label("number"),
            func.sum(ReferralVisit.amount_fen - ReferralVisit.refunded_fen).label("paid_fen"),
        )
        .join(Referral, Referral.id == ReferralVisit.referral_id)
        .where(own, ~ReferralVisit.is_cancelled)
        .group_by(ReferralVisit.referral_id)
        .subquery()
    )
    return Progress(
        shared=_count(
            tx,
            select(func.count(Share.person_id.distinct())).where(Share.campaign_id == campaign_id),
        ),
        touched=_count(tx, select(func.count()).select_from(Referral).where(own)),
        claimed=_count(
            tx,
            select(func.count()).select_from(Referral).where(own, Referral.claimed_at.is_not(None)),
        ),
        visited=_count(tx, select(func.count()).select_from(visits)),
        qualified=_count(
            tx,
            select(func.count()).select_from(Referral).where(own, Referral.state.in_(PAID_STATES)),
        ),
        rewarded=_count(
            tx,
            select(func.count()).select_from(Referral).where(own, Referral.state == "rewarded"),
        ),
        second_visit=_count(
            tx,
            select(func.count()).select_from(visits).where(visits.c.number >= SECOND_VISIT),
        ),
        revenue_fen=_count(tx, select(func.coalesce(func.sum(visits.c.paid_fen), 0))),
    )


def _count(tx: Tx, statement: Select[int]) -> int:
    return int(tx.session.scalar(statement) or 0)
