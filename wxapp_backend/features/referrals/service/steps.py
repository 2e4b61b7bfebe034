"""The timeline's rows."""

from __future__ import annotations

from wxapp_backend.features.referrals.domain.timeline import Event
from wxapp_backend.features.referrals.models import Referral, Step
from wxapp_backend.infra.db import Tx


def note(tx: Tx, referral: Referral, event: Event, **params: str | int) -> None:
    """Write down what happened to a referral, for both sides to read."""
    tx.insert(Step(referral_id=referral.id, at=tx.now, event=event, params=params))
