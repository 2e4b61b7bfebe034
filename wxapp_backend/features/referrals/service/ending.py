"""How a referral comes to its end: rewarded, rejected, or out of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.referrals import queries
from wxapp_backend.features.referrals.events import ReferralExpired, ReferralRejected
from wxapp_backend.features.referrals.models import Referral
from wxapp_backend.features.referrals.service.claiming import reservation_of
from wxapp_backend.features.referrals.service.steps import note
from wxapp_backend.infra.db import Tx

BATCH = 200
"""Referrals ended by one run of the job: one short transaction."""


def mark_pending(tx: Tx, referral_id: str, *, until: datetime, reward_text: str) -> None:
    """Say that the reward is written down and becomes usable at `until`."""
    referral = queries.lock(tx, referral_id)
    if referral.state != "qualified":
        return
    referral.state = "pending"
    note(tx, referral, "pending", reward=reward_text, day=campaigns.on_day(until))
    tx.session.flush()


def mark_rewarded(tx: Tx, referral_id: str, *, reward_text: str) -> None:
    """Say that the referrer has got the reward."""
    referral = queries.lock(tx, referral_id)
    if referral.state not in ("qualified", "pending"):
        return
    referral.state = "rewarded"
    note(tx, referral, "rewarded", reward=reward_text)
    tx.session.flush()


def reject(
    tx: Tx, referral_id: str, *, reasons: Sequence[tuple[str, str]], earned_fen: int = 0
) -> None:
    """Say that the referrer gets nothing, and why: (code, sentence) of each reason.

    `earned_fen` is what the friend gets all the same; the rest goes back to the budget.
    """
    referral = queries.lock(tx, referral_id)
    if referral.state not in ("claimed", "qualified", "pending"):
        return
    referral.state = "rejected"
    referral.reasons = [{"code": code, "message": message} for code, message in reasons]
    note(tx, referral, "rejected", reason="；".join(message for _, message in reasons))
    release_unearned(tx, referral, earned_fen=earned_fen)
    tx.emit(
        ReferralRejected(
            referral_id=referral.id,
            referrer_id=referral.referrer_id,
            friend_id=referral.friend_id,
            reason_codes=[code for code, _ in reasons],
        )
    )


def release_unearned(tx: Tx, referral: Referral, *, earned_fen: int = 0) -> None:
    """Give back to the budget what was set aside for rewards that are not due after all."""
    assert referral.campaign_version_id is not None
    document = campaigns.get_version(tx, referral.campaign_version_id).document
    keep_fen = document.moment_cost_fen("claim") + earned_fen
    if keep_fen >= document.referral_cost_fen:
        return  # all that was set aside is earned
    campaigns.release(tx, reservation_of(referral.id), keep_fen=keep_fen)


def settle_cost(tx: Tx, referral_id: str, *, earned_fen: int) -> None:
    """Keep of the referral's reservation only what its granted rewards cost, in fen."""
    release_unearned(tx, queries.lock(tx, referral_id), earned_fen=earned_fen)


def expire_due(tx: Tx) -> int:
    """End up to `BATCH` referrals whose friend did not come in time; return how many."""
    statement = (
        select(Referral)
        .where(Referral.state.in_(("touched", "claimed")))
        .where(Referral.expires_at < tx.now - campaigns.CLOCK_SLACK)
        .order_by(Referral.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = list(tx.session.scalars(statement))
    for referral in rows:
        _expire(tx, referral)
    tx.session.flush()
    return len(rows)


def _expire(tx: Tx, referral: Referral) -> None:
    was_claimed = referral.state == "claimed"
    referral.state = "expired"
    if not was_claimed:
        return  # a touch that led to nothing is no news to anybody
    note(tx, referral, "expired")
    release_unearned(tx, referral)
    tx.emit(
        ReferralExpired(
            referral_id=referral.id,
            referrer_id=referral.referrer_id,
            friend_id=referral.friend_id,
        )
    )
