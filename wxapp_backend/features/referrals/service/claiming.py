"""The claim: a new customer takes a referrer's offer, once and for life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals import queries
from wxapp_backend.features.referrals.domain.attribution import attribute
from wxapp_backend.features.referrals.errors import AlreadyReferred, SelfReferral
from wxapp_backend.features.referrals.events import ReferralClaimed
from wxapp_backend.features.referrals.models import Benefit, Referral
from wxapp_backend.features.referrals.service.codes import code_of, find_referrer, lock
from wxapp_backend.features.referrals.service.eligibility import check_offer, choose_campaign
from wxapp_backend.features.referrals.service.steps import note
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id


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
    presented_id = find_referrer(tx, code)
    if presented_id == friend_id:
        raise SelfReferral
    campaign = choose_campaign(tx, referrer_id=presented_id, friend_id=friend_id)
    referrer_id = _attributed(tx, friend_id, presented_id, campaign)
    root_id = _lock_trees(tx, friend_id, referrer_id)
    earlier = queries.find_bound(tx, friend_id)
    if earlier is not None:
        return _repeat(tx, earlier, presented_id)
    if root_id == friend_id:
        raise AlreadyReferred  # the friend brought the referrer here: no circles
    campaign = check_offer(tx, friend_id, campaign)
    referral = _bind(tx, friend_id, referrer_id, presented_id, campaign)
    issued = _give(tx, referral, campaign)
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


def _lock_trees(tx: Tx, friend_id: str, referrer_id: str) -> str:
    """Hold the friend, and the end of the referrer's chain, and return the latter.

    Who has no referrer yet is the root of a tree. A claim hangs the friend's tree under the
    referrer's, so two claims that could close a circle between them hold a root in common and
    follow one another. Locks are taken in one order, roots found anew until they stand still.
    """
    code_of(tx, friend_id)  # so that there is a row to hold
    held: set[str] = set()
    root_id = queries.root_of(tx, referrer_id)
    while not {friend_id, root_id} <= held:
        lock(tx, (friend_id, root_id))
        held |= {friend_id, root_id}
        root_id = queries.root_of(tx, referrer_id)
    return root_id


def _repeat(tx: Tx, earlier: Referral, presented_id: str) -> Claimed:
    if not queries.is_by(earlier, presented_id):
        raise AlreadyReferred
    found = coupons.list_by_ids(tx, queries.coupon_ids_of(tx, earlier.id))
    return Claimed(earlier.id, earlier.state, tuple(found.values()))


def _bind(
    tx: Tx,
    friend_id: str,
    referrer_id: str,
    presented_id: str,
    campaign: campaigns.CampaignView,
) -> Referral:
    referral = queries.find_pair(tx, referrer_id=referrer_id, friend_id=friend_id)
    if referral is None:
        referral = Referral(
            id=new_id(tx.now), referrer_id=referrer_id, friend_id=friend_id, created_at=tx.now
        )
        tx.session.add(referral)
    referral.bound_friend_id = friend_id
    referral.presented_id = presented_id if presented_id != referrer_id else None
    referral.campaign_id = campaign.id
    referral.campaign_version_id = campaign.version.id
    referral.state = "claimed"
    referral.claimed_at = tx.now
    referral.expires_at = tx.now + timedelta(days=campaign.document.qualify.within_days)
    tx.session.flush()
    return referral


def _give(tx: Tx, referral: Referral, campaign: campaigns.CampaignView) -> list[coupons.Coupon]:
    """Give the friend what the offer says, each thing once for its own cause."""
    referrer = identity.get_person(tx, referral.referrer_id)
    source = f"{identity.display_name(referrer)}推荐"
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
