"""Reading campaigns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from wxapp_backend.features.campaigns.models import Campaign, CampaignBudget, CampaignVersion
from wxapp_backend.infra.db import Tx

Found = tuple[Campaign, CampaignVersion]


def running(tx: Tx, at: datetime) -> list[Found]:
    """Return the campaigns that take new referrals at `at`, the one begun last first."""
    statement = (
        _current()
        .where(Campaign.starts_at <= at, Campaign.ends_at > at)
        .order_by(Campaign.starts_at.desc(), Campaign.id.desc())
    )
    return [(campaign, version) for campaign, version in tx.session.execute(statement)]


def by_id(tx: Tx, campaign_id: str) -> Found | None:
    """Return a campaign with its current version, running or not."""
    row = tx.session.execute(_current().where(Campaign.id == campaign_id)).one_or_none()
    return (row[0], row[1]) if row else None


def by_key(tx: Tx, key: str) -> Found | None:
    """Return the campaign under a document's key."""
    row = tx.session.execute(_current().where(Campaign.key == key)).one_or_none()
    return (row[0], row[1]) if row else None


def everything(tx: Tx) -> list[Found]:
    """Return all campaigns, the one begun last first."""
    statement = _current().order_by(Campaign.starts_at.desc(), Campaign.id.desc())
    return [(campaign, version) for campaign, version in tx.session.execute(statement)]


def version(tx: Tx, version_id: str) -> CampaignVersion | None:
    """Return one version, current or not."""
    return tx.session.get(CampaignVersion, version_id)


def budget(tx: Tx, campaign_id: str) -> CampaignBudget | None:
    """Return the budget as it is in the database now."""
    return tx.session.get(CampaignBudget, campaign_id, populate_existing=True)


def _current() -> Select[Campaign, CampaignVersion]:
    return select(Campaign, CampaignVersion).join(
        CampaignVersion, CampaignVersion.id == Campaign.version_id
    )
