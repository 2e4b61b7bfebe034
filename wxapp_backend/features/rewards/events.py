"""What rewards tell others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardGranted(DomainEvent):
    """A referrer earned the reward for a friend.

    Attributes:
        grant_ids: what was granted, both sides.
        reward_text: what the referrer gets, as people say it: `200 积分和 ¥10 券`.
        friend_reward_text: what the friend gets besides; may be empty.
        available_at: RFC 3339; until then it waits, None: it can be used at once.
    """

    name: ClassVar[str] = "rewards.reward.granted"

    referral_id: str
    referrer_id: str
    friend_id: str
    campaign_id: str
    visit_id: str
    grant_ids: list[str]
    reward_text: str
    friend_reward_text: str
    available_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardReleased(DomainEvent):
    """A reward that had waited can be used now."""

    name: ClassVar[str] = "rewards.reward.released"

    referral_id: str
    referrer_id: str
    friend_id: str
    reward_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldbackDue(DomainEvent):
    """It is time to look for rewards that have waited long enough; from the timetable."""

    name: ClassVar[str] = "rewards.holdback.due"
