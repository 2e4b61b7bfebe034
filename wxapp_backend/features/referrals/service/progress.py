"""What a friend's visits do to the referral: they count, come again, or are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals import queries
from wxapp_backend.features.referrals.domain.states import PAID_STATES
from wxapp_backend.features.referrals.errors import NotNewCustomer
from wxapp_backend.features.referrals.events import (
    FriendReturned,
    ReferralQualified,
    ReferralReopened,
)
from wxapp_backend.features.referrals.models import Referral, ReferralVisit
from wxapp_backend.features.referrals.service.ending import reject
from wxapp_backend.features.referrals.service.steps import note
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Tx


def record_visit(tx: Tx, visit_id: str) -> None:
    """Let a recorded visit count for the referral of whoever paid it, once."""
    visit = visits.get_visit(tx, visit_id)
    if visit.amount_fen == 0:
        return  # a gift that was fetched is no paid visit
    referral = queries.lock_bound(tx, identity.current_id(tx, visit.person_id))
    live = queries.visits_before(tx, referral.id, new_visit_id=visit_id) if referral else None
    if referral is None or live is None:
        return
    document = _document(tx, referral)
    fitting_before = sum(each.fits for each in live)
    facts = _facts(referral, visit, fitting_before)
    against = campaigns.unfit(document.qualify, facts)
    if any(reason.code == "visit_before_claim" for reason in against):
        _before_claim(tx, referral, document, visit.paid_at)
        return
    row = ReferralVisit(
        visit_id=visit_id,
        referral_id=referral.id,
        store_id=visit.store_id,
        paid_at=visit.paid_at,
        amount_fen=visit.amount_fen,
        refunded_fen=visit.refunded_fen,
        fits=not against,
        is_return=_is_far_enough(live, visit.paid_at, document),
        is_cancelled=facts.is_cancelled,
    )
    tx.insert(row)
    if facts.is_cancelled:
        return
    if referral.state == "claimed":
        if against:
            note(tx, referral, "visit_not_counted", reason=against[0].message)
        else:
            needed = document.qualify.visit_number
            _count(tx, referral, row, fitting_before=fitting_before, needed=needed)
    number = 1 + sum(each.is_return for each in live)
    if referral.state in PAID_STATES and row.is_return and live:
        _returned(tx, referral, row, number)


def follow_visit(tx: Tx, visit_id: str) -> None:
    """Note that a visit was refunded or undone, and see whether it still counts.

    A reward that was given for it already stays.
    """
    row = tx.session.get(ReferralVisit, visit_id)
    if row is None:
        return  # not yet recorded here: `record_visit` will read it as it is by then
    visit = visits.get_visit(tx, visit_id)
    referral = queries.lock(tx, row.referral_id)
    row.is_cancelled, row.refunded_fen = visit.is_cancelled, visit.refunded_fen
    minimum_fen = _document(tx, referral).qualify.minimum_fen
    row.fits = row.fits and row.amount_fen - row.refunded_fen >= minimum_fen
    tx.session.flush()
    if row.is_cancelled:
        _reopen_if_it_rests_on(tx, referral, row, "visit_cancelled", "这次消费已撤销")
    elif not row.fits:
        _reopen_if_it_rests_on(tx, referral, row, "visit_refunded", "这次消费已退款")


def catch_up(tx: Tx, person_id: str) -> None:
    """Record what a person has paid that was not yet seen as theirs, oldest first."""
    page, _ = visits.list_for(tx, person_id)
    for visit, _review in reversed(page):
        record_visit(tx, visit.id)


def _document(tx: Tx, referral: Referral) -> campaigns.CampaignDocument:
    assert referral.campaign_version_id is not None  # bound ones are pinned
    return campaigns.get_version(tx, referral.campaign_version_id).document


def _facts(referral: Referral, visit: visits.Visit, fitting_before: int) -> campaigns.Facts:
    assert referral.claimed_at is not None
    return campaigns.Facts(
        claimed_at=referral.claimed_at,
        paid_at=visit.paid_at,
        store_id=visit.store_id,
        amount_fen=visit.amount_fen,
        refunded_fen=visit.refunded_fen,
        is_cancelled=visit.is_cancelled,
        fitting_visits_before=fitting_before,
    )


def _before_claim(
    tx: Tx, referral: Referral, document: campaigns.CampaignDocument, paid_at: datetime
) -> None:
    """Reject the referral when a till reports late that the friend was no new customer."""
    assert referral.claimed_at is not None
    days = document.new_customer.no_visit_in_days
    was_new = days is not None and paid_at <= referral.claimed_at - timedelta(days=days)
    if referral.state == "claimed" and not was_new:
        reason = "系统补录显示，朋友在领取优惠前已在本店消费过"
        reject(tx, referral.id, reasons=[(NotNewCustomer.code, reason)])


def _count(
    tx: Tx, referral: Referral, row: ReferralVisit, *, fitting_before: int, needed: int
) -> None:
    fitting = fitting_before + 1
    if fitting < needed:
        note(tx, referral, "visit_counted", number=fitting, missing=needed - fitting)
    else:
        _qualify(tx, referral, row, fitting_before=fitting_before)


def _qualify(tx: Tx, referral: Referral, row: ReferralVisit, *, fitting_before: int) -> None:
    assert referral.campaign_version_id is not None
    referral.state, referral.qualifying_visit_id = "qualified", row.visit_id
    note(tx, referral, "qualified")
    tx.session.flush()
    tx.emit(
        ReferralQualified(
            referral_id=referral.id,
            referrer_id=referral.referrer_id,
            friend_id=referral.friend_id,
            visit_id=row.visit_id,
            store_id=row.store_id,
            amount_fen=row.amount_fen,
            fitting_visits_before=fitting_before,
            campaign_id=referral.campaign_id,
            campaign_version_id=referral.campaign_version_id,
        )
    )


def _returned(tx: Tx, referral: Referral, row: ReferralVisit, number: int) -> None:
    note(tx, referral, "friend_returned", number=number)
    tx.session.flush()
    tx.emit(
        FriendReturned(
            referral_id=referral.id,
            referrer_id=referral.referrer_id,
            friend_id=referral.friend_id,
            visit_id=row.visit_id,
            store_id=row.store_id,
            number=number,
        )
    )


def _is_far_enough(
    live: Sequence[queries.VisitSeen], paid_at: datetime, document: campaigns.CampaignDocument
) -> bool:
    """Say whether a visit is one of its own and no second bill of the one before."""
    gap = timedelta(hours=document.return_visit.minimum_gap_hours)
    return all(abs(paid_at - row.paid_at) >= gap for row in live if row.is_return)


def _reopen_if_it_rests_on(
    tx: Tx, referral: Referral, row: ReferralVisit, code: str, reason: str
) -> None:
    """Let the referral wait for another visit, unless its reward has been given."""
    if referral.qualifying_visit_id != row.visit_id or referral.state not in (
        "qualified",
        "pending",
    ):
        return
    referral.state, referral.qualifying_visit_id = "claimed", None
    note(tx, referral, "visit_withdrawn", reason=reason)
    tx.session.flush()
    tx.emit(
        ReferralReopened(
            referral_id=referral.id,
            referrer_id=referral.referrer_id,
            friend_id=referral.friend_id,
            visit_id=row.visit_id,
            reason_code=code,
        )
    )
