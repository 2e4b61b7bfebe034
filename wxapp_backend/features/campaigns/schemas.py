"""Shapes of the campaign routes."""

from __future__ import annotations

from datetime import datetime

from wxapp_backend.features.campaigns.api import CampaignView
from wxapp_backend.infra.http.shapes import Output, Page


class CampaignOut(Output):
    """A running campaign with its rules in full sentences."""

    id: str
    name: str
    rules: list[str]
    referrer_offer: str
    friend_offer: str
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, view: CampaignView) -> CampaignOut:
        """Show a campaign."""
        return cls(
            id=view.id,
            name=view.name,
            rules=list(view.rules),
            referrer_offer=view.referrer_offer,
            friend_offer=view.friend_offer,
            starts_at=view.starts_at,
            ends_at=view.ends_at,
        )


class CampaignPage(Page[CampaignOut]):
    """The running campaigns; there are few, so one page holds them all."""
