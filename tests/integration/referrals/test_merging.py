"""Two records are one person, or a person is forgotten: what stays, what ends."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.conftest import FakeClock
from tests.factories import make_visit
from tests.integration.referrals.world import World, make_world
from tests.invariants import assert_books_balance
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals import api as referrals


def merge(world: World, from_id: str, into_id: str) -> None:
    """Tell referrals and rewards that two records are one person."""
    world.do(lambda tx: tx.emit(PersonMerged(from_id=from_id, into_id=into_id)))
    world.settle()


def counts(world: World, person_id: str) -> dict[str, int]:
    """Return the states of a referrer's referrals, zeros left out."""
    found = world.do(lambda tx: referrals.count_states(tx, person_id))
    return {state: number for state, number in found.items() if number}


def test_codes_of_both_records_keep_working(engine: Engine, clock: FakeClock) -> None:
    """Posters with the old code lead to the person; one code is handed out."""
    world = make_world(engine, clock)
    other_id = world.person("另一个我")
    other_code = world.code_of(other_id)
    merge(world, world.referrer_id, other_id)

    assert world.code_of(other_id) == other_code
    for code in (world.code, other_code):
        assert world.do(lambda tx, code=code: referrals.find_referrer(tx, code)) == other_id  # type: ignore[misc] # mypy cannot infer a lambda with a default


def test_the_only_code_stays_the_one_handed_out(engine: Engine, clock: FakeClock) -> None:
    """A record without a code takes over the other's."""
    world = make_world(engine, clock)
    other_id = world.person("另一个我")
    merge(world, world.referrer_id, other_id)

    assert world.code_of(other_id) == world.code


def test_a_referrers_friends_come_along(engine: Engine, clock: FakeClock) -> None:
    """The reward for a friend claimed before goes to the record that stays."""
    world = make_world(engine, clock)
    other_id = world.person("另一个我")
    world.claim()
    merge(world, world.referrer_id, other_id)
    world.visit()

    assert counts(world, other_id) == {"rewarded": 1}
    assert world.do(lambda tx: points.available(tx, other_id)) == 200


def test_a_friends_referral_comes_along_with_visits_in_between(
    engine: Engine, clock: FakeClock
) -> None:
    """A visit that was recorded for the other record before the news came counts too."""
    world = make_world(engine, clock)
    other_id = world.person("另一个我")
    world.claim()
    clock.advance(minutes=5)
    world.do(lambda tx: make_visit(tx, other_id, world.store_id))
    merge(world, world.friend_id, other_id)

    assert world.referral(other_id).state == "rewarded"
    assert world.do(lambda tx: points.available(tx, world.referrer_id)) == 200


def test_a_merge_that_disproves_newness_ends_the_referral(engine: Engine, clock: FakeClock) -> None:
    """The phone number at the till and the WeChat account turn out to be one old customer."""
    world = make_world(engine, clock)
    known_id = world.person("老顾客")
    world.visit(known_id)
    world.claim()
    merge(world, world.friend_id, known_id)
    world.visit(known_id)

    assert world.referral(known_id).state == "rejected"
    assert world.referral(known_id).reasons[0][0] == "not_new_customer"
    assert world.emitted("rewards.reward.granted") == []


def test_nobody_becomes_their_own_referrer(engine: Engine, clock: FakeClock) -> None:
    """Referrer and friend are one: the referral ends and binds nobody."""
    world = make_world(engine, clock)
    world.claim()
    merge(world, world.friend_id, world.referrer_id)

    assert counts(world, world.referrer_id) == {"rejected": 1}
    assert world.do(lambda tx: referrals.referral_of_friend(tx, world.friend_id)) is None
    assert world.reserved_fen() == 2000


def test_a_merged_friend_keeps_one_referrer(engine: Engine, clock: FakeClock) -> None:
    """The record that stays keeps its referrer, the other's referral ends."""
    world = make_world(engine, clock)
    other_id, other_referrer_id = world.person("另一个我"), world.person("赵强")
    world.claim()
    world.claim(other_id, code=world.code_of(other_referrer_id))
    merge(world, world.friend_id, other_id)

    assert counts(world, world.referrer_id) == {"rejected": 1}
    assert world.referral(other_id).referrer_id == other_referrer_id


def test_a_touch_makes_way_for_a_claim(engine: Engine, clock: FakeClock) -> None:
    """One record opened the share, the other claimed: one referral remains."""
    world = make_world(engine, clock)
    other_id = world.person("另一个我")
    world.touch(other_id)
    world.claim()
    merge(world, world.friend_id, other_id)

    assert counts(world, world.referrer_id) == {"claimed": 1}


def test_a_merge_closes_no_circle(engine: Engine, clock: FakeClock) -> None:
    """王 brought 李, 赵 brought 王; 李 and 赵 are one: the older bond goes, claims still work."""
    world = make_world(engine, clock)
    zhao_id = world.person("赵强")
    world.claim()
    world.claim(world.referrer_id, code=world.code_of(zhao_id))
    merge(world, zhao_id, world.friend_id)

    assert world.claim(world.person("孙丽")).state == "claimed"
    bonds = [
        world.do(lambda tx, each=each: referrals.referral_of_friend(tx, each))  # type: ignore[misc] # mypy cannot infer a lambda with a default
        for each in (world.referrer_id, world.friend_id)
    ]
    assert sum(bond is not None for bond in bonds) == 1


def test_a_forgotten_person_leaves_no_traces_but_the_books(
    engine: Engine, clock: FakeClock
) -> None:
    """The code is unknown, touches and shares are gone, the reward stays in the ledger."""
    world = make_world(engine, clock)
    world.touch()
    world.claim()
    world.visit()
    world.do(lambda tx: tx.emit(PersonErased(person_id=world.referrer_id)))
    world.settle()

    with pytest.raises(referrals.UnknownReferralCode):
        world.touch(world.person("孙丽"))
    export = world.do(lambda tx: referrals.export_for(tx, world.referrer_id))
    assert (export["referral_code"], export["shares"], export["touches"]) == (None, [], [])
    assert world.do(lambda tx: points.available(tx, world.referrer_id)) == 200
    world.do(assert_books_balance)
