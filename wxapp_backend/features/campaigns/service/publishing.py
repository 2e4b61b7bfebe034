"""Publishing documents: each text is one version, and what runs keeps the version it began with."""

from __future__ import annotations

import hashlib

from sqlalchemy import func, select, update

from wxapp_backend.features.campaigns.domain.document import (
    CampaignDocument,
    CouponReward,
    CouponTerms,
    Moment,
    Side,
)
from wxapp_backend.features.campaigns.errors import CampaignRefused
from wxapp_backend.features.campaigns.models import Campaign, CampaignBudget, CampaignVersion
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id

_PLACES: tuple[tuple[Side, Moment], ...] = (
    ("friend", "claim"),
    ("friend", "qualify"),
    ("referrer", "qualify"),
)


def publish(tx: Tx, document: CampaignDocument) -> str:
    """Make `document` what its campaign says from now on, and return the version's id.

    The same text again changes nothing. Referrals that were claimed before keep their version.

    Raises:
        CampaignRefused: the new budget is below what is promised already.
    """
    campaign = tx.session.scalar(
        select(Campaign).where(Campaign.key == document.key).with_for_update()
    )
    if campaign is None:
        return _open(tx, document)
    version = _version(tx, campaign.id, document)
    campaign.version_id = version.id
    campaign.starts_at, campaign.ends_at = document.starts_at, document.ends_at
    _resize(tx, campaign.id, document)
    tx.session.flush()
    return version.id


def place(side: Side, moment: Moment, position: int) -> str:
    """Name the place of a reward in its document."""
    return f"{side}:{moment}:{position}"


def _open(tx: Tx, document: CampaignDocument) -> str:
    campaign = Campaign(
        id=new_id(tx.now),
        key=document.key,
        version_id="",
        starts_at=document.starts_at,
        ends_at=document.ends_at,
    )
    tx.session.add(campaign)
    tx.session.flush()
    tx.session.add(CampaignBudget(campaign_id=campaign.id, total_fen=document.budget.total_fen))
    version = _version(tx, campaign.id, document)
    campaign.version_id = version.id
    tx.session.flush()
    return version.id


def _version(tx: Tx, campaign_id: str, document: CampaignDocument) -> CampaignVersion:
    digest = hashlib.sha256(document.model_dump_json().encode()).hexdigest()
    versions = select(CampaignVersion).where(CampaignVersion.campaign_id == campaign_id)
    same = tx.session.scalar(versions.where(CampaignVersion.digest == digest))
    if same is not None:
        return same
    highest = tx.session.scalar(
        select(func.max(CampaignVersion.number)).where(CampaignVersion.campaign_id == campaign_id)
    )
    version = CampaignVersion(
        id=new_id(tx.now),
        campaign_id=campaign_id,
        number=(highest or 0) + 1,
        digest=digest,
        document=document.model_dump(mode="json"),
        templates=_templates(tx, document),
        published_at=tx.now,
    )
    tx.session.add(version)
    tx.session.flush()
    return version


def _templates(tx: Tx, document: CampaignDocument) -> dict[str, str]:
    return {
        place(side, moment, position): coupons.ensure_template(
            tx, f"{document.key}:{place(side, moment, position)}", _spec(reward.coupon)
        )
        for side, moment in _PLACES
        for position, reward in enumerate(document.rewards_of(side, moment))
        if isinstance(reward, CouponReward)
    }


def _spec(terms: CouponTerms) -> coupons.CouponSpec:
    return coupons.CouponSpec(
        title=terms.title,
        kind=terms.kind,
        amount_off_fen=terms.amount_off_fen or 0,
        percent_off=terms.percent_off or 0,
        max_off_fen=terms.most_off_fen,
        gift=terms.title if terms.kind == "gift" else "",
        threshold_fen=terms.threshold_fen,
        valid_days=terms.valid_days,
        stores=terms.stores,
        stock=terms.stock,
    )


def _resize(tx: Tx, campaign_id: str, document: CampaignDocument) -> None:
    """Set the ceiling, unless more than that is promised already."""
    total_fen = document.budget.total_fen
    statement = (
        update(CampaignBudget)
        .where(CampaignBudget.campaign_id == campaign_id)
        .where(CampaignBudget.reserved_fen <= total_fen)
        .values(total_fen=total_fen)
    )
    if tx.session.connection().execute(statement).rowcount == 0:
        raise CampaignRefused(
            document.key, ["budget.total_fen: more than that is promised to people already"]
        )
