"""Claims at the same time: whatever the order, no promise is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select

from tests.conftest import FakeClock
from tests.integration.referrals.test_claiming import COUPON_WITH_STOCK
from tests.integration.referrals.world import World, make_world
from tests.invariants import assert_books_balance
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals.models import Referral
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import AppError

THREADS = 12


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """Return an engine on which writers really meet; SQLite lets them in one by one."""
    if engine.dialect.name != "postgresql":
        pytest.skip("writers meet on PostgreSQL only")
    return engine


def all_at_once(works: Sequence[Callable[[], object]]) -> Counter[str]:
    """Run every work in a thread of its own, and count how they came out."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        barrier.wait()
        try:
            work()
        except AppError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(run, works))


def claimed_count(tx: Tx) -> int:
    """Return how many referrals are claimed."""
    bound = Referral.bound_friend_id.is_not(None)
    return tx.session.scalar(select(func.count()).select_from(Referral).where(bound)) or 0


def people(world: World, number: int) -> list[str]:
    """Return so many new customers."""
    return [world.person(f"友{index}") for index in range(number)]


def test_the_budget_is_never_overspent(engine: Engine, clock: FakeClock) -> None:
    """It pays for three of twelve; nine are told so, and the books agree."""
    world = make_world(engine, clock, budget__total_fen=3 * 3200 + 3199)
    friends = people(world, THREADS)

    came_out = all_at_once([partial(world.claim, each) for each in friends])

    assert came_out == {"done": 3, "budget_exhausted": THREADS - 3}
    assert world.reserved_fen() == 3 * 3200
    assert world.do(claimed_count) == 3


def test_the_last_coupon_goes_to_one(engine: Engine, clock: FakeClock) -> None:
    """Only the winner's referral and reservation stay."""
    world = make_world(engine, clock, friend__on_claim=[COUPON_WITH_STOCK])
    friends = people(world, THREADS)

    came_out = all_at_once([partial(world.claim, each) for each in friends])

    assert came_out == {"done": 1, "sold_out": THREADS - 1}
    assert world.reserved_fen() == 3200


def test_one_friend_claims_many_times_at_once(engine: Engine, clock: FakeClock) -> None:
    """All get the same answer, one effect."""
    world = make_world(engine, clock)

    came_out = all_at_once([world.claim] * THREADS)

    assert came_out == {"done": THREADS}
    assert world.reserved_fen() == 3200
    assert len(world.emitted("referrals.referral.claimed")) == 1


def test_one_friend_claims_of_many_referrers_at_once(engine: Engine, clock: FakeClock) -> None:
    """One of them is the referrer for life."""
    world = make_world(engine, clock)
    codes = [world.code_of(each) for each in people(world, THREADS)]

    came_out = all_at_once([partial(world.claim, code=code) for code in codes])

    assert came_out == {"done": 1, "already_referred": THREADS - 1}
    assert world.reserved_fen() == 3200


@pytest.mark.parametrize("size", [2, 4, 5])
def test_no_circle_closes(engine: Engine, clock: FakeClock, size: int) -> None:
    """Everybody claims of the next one in a ring: exactly one of them cannot."""
    world = make_world(engine, clock)
    for attempt in range(2):
        ring = [world.person(f"环{attempt}-{index}") for index in range(size)]
        codes = [world.code_of(each) for each in ring]

        came_out = all_at_once(
            [
                partial(world.claim, friend, codes[(index + 1) % size])
                for index, friend in enumerate(ring)
            ]
        )

        assert came_out == {"done": size - 1, "already_referred": 1}


def test_many_circles_at_once_wait_for_nobody_long(engine: Engine, clock: FakeClock) -> None:
    """Six rings of six friends each: one of each ring is refused, and nobody loses for good."""
    world = make_world(engine, clock)
    rings = [[world.person(f"圈{ring}-{index}") for index in range(6)] for ring in range(6)]
    claims = []
    for ring in rings:
        codes = [world.code_of(each) for each in ring]
        claims += [
            partial(world.claim, friend, codes[(index + 1) % 6])
            for index, friend in enumerate(ring)
        ]

    came_out = all_at_once(claims)

    assert came_out == {"done": 6 * 5, "already_referred": 6}


def test_caps_hold_when_many_friends_come_at_once(engine: Engine, clock: FakeClock) -> None:
    """Three of twelve friends may be rewarded; the others are rejected with the reason."""
    world = make_world(engine, clock, caps__referrer_total=3)
    friends = people(world, THREADS)
    for friend_id in friends:
        world.claim(friend_id)

    came_out = all_at_once([partial(world.visit, each) for each in friends])
    world.settle()

    states = Counter(world.referral(each).state for each in friends)
    assert came_out == {"done": THREADS}
    assert states == {"rewarded": 3, "rejected": THREADS - 3}
    assert world.do(lambda tx: points.available(tx, world.referrer_id)) == 3 * 200
    assert world.reserved_fen() == 3 * 3200 + (THREADS - 3) * 2000
    world.do(assert_books_balance)


def test_reservations_and_releases_add_up(engine: Engine, clock: FakeClock) -> None:
    """Whatever is reserved and given back at once, the sum is that of what is held."""
    world = make_world(engine, clock, budget__total_fen=10_000)

    def set_aside(tx: Tx, cause: str) -> None:
        campaigns.reserve(tx, world.campaign_id, cost_fen=700, cause=cause)

    def back_and_forth(index: int) -> None:
        for turn in range(4):
            cause = f"test:{index}:{turn}"
            world.do(partial(set_aside, cause=cause))
            world.do(partial(campaigns.release, cause=cause, keep_fen=100))

    all_at_once([partial(back_and_forth, index) for index in range(8)])

    assert world.reserved_fen() == 8 * 4 * 100
