"""Sharing, claiming and one's own referrals over HTTP."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, event

from tests.conftest import FakeClock
from tests.integration.desk import Phone, code_of, make_desk, sign_in
from tests.integration.referrals.world import World, make_world
from wxapp_backend.features.campaigns import routes as campaigns
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals import routes as referrals
from wxapp_backend.features.rewards import routes as rewards
from wxapp_backend.infra.http.limits import Limiter
from wxapp_backend.infra.http.pipeline import Pipeline


@dataclass
class Shop:
    """A world with phones."""

    world: World
    referrer: Phone
    friend: Phone
    stranger: Phone
    engine: Engine

    @contextmanager
    def counting(self) -> Generator[list[str]]:
        """Collect the statements that the database is sent."""
        seen: list[str] = []

        def listen(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(self.engine, "before_cursor_execute", listen)
        yield seen
        event.remove(self.engine, "before_cursor_execute", listen)


@pytest.fixture
def shop(engine: Engine, clock: FakeClock) -> Shop:
    """Return a shop whose referrer, friend and somebody else hold their phones."""
    world = make_world(engine, clock)
    app = make_desk(world.harness.db)
    pipeline = Pipeline(
        world.harness.db,
        {"customer": identity.authenticate},
        Limiter(redis_url="", per_address=10_000, per_caller=10_000),
    )
    links = referrals.Links("https://shop.example", "pages/landing/index", "avatar:{}".format)
    app.register_blueprint(campaigns.make_blueprint(pipeline))
    app.register_blueprint(referrals.make_blueprint(pipeline, links))
    app.register_blueprint(rewards.make_blueprint(pipeline, links.avatar_url))
    world.person("路人")
    tokens = [
        world.do(lambda tx, name=name: sign_in(tx, name))  # type: ignore[misc] # mypy cannot infer a lambda with a default
        for name in ("王小美", "李静", "路人")
    ]
    referrer, friend, stranger = (Phone(app.test_client(), token) for token in tokens)
    return Shop(world, referrer, friend, stranger, engine)


def test_campaigns_are_open_to_all(shop: Shop) -> None:
    """Rules are read before anything is shared, without a token."""
    listed = shop.stranger.get("/api/v1/campaigns").json

    (campaign,) = listed["items"]
    assert campaign["friend_offer"] == "¥20 新客券，满 ¥100 可用"
    assert len(campaign["rules"]) >= 3
    assert listed["next_cursor"] is None
    one = shop.stranger.get(f"/api/v1/campaigns/{campaign['id']}")
    assert one.json == campaign
    assert code_of(shop.stranger.get("/api/v1/campaigns/none")) == (404, "not_found")


def test_sharing_gives_code_path_and_link(shop: Shop) -> None:
    """What goes out leads back to the referrer."""
    body = {"campaign_id": shop.world.campaign_id, "channel": "moments_poster"}

    shared = shop.referrer.post("/api/v1/shares", body).json

    assert shared == {
        "referral_code": shop.world.code,
        "path": f"/pages/landing/index?c={shop.world.code}",
        "url": f"https://shop.example/r/{shop.world.code}",
    }


def test_opening_a_share_shows_who_recommends_and_what_there_is(shop: Shop) -> None:
    """The referrer is masked; the coupon is described before it is claimed."""
    seen = shop.friend.post("/api/v1/touches", {"referral_code": shop.world.code.lower()}).json

    assert seen["referrer"] == {"display_name": "王**", "avatar_url": None}
    assert seen["claimable"] is True
    assert seen["reason"] is None
    assert seen["friend_coupon"]["discount_fen"] == 2000
    assert seen["campaign"]["id"] == shop.world.campaign_id


def test_a_claim_is_answered_and_replayed(shop: Shop) -> None:
    """The first answer again for the same key; the same referral under another."""
    body = {"referral_code": shop.world.code}

    first = shop.friend.post("/api/v1/claims", body, key="k1")
    replay = shop.friend.post("/api/v1/claims", body, key="k1")
    again = shop.friend.post("/api/v1/claims", body, key="k2")

    assert first.status == 200
    assert first.json["referral"]["state"] == "claimed"
    (coupon,) = first.json["coupons"]
    assert (coupon["threshold_fen"], coupon["discount_fen"]) == (10000, 2000)
    assert coupon["source"] == "王**推荐"
    assert replay.headers["Idempotent-Replayed"] == "true"
    assert replay.json == first.json == again.json
    touched = shop.friend.post("/api/v1/touches", body).json
    assert touched["reason"]["code"] == "already_claimed"


def test_claims_are_refused_as_the_contract_says(shop: Shop) -> None:
    """Own code, unknown code, no key, unknown fields."""
    body = {"referral_code": shop.world.code}
    claims = "/api/v1/claims"

    assert code_of(shop.referrer.post(claims, body)) == (409, "self_referral")
    unknown = shop.friend.post(claims, {"referral_code": "22222222"})
    assert code_of(unknown) == (404, "unknown_referral_code")
    assert code_of(shop.friend.post(claims, body, key="")) == (400, "idempotency_key_missing")
    typo = shop.friend.post(claims, body | {"extra": 1})
    assert code_of(typo) == (422, "validation_failed")
    shop.world.visit()
    assert code_of(shop.friend.post(claims, body)) == (409, "not_new_customer")


def test_the_referrer_sees_the_whole_way(shop: Shop) -> None:
    """Masked name, steps in words, rewards, sums."""
    shop.friend.post("/api/v1/claims", {"referral_code": shop.world.code})
    shop.world.visit()
    shop.world.visit()

    (item,) = shop.referrer.get("/api/v1/me/referrals").json["items"]
    assert item["friend_display_name"] == "李**"
    assert item["state"] == "rewarded"
    assert [reward["title"] for reward in item["rewards"]] == ["200 积分", "¥10 券"]
    assert {reward["state"] for reward in item["rewards"]} == {"available"}
    assert item["timeline"][0]["message"] == "李**领取了「¥20 新客券，满 ¥100 可用」"
    summary = shop.referrer.get("/api/v1/me/referrals/summary").json
    assert summary["counts"]["rewarded"] == summary["counts"]["total"] == 1
    assert summary["earned"] == {"points": 200, "coupons": 1}
    assert summary["contribution"] == 12
    assert summary["next_milestone"] is None


def test_the_friend_sees_the_own_part(shop: Shop) -> None:
    """Who recommended, and what came of it; nobody else sees either."""
    assert shop.friend.get("/api/v1/me/referral").json == {"referral": None}
    shop.friend.post("/api/v1/claims", {"referral_code": shop.world.code})

    seen = shop.friend.get("/api/v1/me/referral").json["referral"]
    assert seen["referrer_display_name"] == "王**"
    assert seen["timeline"][-1]["message"] == "你领取了「¥20 新客券，满 ¥100 可用」"
    assert shop.friend.get("/api/v1/me/referrals").json["items"] == []
    assert shop.stranger.get("/api/v1/me/referrals").json["items"] == []
    assert shop.stranger.get("/api/v1/me/referral").json == {"referral": None}


def test_the_list_pages_with_a_constant_number_of_queries(shop: Shop) -> None:
    """Twelve friends cost as many statements as one; pages join without gap or repeat."""
    shop.friend.post("/api/v1/claims", {"referral_code": shop.world.code})
    shop.world.visit()
    shop.referrer.get("/api/v1/me/referrals")  # warms what is read once per process
    with shop.counting() as alone:
        shop.referrer.get("/api/v1/me/referrals")
    for index in range(11):
        friend_id = shop.world.person(f"友{index}")
        shop.world.claim(friend_id)
        shop.world.visit(friend_id)
    with shop.counting() as many:
        shop.referrer.get("/api/v1/me/referrals")

    assert len(many) == len(alone) <= 10
    seen: list[str] = []
    cursor = ""
    while True:
        page = shop.referrer.get(f"/api/v1/me/referrals?limit=5{cursor}").json
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == 12
    assert seen == sorted(seen, reverse=True)
