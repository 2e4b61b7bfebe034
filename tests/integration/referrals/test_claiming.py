"""The claim: once for life, refused with the contract's error, and then nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from tests.conftest import FakeClock
from tests.factories import make_visit
from tests.integration.referrals.world import World, make_world
from tests.unit.campaigns.documents import document
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.visits import api as visits
from wxapp_backend.kernel.errors import AppError

COUPON_WITH_STOCK = {
    "kind": "coupon",
    "coupon": {
        "title": "新客立减券",
        "kind": "amount_off",
        "amount_off_fen": 2000,
        "threshold_fen": 10000,
        "valid_days": 30,
        "stock": 1,
    },
}


def refused(world: World, code: str, claim: Callable[[], object]) -> None:
    """Assert that the claim is refused with this code and leaves everything as it was."""
    before = world.snapshot()
    with pytest.raises(AppError) as refusal:
        claim()
    assert refusal.value.code == code
    assert world.snapshot() == before


def test_a_claim_gives_the_coupon_and_sets_the_whole_cost_aside(
    engine: Engine, clock: FakeClock
) -> None:
    """One usable coupon from the referrer, masked; ¥20 + ¥12 of the budget; one event."""
    world = make_world(engine, clock)

    claimed = world.claim()

    (coupon,) = claimed.coupons
    assert (coupon.state, coupon.source) == ("available", "王**推荐")
    assert claimed.state == "claimed"
    assert world.reserved_fen() == 3200
    (event,) = world.emitted("referrals.referral.claimed")
    assert event["coupon_ids"] == [coupon.id]
    assert (event["referrer_id"], event["friend_id"]) == (world.referrer_id, world.friend_id)


def test_the_same_claim_again_has_no_effect(engine: Engine, clock: FakeClock) -> None:
    """Same referral, same coupon, nothing written; also in lower case, also after the reward."""
    world = make_world(engine, clock)
    first = world.claim()
    before = world.snapshot()

    assert world.claim(code=world.code.lower()) == first
    assert world.snapshot() == before

    world.visit()
    assert world.claim().referral_id == first.referral_id


def test_one_self_cannot_be_the_friend(engine: Engine, clock: FakeClock) -> None:
    """The own code is refused."""
    world = make_world(engine, clock)

    refused(world, "self_referral", lambda: world.claim(friend_id=world.referrer_id))


def test_an_unknown_code_is_refused(engine: Engine, clock: FakeClock) -> None:
    """Well formed or not, it is nobody's."""
    world = make_world(engine, clock)

    for code in ("22222222", "no code", "", "2" * 64):
        refused(world, "unknown_referral_code", partial(world.claim, code=code))


def test_a_paying_customer_is_not_new(engine: Engine, clock: FakeClock) -> None:
    """Whoever has paid a visit cannot become somebody's friend."""
    world = make_world(engine, clock)
    world.visit()

    refused(world, "not_new_customer", world.claim)


def test_who_stayed_away_long_enough_is_new_again(engine: Engine, clock: FakeClock) -> None:
    """With no_visit_in_days the definition looks back only so far."""
    world = make_world(engine, clock, new_customer__no_visit_in_days=180)
    world.visit()
    clock.advance(days=179)
    refused(world, "not_new_customer", world.claim)
    clock.advance(days=1)

    world.claim()
    world.visit()

    assert world.referral().state == "rewarded"


def test_a_fully_refunded_visit_leaves_one_new(engine: Engine, clock: FakeClock) -> None:
    """Nothing was bought in the end."""
    world = make_world(engine, clock)
    world.visit(order_no="A1")
    world.refund("A1", 12800)

    assert world.claim().state == "claimed"


def test_there_is_one_referrer_for_life(engine: Engine, clock: FakeClock) -> None:
    """A second referrer is refused, also after the referral has run out."""
    world = make_world(engine, clock)
    other_code = world.code_of(world.person("赵强"))
    world.claim()

    refused(world, "already_referred", lambda: world.claim(code=other_code))

    clock.advance(days=60)
    world.do(referrals.expire_due)
    assert world.referral().state == "expired"
    refused(world, "already_referred", lambda: world.claim(code=other_code))


