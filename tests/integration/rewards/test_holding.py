"""Caps, waiting, refunds and undone visits: nothing is paid twice, nothing vanishes silently."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from tests.conftest import FakeClock
from tests.integration.referrals.world import World, make_world
from tests.invariants import assert_books_balance
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.rewards import api as rewards
from wxapp_backend.features.rewards.models import Grant
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Tx


def counter_visit(world: World) -> str:
    """Let the friend redeem something at the counter: a visit that can be undone."""
    new = visits.NewVisit(
        person_id=world.friend_id,
        store_id=world.store_id,
        amount_fen=10800,
        paid_at=world.clock.now,
        source="redemption",
    )
    visit = world.do(lambda tx: visits.record(tx, new))
    world.settle()
    return visit.id


def undo(world: World, visit_id: str) -> None:
    """Undo a counter visit, and deliver what follows."""
    assert world.do(lambda tx: visits.cancel(tx, visit_id))
    world.settle()


def standing(world: World) -> tuple[int, int]:
    """Return the referrer's usable and waiting points."""
    found = world.do(lambda tx: points.standing(tx, world.referrer_id))
    return found.available, found.pending


def test_a_cap_is_told_and_gives_the_budget_back(engine: Engine, clock: FakeClock) -> None:
    """The second friend is one too many for the referrer, who reads so."""
    world = make_world(engine, clock, caps__referrer_total=1)
    second_id = world.person("赵强")
    world.claim()
    world.claim(second_id)
    world.visit()
    world.visit(second_id)

    referral = world.referral(second_id)
    assert referral.state == "rejected"
    assert referral.reasons == (
        ("referrer_cap_reached", "本活动每人最多奖励 1 位新朋友，你已达到上限"),
    )
    (decision,) = world.do(lambda tx: rewards.explain(tx, referral.id))
    assert decision.reasons[0]["code"] == "referrer_cap_reached"
    assert decision.facts["referrer_rewarded_total"] == 1
    assert standing(world) == (200, 0)
    assert world.reserved_fen() == 3200 + 2000


def test_a_daily_cap_begins_anew_at_midnight_in_shanghai(engine: Engine, clock: FakeClock) -> None:
    """The shop's day, not the server's."""
    world = make_world(engine, clock, caps__referrer_daily=1)
    friends = [world.friend_id, world.person("赵强"), world.person("孙丽")]
    for friend_id in friends:
        world.claim(friend_id)
    world.visit(friends[0])
    world.visit(friends[1])
    clock.now = clock.now.astimezone(campaigns.SHOP_ZONE).replace(hour=0) + timedelta(days=1)
    world.visit(friends[2])

    assert [world.referral(each).state for each in friends] == [
        "rewarded",
        "rejected",
        "rewarded",
    ]


def test_a_cap_of_the_referrer_does_not_cost_the_friend(engine: Engine, clock: FakeClock) -> None:
    """The friend's own reward is granted and stays paid for."""
    world = make_world(
        engine,
        clock,
        caps__referrer_total=1,
        friend__on_qualify=[{"kind": "points", "points": 50}],
    )
    second_id = world.person("赵强")
    world.claim()
    world.claim(second_id)
    world.visit()
    world.visit(second_id)

    assert world.do(lambda tx: points.available(tx, second_id)) == 50
    assert world.referral(second_id).state == "rejected"
    assert world.reserved_fen() == (3200 + 50) + (2000 + 50)


def test_a_waiting_reward_shows_at_once_and_opens_on_its_day(
    engine: Engine, clock: FakeClock
) -> None:
    """Told as 待生效 with its date, usable a week later, announced once."""
    world = make_world(engine, clock, holdback_days=7)
    world.claim()
    world.visit()

    assert world.referral().state == "pending"
    assert standing(world) == (0, 200)
    (coupon,) = world.do(lambda tx: coupons.list_for(tx, world.referrer_id))[0]
    assert coupon.state == "pending"
    (granted,) = world.emitted("rewards.reward.granted")
    assert granted["available_at"] is not None
    assert world.timeline()[-1] == "你的奖励（200 积分和 ¥10 券）已记下，2026年3月9日生效"
    assert world.do(rewards.release_due) == 0

    clock.advance(days=7)
    assert world.do(rewards.release_due) == 1
    assert world.do(rewards.release_due) == 0
    assert world.referral().state == "rewarded"
    assert len(world.emitted("rewards.reward.released")) == 1
    assert world.do(lambda tx: coupons.get(tx, coupon.id)).state == "available"


def test_a_refund_while_waiting_takes_the_reward_back(engine: Engine, clock: FakeClock) -> None:
    """Points and coupon are withdrawn, the cap is free again, a later visit earns anew, once."""
    world = make_world(engine, clock, holdback_days=7, caps__referrer_total=1)
    world.claim()
    world.visit(order_no="A1")
    world.refund("A1", 12800)

    assert world.referral().state == "claimed"
    assert standing(world) == (0, 0)
    assert world.timeline()[-1] == "某**的这次消费不再计入：这次消费已退款。下次到店消费仍然有效"

    world.visit()
    clock.advance(days=7)
    world.do(rewards.release_due)
    assert world.referral().state == "rewarded"
    world.do(lambda tx: points.bring_up_to_date(tx, world.referrer_id))
    assert standing(world) == (200, 0)
    assert world.reserved_fen() == 3200
    world.do(assert_books_balance)


