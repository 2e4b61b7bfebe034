"""What rewards offer to other features and to the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.rewards.models import Grant
from wxapp_backend.features.rewards.queries import (
    Earned,
    RewardState,
    RewardView,
    decisions_of,
    earned,
    grants_of,
    list_for_referrals,
)
from wxapp_backend.features.rewards.service.costs import cost, note_use, undo_use
from wxapp_backend.features.rewards.service.deciding import decide
from wxapp_backend.features.rewards.service.waiting import BATCH, release_due, take_back
from wxapp_backend.infra.db import Tx

__all__ = [
    "BATCH",
    "DecisionView",
    "Earned",
    "Funnel",
    "RewardState",
    "RewardView",
    "cost",
    "decide",
    "earned",
    "explain",
    "export_for",
    "funnel",
    "list_for_referrals",
    "merge",
    "note_use",
    "release_due",
    "take_back",
    "undo_use",
]


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far a campaign came, and what it cost and brought.

    Attributes:
        cost_fen: points when given and coupons when used.
        promised_fen: the most that all referrals so far can come to cost.
        revenue_fen: what the friends paid since their claims, refunds taken off.
    """

    campaign_id: str
    name: str
    shared: int
    touched: int
    claimed: int
    visited: int
    qualified: int
    rewarded: int
    second_visit: int
    cost_fen: int
    promised_fen: int
    budget_fen: int
    revenue_fen: int


@dataclass(frozen=True, slots=True)
class DecisionView:
    """Why a referral earned what it earned."""

    round: int
    visit_id: str
    campaign_version_id: str
    facts: dict[str, Any]
    rewards: list[Any]
    reasons: list[Any]


def funnel(tx: Tx, campaign: campaigns.CampaignView) -> Funnel:
    """Return a campaign's funnel, counted from the rows as they are now."""
    progress = referrals.progress(tx, campaign.id)
    budget = campaigns.budget_of(tx, campaign.id)
    return Funnel(
        campaign_id=campaign.id,
        name=campaign.name,
        shared=progress.shared,
        touched=progress.touched,
        claimed=progress.claimed,
        visited=progress.visited,
        qualified=progress.qualified,
        rewarded=progress.rewarded,
        second_visit=progress.second_visit,
        cost_fen=cost(tx, campaign.id),
        promised_fen=budget.reserved_fen,
        budget_fen=budget.total_fen,
        revenue_fen=progress.revenue_fen,
    )


def explain(tx: Tx, referral_id: str) -> list[DecisionView]:
    """Return what was decided about a referral, with facts and reasons, oldest first."""
    return [
        DecisionView(
            row.round, row.visit_id, row.campaign_version_id, row.facts, row.rewards, row.reasons
        )
        for row in decisions_of(tx, referral_id)
    ]


def merge(tx: Tx, *, from_id: str, into_id: str) -> None:
    """Hand one person's grants to another, when the two turn out to be one."""
    tx.session.execute(update(Grant).where(Grant.person_id == from_id).values(person_id=into_id))


def export_for(tx: Tx, person_id: str) -> dict[str, Any]:
    """Return what was granted to a person, JSON-ready."""
    return {
        "rewards": [
            {
                "title": grant.title,
                "side": grant.side,
                "state": grant.state,
                "points": grant.points,
                "created_at": grant.created_at.isoformat(),
            }
            for grant in grants_of(tx, person_id)
        ]
    }
