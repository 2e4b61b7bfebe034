"""What referrals offer to other features."""

from __future__ import annotations

from typing import Any

from wxapp_backend.features.referrals import queries
from wxapp_backend.features.referrals.domain.states import State, contribution
from wxapp_backend.features.referrals.domain.timeline import Viewer, say
from wxapp_backend.features.referrals.errors import (
    AlreadyReferred,
    NotNewCustomer,
    SelfReferral,
    UnknownReferralCode,
)
from wxapp_backend.features.referrals.queries import (
    CODE,
    REFERRER_ID,
    benefit_points_cost_fen,
    campaign_of_benefit,
    count_returns,
    find_code,
)
from wxapp_backend.features.referrals.queries.funnel import Progress, progress
from wxapp_backend.features.referrals.queries.lists import (
    Brought,
    ReferralView,
    StepView,
    count_states,
    find,
    find_for_friend,
    get_locked,
    list_for_referrer,
    list_of_person,
    referral_of_friend,
)
from wxapp_backend.features.referrals.service.claiming import Claimed, claim
from wxapp_backend.features.referrals.service.codes import code_of, find_by_scene, find_referrer
from wxapp_backend.features.referrals.service.ending import (
    BATCH,
    expire_due,
    mark_pending,
    mark_rewarded,
    reject,
    settle_cost,
)
from wxapp_backend.features.referrals.service.merging import forget, merge
from wxapp_backend.features.referrals.service.progress import (
    catch_up,
    follow_visit,
    record_visit,
)
from wxapp_backend.features.referrals.service.touching import Touched, share, touch
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound

__all__ = [
    "BATCH",
    "CODE",
    "REFERRER_ID",
    "AlreadyReferred",
    "Brought",
    "Claimed",
    "NotNewCustomer",
    "Progress",
    "ReferralView",
    "SelfReferral",
    "State",
    "StepView",
    "Touched",
    "UnknownReferralCode",
    "Viewer",
    "benefit_points_cost_fen",
    "campaign_of_benefit",
    "catch_up",
    "claim",
    "code_of",
    "contribution",
    "count_returns",
    "count_states",
    "expire_due",
    "export_for",
    "find_by_scene",
    "find_code",
    "find_for_friend",
    "find_referrer",
    "follow_visit",
    "forget",
    "get_locked",
    "get_referral",
    "list_for_referrer",
    "mark_pending",
    "mark_rewarded",
    "merge",
    "progress",
    "record_visit",
    "referral_of_friend",
    "reject",
    "say",
    "settle_cost",
    "share",
    "touch",
]


def get_referral(tx: Tx, referral_id: str) -> ReferralView:
    """Return a referral without its steps.

    Raises:
        NotFound: there is no such referral.
    """
    found = find(tx, referral_id)
    if found is None:
        raise NotFound
    return found


def export_for(tx: Tx, person_id: str) -> dict[str, Any]:
    """Return what is held about a person, JSON-ready; the other sides stay unnamed."""
    return {
        "referral_code": find_code(tx, person_id),
        "referrals": [
            {
                "side": "referrer" if each.referrer_id == person_id else "friend",
                "state": each.state,
                "created_at": each.created_at.isoformat(),
                "claimed_at": each.claimed_at.isoformat() if each.claimed_at else None,
                "steps": [{"at": step.at.isoformat(), "event": step.event} for step in each.steps],
            }
            for each in list_of_person(tx, person_id)
        ],
        **queries.traces_of(tx, person_id),
    }