def test_a_small_refund_changes_nothing(engine: Engine, clock: FakeClock) -> None:
    """What stays paid is enough."""
    world = make_world(engine, clock, holdback_days=7, qualify__minimum_fen=10000)
    world.claim()
    world.visit(order_no="A1")
    world.refund("A1", 2800)

    assert world.referral().state == "pending"


def test_an_undone_visit_while_waiting_takes_the_reward_back(
    engine: Engine, clock: FakeClock
) -> None:
    """The clerk scanned the wrong coupon: as if it had not been."""
    world = make_world(engine, clock, holdback_days=7)
    world.claim()
    undo(world, counter_visit(world))

    assert world.referral().state == "claimed"
    assert standing(world) == (0, 0)


def test_an_undone_visit_is_no_first_of_two(engine: Engine, clock: FakeClock) -> None:
    """Undone and done again is one visit: no message of a return, no second reward."""
    world = make_world(engine, clock)
    world.claim()
    undo(world, counter_visit(world))
    counter_visit(world)

    assert world.emitted("referrals.friend.returned") == []
    assert len(world.emitted("rewards.reward.granted")) == 1
    assert standing(world) == (200, 0)

    world.clock.advance(minutes=1)
    counter_visit(world)
    assert [each["number"] for each in world.emitted("referrals.friend.returned")] == [2]


def test_a_refund_after_the_reward_pays_nothing_twice(engine: Engine, clock: FakeClock) -> None:
    """The reward stays for now; the next visit does not earn it again."""
    world = make_world(engine, clock)
    world.claim()
    world.visit(order_no="A1")
    world.refund("A1", 12800)
    world.visit()

    assert world.referral().state == "rewarded"
    assert standing(world) == (200, 0)
    assert world.reserved_fen() == 3200


def test_a_visit_undone_before_it_was_looked_at_earns_nothing(
    engine: Engine, clock: FakeClock
) -> None:
    """Both events wait; when they come, the visit is none any more."""
    world = make_world(engine, clock)
    world.claim()
    new = visits.NewVisit(
        person_id=world.friend_id,
        store_id=world.store_id,
        amount_fen=10800,
        paid_at=clock.now,
        source="redemption",
    )
    visit_id = world.do(lambda tx: visits.record(tx, new)).id
    undo(world, visit_id)

    assert world.referral().state == "claimed"
    assert standing(world) == (0, 0)
    counter_visit(world)
    assert standing(world) == (200, 0)


def test_the_database_refuses_a_second_grant_of_one_reward(
    engine: Engine, clock: FakeClock
) -> None:
    """Even code gone wrong cannot pay one side of a referral twice."""
    world = make_world(engine, clock)
    world.claim()
    world.visit()

    def twice(tx: Tx) -> None:
        grant = tx.session.scalars(select(Grant).where(Grant.points.is_not(None))).one()
        values = {column.name: getattr(grant, column.name) for column in Grant.__table__.columns}
        tx.session.add(Grant(**(values | {"id": "another", "cause": "another"})))
        tx.session.flush()

    with pytest.raises(IntegrityError):
        world.do(twice)


def test_a_decision_is_made_once(engine: Engine, clock: FakeClock) -> None:
    """The event may come again; the second time nothing is left to decide."""
    world = make_world(engine, clock)
    world.claim()
    visit = world.visit()
    before = world.snapshot()
    world.do(
        lambda tx: rewards.decide(
            tx, world.referral().id, visit_id=visit.id, fitting_visits_before=0
        )
    )

    assert world.snapshot() == before


def test_the_funnel_counts_what_happened(engine: Engine, clock: FakeClock) -> None:
    """Three opened, two claimed, one came twice; points cost at once, coupons when used."""
    world = make_world(engine, clock)
    second_id, third_id = world.person("赵强"), world.person("孙丽")
    world.do(
        lambda tx: referrals.share(
            tx, world.referrer_id, campaign_id=world.campaign_id, channel="poster"
        )
    )
    world.touch()
    world.touch(third_id)
    (coupon,) = world.claim().coupons
    world.claim(second_id)
    world.visit(order_no="A1")
    world.visit(amount_fen=5000)
    world.refund("A1", 800)
    for redemption_id in ("r1", "r2"):
        use = partial(rewards.note_use, redemption_id=redemption_id, discount_fen=2000)
        world.do(partial(use, coupon_id=coupon.id))
    world.do(lambda tx: rewards.undo_use(tx, "r1"))

    view = world.do(lambda tx: campaigns.get_campaign(tx, world.campaign_id))
    funnel = world.do(lambda tx: rewards.funnel(tx, view))

    assert (funnel.shared, funnel.touched, funnel.claimed) == (1, 3, 2)
    assert (funnel.visited, funnel.qualified, funnel.rewarded) == (1, 1, 1)
    assert funnel.second_visit == 1
    assert funnel.cost_fen == 200 + 2000
    assert funnel.promised_fen == 2 * 3200
    assert funnel.revenue_fen == 12800 - 800 + 5000
