"""Reading campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, ScalarSelect, bindparam, func, select

from wxapp_backend.features.campaigns.models import Campaign, CampaignBudget, CampaignVersion
from wxapp_backend.infra.batched import QueryPart
from wxapp_backend.infra.db import Tx


class Found(NamedTuple):
    """A campaign and its current version's id."""

    id: str
    key: str
    version_id: str
    starts_at: datetime
    ends_at: datetime


_CAMPAIGNS = select(
    Campaign.id, Campaign.key, Campaign.version_id, Campaign.starts_at, Campaign.ends_at
)
_NEWEST_FIRST = _CAMPAIGNS.order_by(Campaign.starts_at.desc(), Campaign.id.desc())
_RUNNING = _NEWEST_FIRST.where(
    Campaign.starts_at <= bindparam("at"), Campaign.ends_at > bindparam("at")
)
_NEWEST_RUNNING = _RUNNING.add_columns(func.count().over()).limit(1)
_BY_ID = _CAMPAIGNS.where(Campaign.id == bindparam("campaign_id"))
_BY_KEY = _CAMPAIGNS.where(Campaign.key == bindparam("key"))
_VERSION = select(
    CampaignVersion.id,
    CampaignVersion.campaign_id,
    CampaignVersion.number,
    CampaignVersion.document,
    CampaignVersion.templates,
).where(CampaignVersion.id == bindparam("version_id"))


class Running(NamedTuple):
    """The campaign begun last of those that take new referrals, and how many they are."""

    newest: Found
    total: int


RUNNING = QueryPart(
    _NEWEST_RUNNING, lambda columns: Running(Found._make(columns[:-1]), int(columns[-1]))
)
"""What runs at the instant `at`."""


def campaign_part(campaign_id: ScalarSelect[str]) -> QueryPart[Found]:
    """Return a campaign, running or not, as a part of a larger statement."""
    return QueryPart(_CAMPAIGNS.where(Campaign.id == campaign_id), Found._make)


def running(tx: Tx, at: datetime) -> Sequence[Found]:
    """Return the campaigns that take new referrals at `at`, the one begun last first."""
    return [Found(*row) for row in tx.execute(_RUNNING, at=at)]


def by_id(tx: Tx, campaign_id: str) -> Found | None:
    """Return a campaign with its current version, running or not."""
    row = tx.execute(_BY_ID, campaign_id=campaign_id).one_or_none()
    return Found(*row) if row is not None else None


def by_key(tx: Tx, key: str) -> Found | None:
    """Return the campaign under a document's key."""
    row = tx.execute(_BY_KEY, key=key).one_or_none()
    return Found(*row) if row is not None else None


def everything(tx: Tx) -> Sequence[Found]:
    """Return all campaigns, the one begun last first."""
    return [Found(*row) for row in tx.execute(_NEWEST_FIRST)]


def version(tx: Tx, version_id: str) -> Row[str, str, int, dict[str, Any], dict[str, Any]] | None:
    """Return one version, current or not."""
    return tx.execute(_VERSION, version_id=version_id).one_or_none()


def budget(tx: Tx, campaign_id: str) -> CampaignBudget | None:
    """Return the budget as it is in the database now."""
    return tx.session.get(CampaignBudget, campaign_id, populate_existing=True)