def test_there_are_no_circles(engine: Engine, clock: FakeClock) -> None:
    """Whom I brought, and whom they brought, cannot bring me."""
    world = make_world(engine, clock)
    third_id = world.person("赵强")
    world.claim()
    world.claim(friend_id=third_id, code=world.code_of(world.friend_id))

    for person_id in (world.friend_id, third_id):
        code = world.code_of(person_id)
        refused(
            world,
            "already_referred",
            partial(world.claim, friend_id=world.referrer_id, code=code),
        )


def test_only_the_direct_referrer_is_rewarded(engine: Engine, clock: FakeClock) -> None:
    """One level: who brought the referrer gets nothing for the referrer's friend."""
    world = make_world(engine, clock)
    third_id = world.person("赵强")
    world.claim()
    world.claim(friend_id=third_id, code=world.code_of(world.friend_id))
    world.visit(friend_id=third_id)

    assert world.do(lambda tx: points.available(tx, world.friend_id)) == 200
    assert world.do(lambda tx: points.available(tx, world.referrer_id)) == 0


def test_an_ended_campaign_is_refused(engine: Engine, clock: FakeClock) -> None:
    """Also one that has not begun."""
    world = make_world(engine, clock, ends_at=(clock.now + timedelta(days=1)).isoformat())
    clock.advance(days=1)

    refused(world, "campaign_ended", world.claim)

    clock.advance(days=-300)
    refused(world, "campaign_ended", world.claim)


def test_a_spent_budget_is_refused(engine: Engine, clock: FakeClock) -> None:
    """¥63.99 pays for one referral at ¥32, not for two."""
    world = make_world(engine, clock, budget__total_fen=6399)
    second_id = world.person("赵强")
    world.claim()

    refused(world, "budget_exhausted", lambda: world.claim(friend_id=second_id))


def test_a_sold_out_coupon_is_refused(engine: Engine, clock: FakeClock) -> None:
    """The budget is not touched by who came too late."""
    world = make_world(engine, clock, friend__on_claim=[COUPON_WITH_STOCK])
    second_id = world.person("赵强")
    world.claim()

    refused(world, "sold_out", lambda: world.claim(friend_id=second_id))


def test_points_for_the_friend_come_at_once(engine: Engine, clock: FakeClock) -> None:
    """An offer may be points; they name who recommended."""
    world = make_world(engine, clock, friend__on_claim=[{"kind": "points", "points": 66}])

    assert world.claim().coupons == ()
    assert world.do(lambda tx: points.available(tx, world.friend_id)) == 66


def test_the_first_touch_can_decide(engine: Engine, clock: FakeClock) -> None:
    """Under "first" the earlier share is rewarded, whichever code is claimed; twice is once."""
    world = make_world(engine, clock, attribution__touch="first")
    other_code = world.code_of(world.person("赵强"))
    world.touch()
    clock.advance(days=1)
    world.touch(code=other_code)

    first = world.claim(code=other_code)

    assert world.referral().referrer_id == world.referrer_id
    assert world.claim(code=other_code) == first
    assert world.claim() == first


def test_a_claim_takes_over_the_touched_referral(engine: Engine, clock: FakeClock) -> None:
    """What the referrer saw as touched is what becomes claimed."""
    world = make_world(engine, clock)
    world.touch()
    ((touched,), _) = world.do(
        lambda tx: referrals.list_for_referrer(tx, world.referrer_id, cursor=None, limit=9)
    )

    assert touched.referral.state == "touched"
    assert world.claim().referral_id == touched.referral.id


def test_an_expired_referral_gives_its_share_of_the_budget_back(
    engine: Engine, clock: FakeClock
) -> None:
    """The friend's coupon stays paid for; what the visit would have earned is free again."""
    world = make_world(engine, clock)
    world.claim()
    clock.advance(days=31, minutes=1)

    assert world.do(referrals.expire_due) == 1
    assert world.do(referrals.expire_due) == 0
    assert world.reserved_fen() == 2000
    assert len(world.emitted("referrals.referral.expired")) == 1
    assert world.timeline()[-1] == "某**没有在期限内到店消费，这次推荐已过期"


