"""Sharing, opening a share, claiming its offer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals import api
from wxapp_backend.features.referrals.schemas import (
    ClaimIn,
    ClaimOut,
    ReferrerOut,
    ShareIn,
    ShareOut,
    TouchIn,
    TouchOut,
)
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline


@dataclass(frozen=True, slots=True)
class Links:
    """Where shares lead.

    Attributes:
        base: start of plain links, without a slash at its end.
        landing_page: page of the mini-program, without a slash before it.
        avatar_url: gives the address of a stored avatar.
    """

    base: str
    landing_page: str
    avatar_url: Callable[[str], str]


def make_blueprint(pipeline: Pipeline, links: Links) -> Blueprint:
    """Return the routes of sharing and claiming."""
    blueprint = Blueprint("referrals", __name__, url_prefix="/api/v1")

    @blueprint.post("/shares")
    @blueprint.input(ShareIn)
    @blueprint.output(ShareOut)
    @blueprint.doc(summary="Take a campaign out to friends", tags=["Referrals"])
    @pipeline.customer()
    def share(tx: Tx, caller: Caller, json_data: ShareIn) -> ShareOut:
        code = api.share(
            tx, caller.id, campaign_id=json_data.campaign_id, channel=json_data.channel
        )
        return ShareOut(
            referral_code=code,
            path=f"/{links.landing_page}?c={code}",
            url=f"{links.base}/r/{code}",
        )

    @blueprint.post("/touches")
    @blueprint.input(TouchIn)
    @blueprint.output(TouchOut)
    @blueprint.doc(summary="Open a referrer's share", tags=["Referrals"])
    @pipeline.customer()
    def touch(tx: Tx, caller: Caller, json_data: TouchIn) -> TouchOut:
        touched = api.touch(tx, caller.id, code=json_data.referral_code, channel=json_data.channel)
        return TouchOut.of(touched, _referrer(touched.referrer, links))

    @blueprint.post("/claims")
    @blueprint.input(ClaimIn)
    @blueprint.output(ClaimOut)
    @blueprint.doc(summary="Claim the new-customer offer", tags=["Referrals"])
    @pipeline.customer(key="required")
    def claim(tx: Tx, caller: Caller, json_data: ClaimIn) -> ClaimOut:
        claimed = api.claim(tx, caller.id, code=json_data.referral_code)
        is_limited = any(coupon.spec.stores for coupon in claimed.coupons)
        named = stores.list_stores(tx) if is_limited else ()
        return ClaimOut.of(claimed, {store.id: store.name for store in named})

    return blueprint


def _referrer(person: identity.Person, links: Links) -> ReferrerOut:
    return ReferrerOut(
        display_name=identity.display_name(person),
        avatar_url=links.avatar_url(person.avatar_key) if person.avatar_key else None,
    )
