"""Shapes of what a person sees of the own referrals."""

from __future__ import annotations

from datetime import datetime

from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.rewards.api import RewardView
from wxapp_backend.infra.http.shapes import Output, Page


class StepOut(Output):
    """One step of a timeline, in plain words."""

    at: datetime
    event: str
    message: str


class ReasonOfReferral(Output):
    """Why a referral earned nothing."""

    code: str
    message: str


class RewardOut(Output):
    """One reward."""

    kind: str
    title: str
    state: str
    available_at: datetime | None
    coupon_id: str | None

    @classmethod
    def of(cls, view: RewardView) -> RewardOut:
        """Show a reward."""
        return cls(
            kind=view.kind,
            title=view.title,
            state=view.state,
            available_at=view.available_at,
            coupon_id=view.coupon_id,
        )


class ReferralOut(Output):
    """One referral as its referrer sees it."""

    id: str
    friend_display_name: str
    friend_avatar_url: str | None
    state: str
    created_at: datetime
    timeline: list[StepOut]
    reasons: list[ReasonOfReferral]
    rewards: list[RewardOut]


class ReferralPage(Page[ReferralOut]):
    """A referrer's referrals, newest first."""


class ReceivedReferral(Output):
    """The referral that brought a person here, as this person sees it."""

    id: str
    referrer_display_name: str
    referrer_avatar_url: str | None
    state: str
    created_at: datetime
    timeline: list[StepOut]
    rewards: list[RewardOut]


class ReceivedOut(Output):
    """The referral that brought a person here; null for who came unreferred."""

    referral: ReceivedReferral | None


class CountsOut(Output):
    """How many referrals are in each state."""

    total: int
    touched: int
    claimed: int
    qualified: int
    pending: int
    rewarded: int
    rejected: int
    reversed: int
    expired: int

    @classmethod
    def of(cls, counts: dict[referrals.State, int]) -> CountsOut:
        """Show counts with their sum."""
        return cls(total=sum(counts.values()), **counts)


class MilestoneOut(Output):
    """What the next reward for several friends needs."""

    target: int
    current: int
    reward: str


class EarnedOut(Output):
    """What referrals have brought so far."""

    points: int
    coupons: int


class SummaryOut(Output):
    """A referrer's standing at a glance."""

    counts: CountsOut
    next_milestone: MilestoneOut | None
    contribution: int
    earned: EarnedOut


def steps_out(
    view: referrals.ReferralView, *, viewer: referrals.Viewer, other: str
) -> list[StepOut]:
    """Put a timeline into words for one side; `other` is the other's shown name."""
    return [
        StepOut(
            at=step.at,
            event=step.event,
            message=referrals.say(step.event, step.params, viewer=viewer, other=other),
        )
        for step in view.steps
    ]
