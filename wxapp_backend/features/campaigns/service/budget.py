"""Budgets and caps: counted in conditional UPDATEs, so that no race overspends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, case, select, update

from wxapp_backend.features.campaigns.domain.wording import SHOP_ZONE
from wxapp_backend.features.campaigns.errors import BudgetExhausted
from wxapp_backend.features.campaigns.models import (
    CampaignBudget,
    CampaignReservation,
    CampaignUsage,
)
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import InvariantBroken

_OWN = CampaignBudget.campaign_id == bindparam("of_campaign")
_COST = bindparam("cost_fen", type_=Integer())
_RESERVE = (
    update(CampaignBudget)
    .where(_OWN, CampaignBudget.reserved_fen + _COST <= CampaignBudget.total_fen)
    .values(reserved_fen=CampaignBudget.reserved_fen + _COST)
)
_GIVE_BACK = (
    update(CampaignBudget)
    .where(_OWN)
    .values(reserved_fen=CampaignBudget.reserved_fen - bindparam("given_back", type_=Integer()))
)
_BUDGET = select(CampaignBudget.total_fen, CampaignBudget.reserved_fen).where(_OWN)
_RESERVATION = (
    select(CampaignReservation.campaign_id, CampaignReservation.held_fen)
    .where(CampaignReservation.cause == bindparam("of_cause"))
    .with_for_update()
)
_KEEP = update(CampaignReservation).where(CampaignReservation.cause == bindparam("of_cause"))

_OF_REFERRER = (CampaignUsage.campaign_id == bindparam("of_campaign")) & (
    CampaignUsage.person_id == bindparam("of_person")
)
_USAGE = (
    select(CampaignUsage)
    .where(_OF_REFERRER)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_COUNT = (
    update(CampaignUsage)
    .where(_OF_REFERRER)
    .values(
        rewarded_total=CampaignUsage.rewarded_total + 1,
        rewarded_today=case(
            (CampaignUsage.today == bindparam("day"), CampaignUsage.rewarded_today + 1), else_=1
        ),
        today=bindparam("day"),
    )
)


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
    if not tx.insert_unless_present(row):
        return
    if tx.execute(_RESERVE, of_campaign=campaign_id, cost_fen=cost_fen).rowcount == 0:
        raise BudgetExhausted


def release(tx: Tx, cause: str, *, keep_fen: int = 0) -> int:
    """Give back what `cause` holds above `keep_fen`, and return how much that was, in fen."""
    row = tx.execute(_RESERVATION, of_cause=cause).one_or_none()
    if row is None or row.held_fen <= keep_fen:
        return 0
    given_back: int = row.held_fen - keep_fen
    tx.execute(_KEEP, of_cause=cause, held_fen=keep_fen)
    changed = tx.execute(_GIVE_BACK, of_campaign=row.campaign_id, given_back=given_back)
    if changed.rowcount != 1:
        raise InvariantBroken("a reservation without its budget")
    return given_back


def can_reserve(tx: Tx, campaign_id: str, *, cost_fen: int) -> bool:
    """Say whether so much is left now; only `reserve` makes sure of it."""
    budget = tx.execute(_BUDGET, of_campaign=campaign_id).one_or_none()
    return budget is not None and budget.reserved_fen + cost_fen <= budget.total_fen


def lock_usage(tx: Tx, campaign_id: str, person_id: str) -> Usage:
    """Return the referrer's usage and hold it against rivals until the transaction ends."""
    row = tx.insert_or_hold(_new_usage(tx, campaign_id, person_id))
    return Usage(row.rewarded_total, row.rewarded_today if row.today == _today(tx) else 0)


def count_usage(tx: Tx, campaign_id: str, person_id: str) -> None:
    """Count one more rewarded friend of the referrer; call `lock_usage` first."""
    tx.execute(_COUNT, of_campaign=campaign_id, of_person=person_id, day=_today(tx))


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
    tx.insert_unless_present(_new_usage(tx, campaign_id, person_id))
    bound = {"of_campaign": campaign_id, "of_person": person_id}
    return tx.session.scalars(_USAGE, bound).one()


def _new_usage(tx: Tx, campaign_id: str, person_id: str) -> CampaignUsage:
    return CampaignUsage(campaign_id=campaign_id, person_id=person_id, today=_today(tx))


def _today(tx: Tx) -> date:
    return tx.now.astimezone(SHOP_ZONE).date()
