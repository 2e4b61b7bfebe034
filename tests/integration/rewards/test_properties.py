"""Whatever a friend's visits go through, the referrer is rewarded once at the most."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from tests.conftest import FakeClock
from tests.integration.referrals.world import World, make_world
from tests.invariants import assert_books_balance
from wxapp_backend.features.points import api as points
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.rewards import api as rewards
from wxapp_backend.features.rewards.models import Grant
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.tables import Base

numbers = count()
"""Makes refund numbers that were never used."""

payments = st.one_of(
    st.tuples(st.just("visit"), st.sampled_from([12800, 5000, 4999])),
    st.tuples(st.just("counter"), st.sampled_from([9000, 4999])),
)
news = st.one_of(
    payments,
    st.tuples(st.just("refund"), st.sampled_from([1, 7801, 12800])),
    st.tuples(st.just("undo"), st.just(0)),
    st.tuples(st.just("days"), st.sampled_from([1, 7, 32])),
    st.tuples(st.just("jobs"), st.just(0)),
)
moves = st.builds(
    lambda first, rest: [first, *rest], payments, st.lists(news, min_size=3, max_size=7)
)
rules = st.fixed_dictionaries(
    {
        "holdback_days": st.sampled_from([0, 7]),
        "qualify__visit_number": st.sampled_from([1, 2]),
        "caps__referrer_total": st.sampled_from([None, 1]),
    }
)


def play(world: World, kind: str, value: int, done: list[tuple[str, str]]) -> None:
    """Do one thing that can happen in a shop."""
    last = done[-1] if done else None
    if kind == "visit":
        order_no = f"A{len(done)}"
        done.append((order_no, world.visit(amount_fen=value, order_no=order_no).id))
    elif kind == "counter":
        new = visits.NewVisit(
            person_id=world.friend_id,
            store_id=world.store_id,
            amount_fen=value,
            paid_at=world.clock.now,
            source="redemption",
        )
        done.append(("", world.do(lambda tx: visits.record(tx, new)).id))
    elif kind == "refund" and last and last[0]:
        with suppress(visits.RefundTooLarge):  # refused, as it should be
            world.refund(last[0], value, refund_no=f"r{next(numbers)}")
    elif kind == "undo" and last:
        world.do(lambda tx: visits.cancel(tx, last[1]))
    elif kind == "days":
        world.clock.advance(days=value)
    elif kind == "jobs":
        world.do(rewards.release_due)
        world.do(referrals.expire_due)
        world.do(lambda tx: points.bring_up_to_date(tx, world.referrer_id))
    world.settle()


def check(world: World, changes: dict[str, Any]) -> None:
    """Assert that rewards, state, budget and points tell the same story."""

    def in_force(tx: Tx) -> list[Grant]:
        return list(tx.session.scalars(select(Grant).where(Grant.state != "cancelled")))

    state = world.referral().state
    grants = world.do(in_force)
    assert len(grants) == (2 if state in ("pending", "rewarded") else 0)
    standing = world.do(lambda tx: points.standing(tx, world.referrer_id))
    owed = 200 if grants else 0
    assert standing.available + standing.pending == owed
    assert standing.debt == 0
    expected = 2000 if state in ("expired", "rejected") else 3200
    assert world.reserved_fen() == expected, (state, changes)
    world.do(assert_books_balance)


@given(moves=moves, changes=rules)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_one_reward_at_the_most(
    engine: Engine, clock: FakeClock, moves: list[tuple[str, int]], changes: dict[str, Any]
) -> None:
    """Visits, refunds, undone ones, waiting and expiry in any order: all books agree."""
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
    world = make_world(engine, clock, qualify__minimum_fen=5000, **changes)
    world.claim()
    done: list[tuple[str, str]] = []
    for kind, value in moves:
        play(world, kind, value, done)
        check(world, changes)
