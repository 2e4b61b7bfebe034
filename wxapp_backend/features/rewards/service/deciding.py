"""From a visit that counts to rewards: decide once, keep the reasons, grant each thing once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.rewards.events import RewardGranted
from wxapp_backend.features.rewards.models import Decision
from wxapp_backend.features.rewards.service.granting import Occasion, give
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id

_DECIDED = select(Decision.visit_id).where(Decision.referral_id == bindparam("referral_id"))


@dataclass(frozen=True, slots=True)
class Case:
    """What is decided upon: a referral, the visit that counts, and the pinned rules."""

    referral: referrals.ReferralView
    visit: visits.Visit
    version: campaigns.Version
    fitting_visits_before: int
    round: int


def decide(tx: Tx, referral_id: str, *, visit_id: str, fitting_visits_before: int) -> None:
    """Decide what the referral earns by this visit, and grant it; once, however often it is asked.

    Nothing is decided when the referral waits for another visit by now. What is refused stays in
    the decision with its reasons, and the referrer reads them.
    """
    referral = referrals.get_locked(tx, referral_id)
    if referral.state != "qualified" or referral.qualifying_visit_id != visit_id:
        return
    decided = tx.execute(_DECIDED, referral_id=referral_id).scalars().all()
    if visit_id in decided:
        return
    assert referral.campaign_version_id is not None  # pinned by the claim
    case = Case(
        referral,
        visits.get_visit(tx, visit_id),
        campaigns.get_version(tx, referral.campaign_version_id),
        fitting_visits_before,
        round=len(decided) + 1,
    )
    facts = _facts(tx, case)
    verdict = campaigns.evaluate(case.version.document, facts)
    decision = _write(tx, case, facts, verdict)
    if verdict.rewards:
        _carry_out(tx, case, verdict, decision)
    elif any(reason.side == "referrer" for reason in verdict.reasons):
        _turn_down(tx, case, verdict)
    # Else the visit was refunded or undone meanwhile: that news reopens the referral.


def _facts(tx: Tx, case: Case) -> campaigns.Facts:
    usage = campaigns.lock_usage(tx, case.referral.campaign_id, case.referral.referrer_id)
    assert case.referral.claimed_at is not None
    return campaigns.Facts(
        claimed_at=case.referral.claimed_at,
        paid_at=case.visit.paid_at,
        store_id=case.visit.store_id,
        amount_fen=case.visit.amount_fen,
        refunded_fen=case.visit.refunded_fen,
        is_cancelled=case.visit.is_cancelled,
        fitting_visits_before=case.fitting_visits_before,
        referrer_rewarded_total=usage.total,
        referrer_rewarded_today=usage.today,
    )


def _write(tx: Tx, case: Case, facts: campaigns.Facts, verdict: campaigns.Verdict) -> Decision:
    decision = Decision(
        id=new_id(tx.now),
        referral_id=case.referral.id,
        visit_id=case.visit.id,
        round=case.round,
        campaign_version_id=case.version.id,
        facts=_json(asdict(facts)),
        rewards=[
            {"side": due.side, "position": due.position, "cost_fen": due.cost_fen}
            for due in verdict.rewards
        ],
        reasons=[asdict(reason) for reason in verdict.reasons],
        decided_at=tx.now,
    )
    tx.insert(decision)
    return decision


def _carry_out(tx: Tx, case: Case, verdict: campaigns.Verdict, decision: Decision) -> None:
    """Grant what is due, and tell the referral how it came out."""
    days = case.version.document.holdback_days
    available_at = tx.now + timedelta(days=days) if days else None
    occasion = Occasion(case.referral, case.version, decision.id, decision.round, available_at)
    grants = [give(tx, occasion, due) for due in verdict.rewards]
    tx.insert_all(grants)
    earned_fen = sum(grant.cost_fen for grant in grants)
    if not any(grant.side == "referrer" for grant in grants):
        _turn_down(tx, case, verdict, earned_fen=earned_fen)
        return
    referrals.settle_cost(tx, case.referral.id, earned_fen=earned_fen)
    campaigns.count_usage(tx, case.referral.campaign_id, case.referral.referrer_id)
    text = _phrase(verdict, "referrer")
    if available_at is None:
        referrals.mark_rewarded(tx, case.referral.id, reward_text=text)
    else:
        referrals.mark_pending(tx, case.referral.id, until=available_at, reward_text=text)
    tx.emit(
        RewardGranted(
            referral_id=case.referral.id,
            referrer_id=case.referral.referrer_id,
            friend_id=case.referral.friend_id,
            campaign_id=case.referral.campaign_id,
            visit_id=case.visit.id,
            grant_ids=[grant.id for grant in grants],
            reward_text=text,
            friend_reward_text=_phrase(verdict, "friend"),
            available_at=available_at.isoformat() if available_at else None,
        )
    )


def _turn_down(tx: Tx, case: Case, verdict: campaigns.Verdict, *, earned_fen: int = 0) -> None:
    reasons = [(reason.code, reason.message) for reason in verdict.reasons]
    referrals.reject(tx, case.referral.id, reasons=reasons, earned_fen=earned_fen)


def _phrase(verdict: campaigns.Verdict, side: campaigns.Side) -> str:
    return campaigns.reward_phrase([due.reward for due in verdict.rewards if due.side == side])


def _json(facts: dict[str, Any]) -> dict[str, Any]:
    return dict(_plain(facts.items()))


def _plain(pairs: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    for key, value in pairs:
        yield key, value.isoformat() if isinstance(value, datetime) else value
