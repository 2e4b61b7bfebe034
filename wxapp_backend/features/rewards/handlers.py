"""What rewards do when something has happened elsewhere."""

from __future__ import annotations

from wxapp_backend.features.coupons.events import CouponRedeemed, RedemptionUndone
from wxapp_backend.features.identity.events import PersonMerged
from wxapp_backend.features.referrals.events import ReferralQualified, ReferralReopened
from wxapp_backend.features.rewards import api
from wxapp_backend.features.rewards.events import HoldbackDue
from wxapp_backend.infra.db import Tx


def on_referral_qualified(tx: Tx, event: ReferralQualified) -> None:
    """Decide what the referral earns."""
    api.decide(
        tx,
        event.referral_id,
        visit_id=event.visit_id,
        fitting_visits_before=event.fitting_visits_before,
    )


def on_referral_reopened(tx: Tx, event: ReferralReopened) -> None:
    """Take waiting rewards back whose visit no longer counts."""
    api.take_back(tx, event.referral_id, visit_id=event.visit_id, reason_code=event.reason_code)


def on_coupon_redeemed(tx: Tx, event: CouponRedeemed) -> None:
    """Book what the coupon cost."""
    api.note_use(
        tx,
        event.coupon_id,
        redemption_id=event.redemption_id,
        discount_fen=event.discount_fen,
    )


def on_redemption_undone(tx: Tx, event: RedemptionUndone) -> None:
    """Take the booked cost back."""
    api.undo_use(tx, event.redemption_id)


def on_person_merged(tx: Tx, event: PersonMerged) -> None:
    """Hand the grants of the person that is no more to the one that stays."""
    api.merge(tx, from_id=event.from_id, into_id=event.into_id)


def on_holdback_due(tx: Tx, _event: HoldbackDue) -> None:
    """Release rewards that have waited long enough, and go on while there are more."""
    if api.release_due(tx) == api.BATCH:
        tx.emit(HoldbackDue())
