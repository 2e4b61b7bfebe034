"""The one story: claim, first visit, reward; second visit; each effect once."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.conftest import FakeClock
from tests.integration.referrals.world import make_world
from tests.invariants import assert_books_balance
from tests.unit.campaigns.documents import document
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.points import api as points
from wxapp_backend.features.rewards import api as rewards


def test_a_first_paid_visit_rewards_the_referrer_once(engine: Engine, clock: FakeClock) -> None:
    """200 points and a ¥10 coupon, one event, one decision with its facts and version."""
    world = make_world(engine, clock)
    claimed = world.claim()
    visit = world.visit()

    (granted,) = world.emitted("rewards.reward.granted")
    assert granted["reward_text"] == "200 积分和 ¥10 券"
    assert granted["visit_id"] == visit.id
    assert granted["available_at"] is None
    assert world.do(lambda tx: points.available(tx, world.referrer_id)) == 200
    (coupon,) = world.do(lambda tx: coupons.list_for(tx, world.referrer_id))[0]
    assert (coupon.spec.amount_off_fen, coupon.source) == (1000, "推荐李**到店")
    (decision,) = world.do(lambda tx: rewards.explain(tx, claimed.referral_id))
    assert decision.facts["amount_fen"] == 12800
    assert decision.campaign_version_id == world.referral().campaign_version_id
    assert decision.reasons == []
    assert world.referral().state == "rewarded"
    assert world.reserved_fen() == 3200
    world.do(assert_books_balance)


def test_the_story_is_told_to_both_sides(engine: Engine, clock: FakeClock) -> None:
    """Each side reads its own part in plain words; amounts stay between friend and shop."""
    world = make_world(engine, clock)
    world.touch()
    world.claim()
    world.visit()
    world.visit()

    assert world.timeline("referrer") == [
        "某**打开了你的分享",
        "某**领取了「¥20 新客券，满 ¥100 可用」",
        "某**到店消费了，达到了活动要求",
        "你的奖励已到账：200 积分和 ¥10 券。谢谢你的推荐",
        "某**又来光顾了，这是第 2 次",
    ]
    assert world.timeline("friend") == [
        "你打开了某**的分享",
        "你领取了「¥20 新客券，满 ¥100 可用」",
        "你到店消费了，达到了活动要求",
        "推荐你的某**得到了一份答谢",
        "你又来光顾了，这是第 2 次，欢迎常来",
    ]


def test_later_visits_tell_of_the_return_and_reward_nothing(
    engine: Engine, clock: FakeClock
) -> None:
    """The second visit is number 2 and may follow at once; no second reward."""
    world = make_world(engine, clock)
    world.claim()
    for _ in range(3):
        world.visit()

    assert [each["number"] for each in world.emitted("referrals.friend.returned")] == [2, 3]
    assert len(world.emitted("rewards.reward.granted")) == 1
    assert world.do(lambda tx: points.available(tx, world.referrer_id)) == 200


def test_a_visit_told_twice_counts_once(engine: Engine, clock: FakeClock) -> None:
    """The till repeats an order; one visit, one reward, no return."""
    world = make_world(engine, clock)
    world.claim()
    world.visit(order_no="A1")
    before = world.snapshot()
    world.visit(order_no="A1")

    assert world.snapshot() == before


def test_a_visit_below_the_minimum_waits_for_the_next(engine: Engine, clock: FakeClock) -> None:
    """The referral stays open, the reason is told, the next fitting visit counts."""
    world = make_world(engine, clock, qualify__minimum_fen=10000)
    world.claim()
    world.visit(amount_fen=9999)

    assert world.referral().state == "claimed"
    assert (
        world.timeline()[-1] == "某**到店消费了，不过这次没有计入活动：单次消费满 ¥100 才计入活动"
    )

    world.visit(amount_fen=10000)

    assert world.referral().state == "rewarded"


def test_the_nth_visit_can_be_what_counts(engine: Engine, clock: FakeClock) -> None:
    """With visit_number 2 the first visit only brings it nearer."""
    world = make_world(engine, clock, qualify__visit_number=2)
    world.claim()
    world.visit()
    assert world.timeline()[-1] == "某**到店消费了，再来 1 次就达到活动要求"
    world.visit()

    assert world.referral().state == "rewarded"
    assert [each["number"] for each in world.emitted("referrals.friend.returned")] == [2]


def test_a_visit_after_the_term_earns_nothing(engine: Engine, clock: FakeClock) -> None:
    """Thirty days after the claim the friend is welcome, but the referral is over."""
    world = make_world(engine, clock)
    world.claim()
    clock.advance(days=30, minutes=1)
    world.visit()

    assert world.emitted("rewards.reward.granted") == []
    assert world.do(lambda tx: points.available(tx, world.referrer_id)) == 0


def test_who_came_unreferred_rewards_nobody(engine: Engine, clock: FakeClock) -> None:
    """A touch alone binds nobody."""
    world = make_world(engine, clock)
    world.touch()
    world.visit()

    assert world.emitted("referrals.referral.qualified") == []


def test_a_rewarded_friend_gets_the_own_share(engine: Engine, clock: FakeClock) -> None:
    """Two-sided rewards: the friend's points come with the same decision."""
    world = make_world(engine, clock, friend__on_qualify=[{"kind": "points", "points": 50}])
    world.claim()
    world.visit()

    assert world.do(lambda tx: points.available(tx, world.friend_id)) == 50
    (granted,) = world.emitted("rewards.reward.granted")
    assert granted["friend_reward_text"] == "50 积分"


def test_a_new_version_leaves_claimed_referrals_alone(engine: Engine, clock: FakeClock) -> None:
    """What was promised at the claim is given, whatever the campaign says by then."""
    world = make_world(engine, clock)
    world.claim()
    less = document(referrer__on_qualify=[{"kind": "points", "points": 1}])
    world.do(lambda tx: campaigns.publish(tx, less))
    world.visit()

    assert world.do(lambda tx: points.available(tx, world.referrer_id)) == 200
