"""What referrals tell others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchRecorded(DomainEvent):
    """A friend opened a referrer's share, for the first time that day."""

    name: ClassVar[str] = "referrals.touch.recorded"

    referrer_id: str
    friend_id: str
    campaign_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareMade(DomainEvent):
    """A person takes a campaign out to friends by the code."""

    name: ClassVar[str] = "referrals.share.made"

    person_id: str
    campaign_id: str
    channel: str
    referral_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralClaimed(DomainEvent):
    """A new customer took the offer of a referrer.

    Attributes:
        coupon_ids: the coupons that the friend got by it.
        offer_text: what the friend got, as a short phrase.
    """

    name: ClassVar[str] = "referrals.referral.claimed"

    referral_id: str
    referrer_id: str
    friend_id: str
    campaign_id: str
    campaign_version_id: str
    coupon_ids: list[str]
    offer_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralQualified(DomainEvent):
    """The friend paid the visit that counts.

    Attributes:
        fitting_visits_before: the friend's earlier visits since the claim that the campaign counts.
    """

    name: ClassVar[str] = "referrals.referral.qualified"

    referral_id: str
    referrer_id: str
    friend_id: str
    visit_id: str
    store_id: str
    amount_fen: int
    fitting_visits_before: int
    campaign_id: str
    campaign_version_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendReturned(DomainEvent):
    """A friend whose referral had counted came again.

    Attributes:
        number: the how-manieth paid visit since the claim; 2 is the second visit.
    """

    name: ClassVar[str] = "referrals.friend.returned"

    referral_id: str
    referrer_id: str
    friend_id: str
    visit_id: str
    store_id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRejected(DomainEvent):
    """A claimed referral turned out to earn nothing.

    Attributes:
        reason_codes: why, in stable codes.
    """

    name: ClassVar[str] = "referrals.referral.rejected"

    referral_id: str
    referrer_id: str
    friend_id: str
    reason_codes: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralExpired(DomainEvent):
    """The friend did not come in time."""

    name: ClassVar[str] = "referrals.referral.expired"

    referral_id: str
    referrer_id: str
    friend_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryDue(DomainEvent):
    """It is time to look for referrals whose friend did not come; from the timetable."""

    name: ClassVar[str] = "referrals.expiry.due"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReopened(DomainEvent):
    """The visit that had counted was undone or refunded before its reward came.

    The friend may still come; what was promised for that visit is taken back.
    """

    name: ClassVar[str] = "referrals.referral.reopened"

    referral_id: str
    referrer_id: str
    friend_id: str
    visit_id: str
    reason_code: str
