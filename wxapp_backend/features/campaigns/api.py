"""What campaigns offer to other features."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wxapp_backend.features.campaigns import queries
from wxapp_backend.features.campaigns.domain import wording
from wxapp_backend.features.campaigns.domain.document import (
    CampaignDocument,
    CouponReward,
    CouponTerms,
    Moment,
    PointsReward,
    Side,
)
from wxapp_backend.features.campaigns.domain.evaluator import (
    CLOCK_SLACK,
    Due,
    Facts,
    Reason,
    Verdict,
    due_at,
    evaluate,
    unfit,
)
from wxapp_backend.features.campaigns.domain.wording import SHOP_ZONE, on_day, reward_phrase
from wxapp_backend.features.campaigns.errors import (
    BudgetExhausted,
    CampaignEnded,
    CampaignRefused,
)
from wxapp_backend.features.campaigns.queries import RUNNING, Running, campaign_part
from wxapp_backend.features.campaigns.service.budget import (
    Usage,
    can_reserve,
    count_usage,
    lock_usage,
    merge_usage,
    release,
    reserve,
    uncount_usage,
)
from wxapp_backend.features.campaigns.service.documents import load_documents, parse_document
from wxapp_backend.features.campaigns.service.publishing import place, publish
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound

__all__ = [
    "CLOCK_SLACK",
    "RUNNING",
    "SHOP_ZONE",
    "Budget",
    "BudgetExhausted",
    "CampaignDocument",
    "CampaignEnded",
    "CampaignRefused",
    "CampaignView",
    "CouponReward",
    "CouponTerms",
    "Due",
    "Facts",
    "Moment",
    "PointsReward",
    "Reason",
    "Running",
    "Side",
    "Usage",
    "Verdict",
    "Version",
    "budget_of",
    "campaign_part",
    "can_reserve",
    "count_usage",
    "due_at",
    "evaluate",
    "find_by_key",
    "find_default",
    "get_campaign",
    "get_running",
    "get_version",
    "list_all",
    "list_running",
    "load_documents",
    "lock_usage",
    "merge_usage",
    "on_day",
    "parse_document",
    "publish",
    "release",
    "reserve",
    "reward_phrase",
    "uncount_usage",
    "unfit",
    "view_of",
]


@dataclass(frozen=True, slots=True)
class Version:
    """One published text of a campaign; referrals are pinned to it."""

    id: str
    campaign_id: str
    number: int
    document: CampaignDocument
    templates: dict[str, str]

    def template_of(self, due: Due) -> str:
        """Return the id of the coupon template behind a coupon reward."""
        return self.templates[place(due.side, due.moment, due.position)]


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as people see it.

    Attributes:
        friend_value: the friend's offer without its condition, for a poster: `立减 ¥20`.
        friend_condition: that condition alone: `满 ¥100 可用`, or empty.
        ends_at: the first instant at which it takes no new referrals.
    """

    id: str
    key: str
    name: str
    rules: tuple[str, ...]
    referrer_offer: str
    friend_offer: str
    friend_value: str
    friend_condition: str
    starts_at: datetime
    ends_at: datetime
    version: Version

    @property
    def document(self) -> CampaignDocument:
        """Return what the campaign says now."""
        return self.version.document


@dataclass(frozen=True, slots=True)
class Budget:
    """A campaign's ceiling and what is promised of it, in fen."""

    total_fen: int
    reserved_fen: int


def list_running(tx: Tx) -> list[CampaignView]:
    """Return the campaigns that take new referrals now, the one begun last first."""
    return [_view(tx, found) for found in queries.running(tx, tx.now)]


def list_all(tx: Tx) -> list[CampaignView]:
    """Return every campaign, running or not, the one begun last first."""
    return [_view(tx, found) for found in queries.everything(tx)]


def find_default(tx: Tx) -> CampaignView | None:
    """Return the campaign that a share belongs to when it names none, or None."""
    found = queries.running(tx, tx.now)
    return _view(tx, found[0]) if found else None


def find_by_key(tx: Tx, key: str) -> CampaignView | None:
    """Return the campaign under a document's key, running or not, or None."""
    found = queries.by_key(tx, key)
    return _view(tx, found) if found else None


def get_campaign(tx: Tx, campaign_id: str) -> CampaignView:
    """Return a campaign, running or not.

    Raises:
        NotFound: there is no such campaign.
    """
    found = queries.by_id(tx, campaign_id)
    if found is None:
        raise NotFound
    return _view(tx, found)


def view_of(tx: Tx, found: queries.Found) -> CampaignView:
    """Return the campaign that a `campaign_part` found."""
    return _view(tx, found)


def get_running(tx: Tx, campaign_id: str) -> CampaignView:
    """Return a campaign that takes new referrals now.

    Raises:
        NotFound: there is no such campaign, or it has not begun.
        CampaignEnded: it is over.
    """
    view = get_campaign(tx, campaign_id)
    if tx.now >= view.ends_at:
        raise CampaignEnded
    if tx.now < view.starts_at:
        raise NotFound
    return view


def get_version(tx: Tx, version_id: str) -> Version:
    """Return a version, current or not.

    Raises:
        NotFound: there is no such version.
    """
    return _text(tx, version_id).version


def budget_of(tx: Tx, campaign_id: str) -> Budget:
    """Return how much of a campaign's budget is promised.

    Raises:
        NotFound: there is no such campaign.
    """
    row = queries.budget(tx, campaign_id)
    if row is None:
        raise NotFound
    return Budget(row.total_fen, row.reserved_fen)


@dataclass(frozen=True, slots=True)
class _Text:
    """A version and what it says to people."""

    version: Version
    rules: tuple[str, ...]
    referrer_offer: str
    friend_offer: str
    friend_value: str
    friend_condition: str


_TEXTS_KEPT = 256
_texts: dict[str, _Text] = {}
"""By version id. A published text never changes: each process reads and words it once."""


def _text(tx: Tx, version_id: str) -> _Text:
    """Return a version with its words.

    Raises:
        NotFound: there is no such version.
    """
    if (known := _texts.get(version_id)) is not None:
        return known
    row = queries.version(tx, version_id)
    if row is None:
        raise NotFound
    document = CampaignDocument.model_validate(row.document)
    text = _word(Version(row.id, row.campaign_id, row.number, document, row.templates))
    if len(_texts) >= _TEXTS_KEPT:
        _texts.clear()
    _texts[version_id] = text
    return text


def _word(version: Version) -> _Text:
    document = version.document
    value, condition = wording.friend_value(document)
    return _Text(
        version,
        rules=wording.rules(document),
        referrer_offer=wording.referrer_offer(document),
        friend_offer=wording.friend_offer(document),
        friend_value=value,
        friend_condition=condition,
    )


def _view(tx: Tx, campaign: queries.Found) -> CampaignView:
    text = _text(tx, campaign.version_id)
    return CampaignView(
        id=campaign.id,
        key=campaign.key,
        name=text.version.document.name,
        rules=text.rules,
        referrer_offer=text.referrer_offer,
        friend_offer=text.friend_offer,
        friend_value=text.friend_value,
        friend_condition=text.friend_condition,
        starts_at=campaign.starts_at,
        ends_at=campaign.ends_at,
        version=text.version,
    )
