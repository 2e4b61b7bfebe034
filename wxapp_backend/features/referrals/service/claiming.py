"""The claim: a new customer takes a referrer's offer, once and for life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, update

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals import queries
from wxapp_backend.features.referrals.domain.attribution import attribute
from wxapp_backend.features.referrals.errors import AlreadyReferred, SelfReferral
from wxapp_backend.features.referrals.events import ReferralClaimed
from wxapp_backend.features.referrals.models import Benefit, Referral
from wxapp_backend.features.referrals.queries.standing import Earlier, Standing, stand
from wxapp_backend.features.referrals.service.codes import (
    find_presented,
    lock,
    lock_at_once,
    make_first,
)
from wxapp_backend.features.referrals.service.eligibility import (
    History,
    check_offer,
    choose_campaign,
)
from wxapp_backend.features.referrals.service.steps import note
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id

_CLAIM_TOUCHED = update(Referral).where(Referral.id == bindparam("touched_id"))


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claim came to; a repeated one comes to the same."""

    referral_id: str
    state: str
    coupons: tuple[coupons.Coupon, ...]


def claim(tx: Tx, friend_id: str, *, code: str) -> Claimed:
    """Bind the friend to the referrer behind `code` and give what the campaign promises.

    The whole cost of the referral is set aside, so that nobody is promised what the budget cannot
    pay. The same claim again returns the first one's result and changes nothing.

    Raises:
        UnknownReferralCode: the code is nobody's.
        SelfReferral: it is the friend's own.
        AlreadyReferred: the friend has another referrer, or brought this one here.
        NotNewCustomer: the friend has paid visits before.
        CampaignEnded: no campaign runs.
        BudgetExhausted: the budget does not pay for one more referral.
        SoldOut: a coupon of the offer is out of stock.
    """
    presented = find_presented(tx, code)
    presented_id, root_id = presented.owner_id, presented.root_id
    if presented_id == friend_id:
        raise SelfReferral
    campaign = choose_campaign(tx, presented.running, referrer_id=presented_id, friend_id=friend_id)
    referrer_id = _attributed(tx, friend_id, presented_id, campaign)
    if referrer_id != presented_id:
        root_id = queries.root_of(tx, referrer_id)
    standing = _lock_trees(tx, friend_id, referrer_id, root_id)
    if standing.earlier is not None:
        return _repeat(tx, standing.earlier, presented_id)
    if standing.root_id == friend_id:
        raise AlreadyReferred  # the friend brought the referrer here: no circles
    campaign = _check_offer(tx, friend_id, campaign, standing)
    referral = _bind(tx, standing, friend_id, referrer_id, presented_id, campaign)
    issued = _give(tx, referral, campaign, standing.referrer)
    note(tx, referral, "claimed", offer=campaign.friend_offer)
    tx.emit(
        ReferralClaimed(
            referral_id=referral.id,
            referrer_id=referrer_id,
            friend_id=friend_id,
            campaign_id=campaign.id,
            campaign_version_id=campaign.version.id,
            coupon_ids=[coupon.id for coupon in issued],
            offer_text=campaign.friend_offer,
        )
    )
    campaigns.reserve(  # last, since all claims of a campaign wait for this one row
        tx,
        campaign.id,
        cost_fen=campaign.document.referral_cost_fen,
        cause=reservation_of(referral.id),
    )
    return Claimed(referral.id, referral.state, tuple(issued))


def reservation_of(referral_id: str) -> str:
    """Name the cause under which a referral's cost is set aside."""
    return f"referral:{referral_id}"


def _attributed(
    tx: Tx, friend_id: str, presented_id: str, campaign: campaigns.CampaignView | None
) -> str:
    if campaign is None or campaign.document.attribution.touch == "last":
        return presented_id
    return attribute(
        queries.touches_of(tx, friend_id),
        presented_id,
        policy="first",
        window=timedelta(days=campaign.document.attribution.window_days),
        at=tx.now,
    )


