"""What referrals do when something has happened elsewhere."""

from __future__ import annotations

from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.referrals import api
from wxapp_backend.features.referrals.events import ExpiryDue
from wxapp_backend.features.visits.events import VisitCancelled, VisitRecorded, VisitRefunded
from wxapp_backend.infra.db import Tx


def on_visit_recorded(tx: Tx, event: VisitRecorded) -> None:
    """Let the visit count for the referral that brought the customer."""
    api.record_visit(tx, event.visit_id)


def on_visit_cancelled(tx: Tx, event: VisitCancelled) -> None:
    """Take the visit back."""
    api.follow_visit(tx, event.visit_id)


def on_visit_refunded(tx: Tx, event: VisitRefunded) -> None:
    """See whether the visit still counts."""
    api.follow_visit(tx, event.visit_id)


def on_person_merged(tx: Tx, event: PersonMerged) -> None:
    """Hand the referrals of the person that is no more to the one that stays."""
    api.merge(tx, from_id=event.from_id, into_id=event.into_id)
    api.catch_up(tx, event.from_id)
    api.catch_up(tx, event.into_id)


def on_person_erased(tx: Tx, event: PersonErased) -> None:
    """Forget the person's code, shares and touches."""
    api.forget(tx, event.person_id)


def on_expiry_due(tx: Tx, _event: ExpiryDue) -> None:
    """End referrals whose friend did not come in time, and go on while there are more."""
    if api.expire_due(tx) == api.BATCH:
        tx.emit(ExpiryDue())
