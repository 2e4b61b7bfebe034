"""Whether a friend may claim a referrer's offer, and by which campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals import queries
from wxapp_backend.features.referrals.errors import (
    AlreadyReferred,
    NotNewCustomer,
    SelfReferral,
)
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import AppError


def choose_campaign(
    tx: Tx, found: campaigns.Running | None, *, referrer_id: str, friend_id: str
) -> campaigns.CampaignView | None:
    """Return the running campaign that a claim belongs to, or None when none runs.

    It is that of the friend's newest touch, else that of the referrer's newest share, else the
    campaign begun last.
    """
    if found is None:
        return None
    if found.total > 1:
        running = {view.id: view for view in campaigns.list_running(tx)}
        for campaign_id in queries.campaigns_pointed_to(
            tx, referrer_id=referrer_id, friend_id=friend_id
        ):
            if campaign_id in running:
                return running[campaign_id]
    return campaigns.view_of(tx, found.newest)


def find_refusal(
    tx: Tx, *, referrer_id: str, friend_id: str, campaign: campaigns.CampaignView | None
) -> AppError | None:
    """Return why the friend may not claim, or None; the budget is not looked at."""
    if referrer_id == friend_id:
        return SelfReferral()
    if queries.find_bound(tx, friend_id) is not None:
        return AlreadyReferred()
    if queries.root_of(tx, referrer_id) == friend_id:
        return AlreadyReferred()
    try:
        check_offer(tx, campaign, history_of(tx, friend_id))
    except (campaigns.CampaignEnded, NotNewCustomer) as refusal:
        return refusal
    return None


@dataclass(frozen=True, slots=True)
class History:
    """What makes somebody a new customer, or not.

    Attributes:
        came_back: had the account erased, and is here again.
    """

    came_back: bool
    last_paid_at: datetime | None


def history_of(tx: Tx, person_id: str) -> History:
    """Return a person's history with the shop."""
    return History(
        came_back=identity.was_erased_before(tx, person_id),
        last_paid_at=visits.last_paid_at(tx, person_id),
    )


def check_offer(
    tx: Tx, campaign: campaigns.CampaignView | None, history: History
) -> campaigns.CampaignView:
    """Return the campaign if it is meant for a friend of this history.

    Raises:
        CampaignEnded: none runs.
        NotNewCustomer: the friend has paid visits before, by the campaign's definition.
    """
    if campaign is None:
        raise campaigns.CampaignEnded
    if not is_new(tx, history, campaign.document):
        raise NotNewCustomer
    return campaign


def is_new(tx: Tx, history: History, document: campaigns.CampaignDocument) -> bool:
    """Say whether a person is a new customer by the campaign's definition.

    Who had the account erased and comes back is not new: what they did before is forgotten, that
    they were here is not, or erasing would be a way to claim again.
    """
    if history.came_back:
        return False
    last = history.last_paid_at
    days = document.new_customer.no_visit_in_days
    return last is None or (days is not None and last <= tx.now - timedelta(days=days))
