"""Shapes of the routes that share, touch and claim."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.referrals.api import Claimed, Touched
from wxapp_backend.infra.http.shapes import Id, Input, Output, RawText

Channel = Annotated[RawText, Field(pattern=r"^[a-z][a-z_]{0,19}$")]
"""How a share travelled: friend, group, moments_poster, poster, link, qr, weibo, douyin, sms,
email, shop_sign, official_account, typed; a new one needs no new version."""

CodeText = Annotated[RawText, Field(min_length=1, max_length=64)]
"""A referral code as typed or scanned, in any case."""


class ShareIn(Input):
    """Which campaign is taken out, and how."""

    campaign_id: Id
    channel: Channel = "friend"


class ShareOut(Output):
    """What to give out: a path of the mini-program, or a plain link."""

    referral_code: str
    path: str
    url: str


class TouchIn(Input):
    """Whose share was opened, and how it came."""

    referral_code: CodeText
    channel: Channel = "link"


class ClaimIn(Input):
    """Whose offer is claimed."""

    referral_code: CodeText


class ReferrerOut(Output):
    """Who shared, masked."""

    display_name: str
    avatar_url: str | None


class TouchedCampaign(Output):
    """The campaign that a claim would belong to."""

    id: str
    name: str
    rules: list[str]
    referrer_offer: str
    friend_offer: str
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, view: campaigns.CampaignView) -> TouchedCampaign:
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


class OfferedCoupon(Output):
    """The coupon that a claim would give."""

    title: str
    kind: Literal["amount_off", "percent_off", "gift"]
    discount_fen: int | None
    threshold_fen: int
    percent_off: int | None
    valid_days: int

    @classmethod
    def of(cls, document: campaigns.CampaignDocument) -> OfferedCoupon | None:
        """Show the offer's first coupon, if it has one."""
        for reward in document.friend.on_claim:
            if isinstance(reward, campaigns.CouponReward):
                terms = reward.coupon
                return cls(
                    title=terms.title,
                    kind=terms.kind,
                    discount_fen=terms.amount_off_fen,
                    threshold_fen=terms.threshold_fen,
                    percent_off=terms.percent_off,
                    valid_days=terms.valid_days,
                )
        return None


class ReasonOut(Output):
    """Why not."""

    code: str
    message: str


class TouchOut(Output):
    """What the friend sees: who recommends, what there is, and whether it can be claimed."""

    referrer: ReferrerOut
    campaign: TouchedCampaign | None
    friend_offer: str
    friend_coupon: OfferedCoupon | None
    claimable: bool
    reason: ReasonOut | None

    @classmethod
    def of(cls, touched: Touched, referrer: ReferrerOut) -> TouchOut:
        """Show a touch."""
        campaign = touched.campaign
        return cls(
            referrer=referrer,
            campaign=TouchedCampaign.of(campaign) if campaign else None,
            friend_offer=touched.friend_offer,
            friend_coupon=OfferedCoupon.of(campaign.document) if campaign else None,
            claimable=touched.claimable,
            reason=_reason(touched),
        )


class ClaimedReferral(Output):
    """The referral that a claim made, or had made before."""

    id: str
    state: str


class ClaimedCoupon(Output):
    """A coupon of the offer, as the wallet shows it."""

    id: str
    title: str
    kind: str
    state: str
    valid_from: datetime
    valid_until: datetime
    threshold_fen: int
    discount_fen: int | None
    percent_off: int | None
    stores: list[str]
    terms: list[str]
    source: str | None
    used_at: datetime | None

    @classmethod
    def of(cls, coupon: coupons.Coupon, store_names: list[str]) -> ClaimedCoupon:
        """Show a coupon."""
        spec = coupon.spec
        return cls(
            id=coupon.id,
            title=spec.title,
            kind=spec.kind,
            state=coupon.state,
            valid_from=coupon.valid_from,
            valid_until=coupon.valid_until,
            threshold_fen=spec.threshold_fen,
            discount_fen=spec.amount_off_fen or None,
            percent_off=spec.percent_off or None,
            stores=store_names,
            terms=coupons.terms(spec, store_names),
            source=coupon.source,
            used_at=coupon.used_at,
        )


class ClaimOut(Output):
    """What a claim came to."""

    referral: ClaimedReferral
    coupons: list[ClaimedCoupon]

    @classmethod
    def of(cls, claimed: Claimed, store_names: dict[str, str]) -> ClaimOut:
        """Show a claim; `store_names` names the stores by their ids."""
        return cls(
            referral=ClaimedReferral(id=claimed.referral_id, state=claimed.state),
            coupons=[
                ClaimedCoupon.of(
                    coupon, [store_names.get(each, each) for each in coupon.spec.stores]
                )
                for coupon in claimed.coupons
            ],
        )


def _reason(touched: Touched) -> ReasonOut | None:
    if touched.is_claimed:
        return ReasonOut(code="already_claimed", message="你已领取过这份优惠，在卡券里就能看到")
    if touched.refusal is None:
        return None
    return ReasonOut(code=touched.refusal.code, message=touched.refusal.message)
