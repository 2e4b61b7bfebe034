"""Budgets and caps: counted in conditional UPDATEs, so that no race overspends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from wxapp_backend.features.campaigns.domain.wording import SHOP_ZONE
from wxapp_backend.features.campaigns.errors import BudgetExhausted
from wxapp_backend.features.campaigns.models import (
    CampaignBudget,
    CampaignReservation,
    CampaignUsage,
)
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import InvariantBroken


@dataclass(frozen=True, slots=True)
class Usage:
    """How many of a referrer's friends a campaign has rewarded, in all and this day."""

    total: int
    today: int


def reserve(tx: Tx, campaign_id: str, *, cost_fen: int, cause: str) -> None:
    """Set `cost_fen` of the budget aside for `cause`; the same cause again changes nothing.

    Raises:
        BudgetExhausted: less than that is left.
    """
    row = CampaignReservation(
        cause=cause, campaign_id=campaign_id, held_fen=cost_fen, reserved_at=tx.now
    )
    if not tx.add_unless_present(row):
        return
    statement = (
        update(CampaignBudget)
        .where(CampaignBudget.campaign_id == campaign_id)
        .where(CampaignBudget.reserved_fen + cost_fen <= CampaignBudget.total_fen)
        .values(reserved_fen=CampaignBudget.reserved_fen + cost_fen)
    )
    if tx.session.connection().execute(statement).rowcount == 0:
        raise BudgetExhausted


def release(tx: Tx, cause: str, *, keep_fen: int = 0) -> int:
    """Give back what `cause` holds above `keep_fen`, and return how much that was, in fen."""
    row = tx.session.get(CampaignReservation, cause, with_for_update=True, populate_existing=True)
    if row is None or row.held_fen <= keep_fen:
        return 0
    given_back = row.held_fen - keep_fen
    row.held_fen = keep_fen
    tx.session.flush()
    statement = (
        update(CampaignBudget)
        .where(CampaignBudget.campaign_id == row.campaign_id)
        .values(reserved_fen=CampaignBudget.reserved_fen - given_back)
    )
    if tx.session.connection().execute(statement).rowcount != 1:
        raise InvariantBroken("a reservation without its budget")
    return given_back


def can_reserve(tx: Tx, campaign_id: str, *, cost_fen: int) -> bool:
    """Say whether so much is left now; only `reserve` makes sure of it."""
    budget = tx.session.get(CampaignBudget, campaign_id, populate_existing=True)
    return budget is not None and budget.reserved_fen + cost_fen <= budget.total_fen


def lock_usage(tx: Tx, campaign_id: str, person_id: str) -> Usage:
    """Return the referrer's usage and hold it against rivals until the transaction ends."""
    row = _locked(tx, campaign_id, person_id)
    return Usage(row.rewarded_total, row.rewarded_today if row.today == _today(tx) else 0)


def count_usage(tx: Tx, campaign_id: str, person_id: str) -> None:
    """Count one more rewarded friend of the referrer; call `lock_usage` first."""
    row = _locked(tx, campaign_id, person_id)
    row.rewarded_today = row.rewarded_today + 1 if row.today == _today(tx) else 1
    row.today = _today(tx)
    row.rewarded_total += 1
    tx.session.flush()


def uncount_usage(tx: Tx, campaign_id: str, person_id: str, *, counted_at: datetime) -> None:
    """Take back what `count_usage` counted at that instant: the reward did not come after all."""
    row = _locked(tx, campaign_id, person_id)
    row.rewarded_total = max(0, row.rewarded_total - 1)
    if row.today == counted_at.astimezone(SHOP_ZONE).date():
        row.rewarded_today = max(0, row.rewarded_today - 1)
    tx.session.flush()


def merge_usage(tx: Tx, *, from_id: str, into_id: str) -> None:
    """Add what one person has used to what another has, when the two turn out to be one."""
    statement = select(CampaignUsage).where(CampaignUsage.person_id == from_id)
    for old in tx.session.scalars(statement).all():
        row = _locked(tx, old.campaign_id, into_id)
        if old.today == row.today:
            row.rewarded_today += old.rewarded_today
        elif old.today > row.today:
            row.rewarded_today, row.today = old.rewarded_today, old.today
        row.rewarded_total += old.rewarded_total
        tx.session.delete(old)
    tx.session.flush()


def _locked(tx: Tx, campaign_id: str, person_id: str) -> CampaignUsage:
    key = (campaign_id, person_id)
    tx.add_unless_present(
        CampaignUsage(campaign_id=campaign_id, person_id=person_id, today=_today(tx))
    )
    return tx.session.get_one(CampaignUsage, key, with_for_update=True, populate_existing=True)


def _today(tx: Tx) -> date:
    return tx.now.astimezone(SHOP_ZONE).date()