def _lock_trees(tx: Tx, friend_id: str, referrer_id: str, root_id: str) -> Standing:
    """Hold the friend, and the end of the referrer's chain; return how all stands under the locks.

    Who has no referrer yet is the root of a tree. A claim hangs the friend's tree under the
    referrer's, so two claims that could close a circle between them hold a root in common and
    follow one another. The first locks are taken in one order. If the root has moved meanwhile,
    the new one is not waited for, since who holds it may wait for us: then all begins anew.
    """
    if friend_id not in lock(tx, (friend_id, root_id)):
        make_first(tx, friend_id)  # so that there is a row to hold
    held = {friend_id, root_id}
    while (standing := stand(tx, referrer_id=referrer_id, friend_id=friend_id)).root_id not in held:
        lock_at_once(tx, standing.root_id)
        held.add(standing.root_id)
    return standing


def _check_offer(
    tx: Tx, friend_id: str, campaign: campaigns.CampaignView | None, standing: Standing
) -> campaigns.CampaignView:
    came_back = standing.came_back
    if came_back is None:
        came_back = identity.was_erased_before(tx, friend_id)
    return check_offer(
        tx, campaign, History(came_back=came_back, last_paid_at=standing.last_paid_at)
    )


def _repeat(tx: Tx, earlier: Earlier, presented_id: str) -> Claimed:
    if presented_id not in (earlier.referrer_id, earlier.presented_id):
        raise AlreadyReferred
    found = coupons.list_by_ids(tx, queries.coupon_ids_of(tx, earlier.id))
    return Claimed(earlier.id, earlier.state, tuple(found.values()))


def _bind(
    tx: Tx,
    standing: Standing,
    friend_id: str,
    referrer_id: str,
    presented_id: str,
    campaign: campaigns.CampaignView,
) -> Referral:
    """Write the claim; a rival's row of the same pair makes this run again, and be found."""
    terms: dict[str, Any] = {
        "bound_friend_id": friend_id,
        "presented_id": presented_id if presented_id != referrer_id else None,
        "campaign_id": campaign.id,
        "campaign_version_id": campaign.version.id,
        "state": "claimed",
        "claimed_at": tx.now,
        "expires_at": tx.now + timedelta(days=campaign.document.qualify.within_days),
    }
    row = Referral(
        id=standing.pair_id or new_id(tx.now),
        referrer_id=referrer_id,
        friend_id=friend_id,
        created_at=tx.now,
        **terms,
    )
    if standing.pair_id is None:
        tx.insert(row)
    else:
        tx.execute(_CLAIM_TOUCHED, touched_id=standing.pair_id, **terms)
    return row


def _give(
    tx: Tx,
    referral: Referral,
    campaign: campaigns.CampaignView,
    referrer: identity.Person | None,
) -> list[coupons.Coupon]:
    """Give the friend what the offer says, each thing once for its own cause."""
    source = f"{identity.display_name(referrer)}推荐" if referrer else "朋友推荐"
    issued = []
    for due in campaigns.due_at(campaign.document, "friend", "claim"):
        cause = f"referral:{referral.id}:friend:claim:{due.position}"
        benefit = Benefit(
            id=new_id(tx.now), referral_id=referral.id, cause=cause, cost_fen=due.cost_fen
        )
        if isinstance(due.reward, campaigns.PointsReward):
            benefit.points = due.reward.points
            points.grant(
                tx,
                referral.friend_id,
                due.reward.points,
                reference=cause,
                source_text=source,
                terms=points.Terms(title="新客礼"),
            )
        else:
            coupon = coupons.issue(
                tx,
                campaign.version.template_of(due),
                person_id=referral.friend_id,
                cause=cause,
                source=source,
            )
            benefit.coupon_id = coupon.id
            issued.append(coupon)
        tx.insert(benefit)
    return issued