def test_a_late_report_that_the_friend_was_no_new_customer_ends_it(
    engine: Engine, clock: FakeClock
) -> None:
    """The till was offline: a visit of last week arrives after the claim."""
    world = make_world(engine, clock)
    world.claim()
    late = visits.NewVisit(
        person_id=world.friend_id,
        store_id=world.store_id,
        amount_fen=5000,
        paid_at=clock.now - timedelta(days=7),
        source="till",
    )
    world.do(lambda tx: visits.record(tx, late))
    world.settle()
    world.visit()

    assert world.referral().state == "rejected"
    assert world.referral().reasons[0][0] == "not_new_customer"
    assert world.emitted("rewards.reward.granted") == []
    assert world.reserved_fen() == 2000


def test_the_newest_share_says_which_campaign(engine: Engine, clock: FakeClock) -> None:
    """Of two running campaigns the one that was shared counts; else the one begun last."""
    world = make_world(engine, clock)
    later = document(key="spring", starts_at="2026-02-01T00:00:00+08:00")
    world.do(lambda tx: campaigns.publish(tx, later))
    spring = world.do(lambda tx: campaigns.find_by_key(tx, "spring"))
    assert spring is not None
    world.do(
        lambda tx: referrals.share(
            tx, world.referrer_id, campaign_id=world.campaign_id, channel="friend"
        )
    )
    other_id = world.person("赵强")

    world.claim()
    world.claim(friend_id=other_id, code=world.code_of(world.friend_id))

    assert world.referral().campaign_id == world.campaign_id
    assert world.referral(other_id).campaign_id == spring.id


def test_touches_are_counted_once_a_day(engine: Engine, clock: FakeClock) -> None:
    """The referrer is reminded once a day; the landing page works every time."""
    world = make_world(engine, clock)
    for _ in range(3):
        assert world.touch().claimable
    clock.advance(days=1)
    world.touch()

    assert len(world.emitted("referrals.touch.recorded")) == 2


@pytest.mark.parametrize("code", ["self", "old", "taken", "again", "over"])
def test_a_touch_says_why_there_is_nothing_to_claim(
    engine: Engine, clock: FakeClock, code: str
) -> None:
    """The same refusals as the claim's, told before it is tried."""
    world = make_world(engine, clock)
    friend_id = world.friend_id
    expected = "already_referred"
    if code == "self":
        friend_id, expected = world.referrer_id, "self_referral"
    elif code == "old":
        world.do(lambda tx: make_visit(tx, world.friend_id, world.store_id))
        expected = "not_new_customer"
    elif code == "taken":
        world.claim(code=world.code_of(world.person("赵强")))
    elif code == "again":
        world.claim()
    else:
        clock.advance(days=6000)
        expected = "campaign_ended"

    touched = world.touch(friend_id=friend_id)

    assert touched.refusal is not None
    assert touched.refusal.code == expected
    assert touched.is_claimed == (code == "again")
    assert not touched.claimable


def test_a_repeated_claim_shows_the_coupon_as_it_is_now(engine: Engine, clock: FakeClock) -> None:
    """A coupon that was taken back is not shown as usable."""
    world = make_world(engine, clock)
    (coupon,) = world.claim().coupons
    world.do(lambda tx: coupons.void(tx, coupon.id, reason="test"))

    assert world.claim().coupons[0].state == "void"


def test_a_touch_tells_what_has_run_out(engine: Engine, clock: FakeClock) -> None:
    """Who comes too late reads it on the landing page, not after the tap."""
    world = make_world(
        engine, clock, friend__on_claim=[COUPON_WITH_STOCK], budget__total_fen=2 * 3200 - 1
    )
    second_id = world.person("赵强")
    world.claim()
    assert world.touch(second_id).refusal_code == "budget_exhausted"

    richer = document(friend__on_claim=[COUPON_WITH_STOCK], budget__total_fen=2 * 3200)
    world.do(lambda tx: campaigns.publish(tx, richer))
    assert world.touch(second_id).refusal_code == "sold_out"
