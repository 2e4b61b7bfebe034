"""Shares and touches: who gave the code out, and who opened it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals import queries
from wxapp_backend.features.referrals.errors import AlreadyReferred
from wxapp_backend.features.referrals.events import ShareMade, TouchRecorded
from wxapp_backend.features.referrals.models import Referral, Share, Touch
from wxapp_backend.features.referrals.service.codes import code_of, find_referrer
from wxapp_backend.features.referrals.service.eligibility import choose_campaign, find_refusal
from wxapp_backend.features.referrals.service.steps import note
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import AppError
from wxapp_backend.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Touched:
    """What a friend sees who opens a share.

    Attributes:
        campaign: the one that a claim would belong to; None when none runs.
        refusal: why the offer cannot be claimed; None: it can.
        is_claimed: the friend has claimed this very referrer's offer before.
    """

    referrer: identity.Person
    campaign: campaigns.CampaignView | None
    refusal: AppError | None
    is_claimed: bool

    @property
    def referrer_id(self) -> str:
        """Return whose share was opened."""
        return self.referrer.id

    @property
    def claimable(self) -> bool:
        """Say whether a claim would succeed, as far as can be told without claiming."""
        return self.refusal is None

    @property
    def refusal_code(self) -> str | None:
        """Return the refusal's stable code, or None when the offer can be claimed."""
        return self.refusal.code if self.refusal else None

    @property
    def friend_offer(self) -> str:
        """Return the friend's offer as a short phrase; empty when no campaign runs."""
        return self.campaign.friend_offer if self.campaign else ""


def share(tx: Tx, person_id: str, *, campaign_id: str, channel: str) -> str:
    """Record that a person takes the campaign out to friends, and return the person's code.

    Raises:
        NotFound: there is no such campaign.
        CampaignEnded: it is over.
    """
    campaigns.get_running(tx, campaign_id)
    tx.session.add(
        Share(
            id=new_id(tx.now),
            person_id=person_id,
            campaign_id=campaign_id,
            channel=channel,
            at=tx.now,
        )
    )
    tx.session.flush()
    code = code_of(tx, person_id)
    tx.emit(
        ShareMade(person_id=person_id, campaign_id=campaign_id, channel=channel, referral_code=code)
    )
    return code


def touch(tx: Tx, friend_id: str, *, code: str, channel: str) -> Touched:
    """Record that a friend opened a referrer's share, once a day, and say what may be claimed.

    Nothing is recorded of one's own code, nor of a friend who has a referrer already.

    Raises:
        UnknownReferralCode: the code is nobody's.
    """
    referrer_id = find_referrer(tx, code)
    referrer = identity.get_person(tx, referrer_id)
    running = campaigns.RUNNING.find(tx, at=tx.now)
    campaign = choose_campaign(tx, running, referrer_id=referrer_id, friend_id=friend_id)
    refusal = find_refusal(tx, referrer_id=referrer_id, friend_id=friend_id, campaign=campaign)
    bound = queries.find_bound(tx, friend_id)
    if bound is None and referrer_id != friend_id:
        is_first_today = _record(tx, referrer_id, friend_id, campaign, channel)
        if refusal is None and campaign is not None:
            _show_touched(tx, referrer_id, friend_id, campaign)
            if is_first_today:
                event = TouchRecorded(
                    referrer_id=referrer_id, friend_id=friend_id, campaign_id=campaign.id
                )
                tx.emit(event)
    if refusal is None and campaign is not None:
        refusal = _find_shortage(tx, campaign)
    is_claimed = (
        isinstance(refusal, AlreadyReferred)
        and bound is not None
        and referrer_id in (bound.referrer_id, bound.presented_id)
    )
    return Touched(referrer, campaign, refusal, is_claimed)


def _record(
    tx: Tx,
    referrer_id: str,
    friend_id: str,
    campaign: campaigns.CampaignView | None,
    channel: str,
) -> bool:
    """Write the day's touch, and return whether it is the first of this pair that day."""
    day = tx.now.astimezone(campaigns.SHOP_ZONE).date()
    row = queries.touch_on(tx, referrer_id=referrer_id, friend_id=friend_id, day=day)
    if row is not None:
        row.last_at = tx.now
        row.campaign_id = campaign.id if campaign else row.campaign_id
        return False
    tx.session.add(
        Touch(
            id=new_id(tx.now),
            referrer_id=referrer_id,
            friend_id=friend_id,
            campaign_id=campaign.id if campaign else None,
            channel=channel,
            on_day=day,
            first_at=tx.now,
            last_at=tx.now,
        )
    )
    tx.session.flush()
    return True


def _show_touched(
    tx: Tx, referrer_id: str, friend_id: str, campaign: campaigns.CampaignView
) -> None:
    """Let the referrer see that a friend came by, until the window of attribution closes."""
    expires_at = tx.now + timedelta(days=campaign.document.attribution.window_days)
    row = queries.find_pair(tx, referrer_id=referrer_id, friend_id=friend_id)
    if row is None:
        row = Referral(
            id=new_id(tx.now),
            referrer_id=referrer_id,
            friend_id=friend_id,
            campaign_id=campaign.id,
            state="touched",
            created_at=tx.now,
            expires_at=expires_at,
        )
        tx.session.add(row)
        tx.session.flush()
        note(tx, row, "touched")
    elif row.state in ("touched", "expired") and row.bound_friend_id is None:
        row.state, row.campaign_id, row.expires_at = "touched", campaign.id, expires_at
    tx.session.flush()


def _find_shortage(tx: Tx, campaign: campaigns.CampaignView) -> AppError | None:
    """Return what has run out of the campaign's offer, or None; only a claim makes sure."""
    if not campaigns.can_reserve(tx, campaign.id, cost_fen=campaign.document.referral_cost_fen):
        return campaigns.BudgetExhausted()
    for due in campaigns.due_at(campaign.document, "friend", "claim"):
        is_coupon = isinstance(due.reward, campaigns.CouponReward)
        if is_coupon and coupons.is_sold_out(tx, campaign.version.template_of(due)):
            return coupons.SoldOut()
    return None
