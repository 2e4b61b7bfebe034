"""Giving one reward: points or a coupon, under a cause that can be used once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.rewards.models import Grant
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Occasion:
    """For what rewards are given.

    Attributes:
        round: of the decision; an earlier round's grants were cancelled.
        available_at: until then the reward waits; None: at once.
    """

    referral: referrals.ReferralView
    version: campaigns.Version
    decision_id: str
    round: int
    available_at: datetime | None


def give(tx: Tx, occasion: Occasion, due: campaigns.Due) -> Grant:
    """Give what is due, and return what is to be written down of it."""
    referral = occasion.referral
    person_id = referral.referrer_id if due.side == "referrer" else referral.friend_id
    grant = Grant(
        id=new_id(tx.now),
        decision_id=occasion.decision_id,
        referral_id=referral.id,
        campaign_id=referral.campaign_id,
        person_id=person_id,
        side=due.side,
        position=due.position,
        cause=_cause(occasion, due),
        title=campaigns.reward_phrase([due.reward]),
        cost_fen=due.cost_fen,
        state="pending" if occasion.available_at else "granted",
        available_at=occasion.available_at,
        created_at=tx.now,
    )
    if isinstance(due.reward, campaigns.PointsReward):
        grant.points = due.reward.points
        points.grant(
            tx,
            person_id,
            due.reward.points,
            reference=grant.cause,
            source_text=_source(tx, occasion, due.side),
            terms=points.Terms(title="推荐奖励", available_at=occasion.available_at),
        )
    else:
        grant.coupon_id = coupons.issue(
            tx,
            occasion.version.template_of(due),
            person_id=person_id,
            cause=grant.cause,
            source=_source(tx, occasion, due.side),
            valid_from=occasion.available_at,
        ).id
    return grant


def _cause(occasion: Occasion, due: campaigns.Due) -> str:
    cause = f"referral:{occasion.referral.id}:{due.side}:{due.position}"
    return cause if occasion.round == 1 else f"{cause}:{occasion.round}"


def _source(tx: Tx, occasion: Occasion, side: campaigns.Side) -> str:
    """Say to whom the receiver owes it, the other's name masked."""
    if side == "friend":
        referrer = identity.get_person(tx, occasion.referral.referrer_id)
        return f"{identity.display_name(referrer)}推荐"
    friend = identity.get_person(tx, occasion.referral.friend_id)
    return f"推荐{identity.display_name(friend)}到店"
