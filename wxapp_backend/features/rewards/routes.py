"""A person's referrals with their rewards: what stands between both features is read here."""

from __future__ import annotations

from collections.abc import Callable

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.rewards import api
from wxapp_backend.features.rewards.schemas import (
    CountsOut,
    EarnedOut,
    ReasonOfReferral,
    ReceivedOut,
    ReceivedReferral,
    ReferralOut,
    ReferralPage,
    RewardOut,
    SummaryOut,
    steps_out,
)
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline
from wxapp_backend.infra.http.shapes import PageQuery

AvatarUrl = Callable[[str], str]
"""Gives the address of a stored avatar."""


def make_blueprint(pipeline: Pipeline, avatar_url: AvatarUrl) -> Blueprint:
    """Return the routes of a person's own referrals."""
    blueprint = Blueprint("rewards", __name__, url_prefix="/api/v1/me")

    @blueprint.get("/referrals")
    @blueprint.input(PageQuery, location="query")
    @blueprint.output(ReferralPage)
    @blueprint.doc(summary="List the friends I brought", tags=["Referrals"])
    @pipeline.customer()
    def list_referrals(tx: Tx, caller: Caller, query_data: PageQuery) -> ReferralPage:
        found, following = referrals.list_for_referrer(
            tx, caller.id, cursor=query_data.cursor, limit=query_data.limit
        )
        rewards = api.list_for_referrals(tx, [each.referral.id for each in found])
        items = [_referral(each, rewards[each.referral.id], avatar_url) for each in found]
        return ReferralPage(items=items, next_cursor=following)

    @blueprint.get("/referrals/summary")
    @blueprint.output(SummaryOut)
    @blueprint.doc(summary="Sum up the friends I brought", tags=["Referrals"])
    @pipeline.customer()
    def summarise(tx: Tx, caller: Caller) -> SummaryOut:
        counts = referrals.count_states(tx, caller.id)
        paid = sum(counts[state] for state in ("qualified", "pending", "rewarded"))
        returns = referrals.count_returns(tx, caller.id)
        earned = api.earned(tx, caller.id)
        return SummaryOut(
            counts=CountsOut.of(counts),
            next_milestone=None,
            contribution=referrals.contribution(friends_who_paid=paid, return_visits=returns),
            earned=EarnedOut(points=earned.points, coupons=earned.coupons),
        )

    @blueprint.get("/referral")
    @blueprint.output(ReceivedOut)
    @blueprint.doc(summary="See who brought me here, and what came of it", tags=["Referrals"])
    @pipeline.customer()
    def get_received(tx: Tx, caller: Caller) -> ReceivedOut:
        found = referrals.find_for_friend(tx, caller.id)
        if found is None:
            return ReceivedOut(referral=None)
        referrer = identity.find_person(tx, found.referrer_id)
        rewards = api.list_for_referrals(tx, [found.id])[found.id]
        return ReceivedOut(referral=_received(found, referrer, rewards, avatar_url))

    return blueprint


def _referral(
    brought: referrals.Brought,
    rewards: list[api.RewardView],
    avatar_url: AvatarUrl,
) -> ReferralOut:
    view = brought.referral
    name, picture = _shown(brought.friend, avatar_url)
    return ReferralOut(
        id=view.id,
        friend_display_name=name,
        friend_avatar_url=picture,
        state=view.state,
        created_at=view.created_at,
        timeline=steps_out(view, viewer="referrer", other=name),
        reasons=[ReasonOfReferral(code=code, message=words) for code, words in view.reasons],
        rewards=[RewardOut.of(each) for each in rewards if each.side == "referrer"],
    )


def _received(
    view: referrals.ReferralView,
    referrer: identity.Person | None,
    rewards: list[api.RewardView],
    avatar_url: AvatarUrl,
) -> ReceivedReferral:
    name, picture = _shown(referrer, avatar_url)
    return ReceivedReferral(
        id=view.id,
        referrer_display_name=name,
        referrer_avatar_url=picture,
        state=view.state,
        created_at=view.created_at,
        timeline=steps_out(view, viewer="friend", other=name),
        rewards=[RewardOut.of(each) for each in rewards if each.side == "friend"],
    )


def _shown(person: identity.Person | None, avatar_url: AvatarUrl) -> tuple[str, str | None]:
    """Return a person's masked name and picture; who was erased has neither."""
    if person is None:
        return "***", None
    return (
        identity.display_name(person),
        avatar_url(person.avatar_key) if person.avatar_key else None,
    )
