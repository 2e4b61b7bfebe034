"""The points ledger against a real database."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.conftest import FakeClock
from tests.invariants import assert_books_balance
from wxapp_backend.features.points import api as points
from wxapp_backend.features.points.models import Entry
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.kernel.errors import InvariantBroken, NotFound, ValidationFailed

ADA, BEN = "ada", "ben"
"""Two customers; the ledger needs no more than their ids."""


def grant(tx: Tx, amount: int, reference: str = "grant-1", person_id: str = ADA) -> str:
    """Give points at once and for ever."""
    return points.grant(tx, person_id, amount, reference=reference, source_text="李** 首次到店消费")


def spend(tx: Tx, amount: int, reference: str = "spend-1", person_id: str = ADA) -> str:
    """Take points for a gift."""
    return points.spend(tx, person_id, amount, reference=reference, source_text="招牌小菜")


def count_entries(tx: Tx) -> int:
    """Return the number of entries in the ledger."""
    return tx.session.scalar(select(func.count()).select_from(Entry)) or 0


def test_a_grant_can_be_spent(tx: Tx) -> None:
    """What was granted is available, and what was spent is not."""
    grant(tx, 100)
    spend(tx, 30)

    assert points.standing(tx, ADA) == points.Standing(70, 0, 0)
    assert_books_balance(tx)


def test_a_grant_repeated_gives_nothing_more(tx: Tx) -> None:
    """The same cause returns the first entry and moves nothing."""
    first = grant(tx, 100)

    assert grant(tx, 100) == first
    assert points.available(tx, ADA) == 100
    assert count_entries(tx) == 1


def test_one_cause_cannot_name_two_grants(tx: Tx) -> None:
    """The same reference with another amount or person is a bug and changes nothing."""
    grant(tx, 100)

    for amount, person_id in ((200, ADA), (100, BEN)):
        with pytest.raises(InvariantBroken):
            grant(tx, amount, person_id=person_id)
    assert (points.available(tx, ADA), points.available(tx, BEN)) == (100, 0)


def test_an_overdraft_is_refused_without_a_trace(db: Database) -> None:
    """A refused spending leaves no entry, no balance and no use of a lot."""
    db.run(lambda tx: grant(tx, 10))

    with pytest.raises(points.InsufficientPoints):
        db.run(lambda tx: spend(tx, 11))

    assert db.read(lambda tx: points.available(tx, ADA)) == 10
    assert db.read(count_entries) == 1
    db.read(assert_books_balance)


def test_promised_points_come_when_due(tx: Tx, clock: FakeClock) -> None:
    """Pending points are shown, cannot be spent, and are usable from their instant on."""
    terms = points.Terms(available_at=clock.now + timedelta(days=7))
    points.grant(tx, ADA, 200, reference="g", source_text="李** 首次到店消费", terms=terms)
    assert points.standing(tx, ADA) == points.Standing(0, 200, 0)
    with pytest.raises(points.InsufficientPoints):
        tx.attempt(lambda inner: spend(inner, 1))

    tx.now += timedelta(days=7)
    assert points.standing(tx, ADA) == points.Standing(200, 0, 0)
    spend(tx, 150)

    assert points.standing(tx, ADA) == points.Standing(50, 0, 0)
    assert_books_balance(tx)


def test_what_expires_soonest_is_spent_first(tx: Tx) -> None:
    """Spending takes from the lot with the nearest end, not from the oldest."""
    end = tx.now + timedelta(days=10)
    grant(tx, 50, "forever")
    terms = points.Terms(expires_at=end)
    points.grant(tx, ADA, 50, reference="soon", source_text="", terms=terms)
    spend(tx, 60)

    tx.now = end
    assert points.list_due(tx, 10) == []
    assert points.standing(tx, ADA).available == 40
    assert_books_balance(tx)


def test_expired_points_are_gone_before_the_timetable_runs(tx: Tx) -> None:
    """Reads leave expired points out at once; the job writes the line later, once."""
    end = tx.now + timedelta(days=10)
    terms = points.Terms(expires_at=end)
    points.grant(tx, ADA, 50, reference="soon", source_text="", terms=terms)
    assert points.list_expiring(tx, ADA) == [points.Expiring(50, end)]

    tx.now = end
    assert points.available(tx, ADA) == 0
    assert points.list_due(tx, 10) == [ADA]
    points.bring_up_to_date(tx, ADA)
    points.bring_up_to_date(tx, ADA)

    newest, oldest = points.lines(tx, ADA, cursor=None, limit=10)[0]
    assert (newest.points, newest.state) == (-50, "expired")
    assert (oldest.points, oldest.state) == (50, "expired")
    assert points.list_due(tx, 10) == []
    assert_books_balance(tx)


def test_a_reversal_takes_back_once(tx: Tx) -> None:
    """A grant is undone as a whole, and a second time nothing happens."""
    grant(tx, 100)

    assert points.reverse(tx, "grant-1", source_text="订单已退款") == 100
    assert points.reverse(tx, "grant-1", source_text="订单已退款") == 0
    assert points.standing(tx, ADA) == points.Standing()
    assert [line.state for line in points.lines(tx, ADA, cursor=None, limit=9)[0]] == [
        "reversed",
        "reversed",
    ]
    assert_books_balance(tx)


def test_a_reversal_of_spent_points_is_a_debt_that_the_next_points_settle(tx: Tx) -> None:
    """What is no longer there is owed, visibly, and paid before anything else."""
    grant(tx, 100)
    spend(tx, 70)
    points.reverse(tx, "grant-1", source_text="订单已退款")
    assert points.standing(tx, ADA) == points.Standing(0, 0, 70)
    assert_books_balance(tx)

    grant(tx, 50, "grant-2")
    assert points.standing(tx, ADA) == points.Standing(0, 0, 20)
    grant(tx, 50, "grant-3")

    assert points.standing(tx, ADA) == points.Standing(30, 0, 0)
    assert_books_balance(tx)


def test_reversing_a_promise_leaves_no_debt(tx: Tx) -> None:
    """Points that never became usable are withdrawn from the pending ones."""
    terms = points.Terms(available_at=tx.now + timedelta(days=7))
    points.grant(tx, ADA, 200, reference="g", source_text="", terms=terms)

    assert points.reverse(tx, "g", source_text="订单已退款") == 200
    assert points.standing(tx, ADA) == points.Standing()
    tx.now += timedelta(days=8)
    assert points.standing(tx, ADA) == points.Standing()
    assert_books_balance(tx)


def test_expired_points_are_not_demanded_back(tx: Tx) -> None:
    """A reversal forgets what its customer could not use."""
    terms = points.Terms(expires_at=tx.now + timedelta(days=1))
    points.grant(tx, ADA, 80, reference="g", source_text="", terms=terms)
    tx.now += timedelta(days=1)
    points.bring_up_to_date(tx, ADA)

    assert points.reverse(tx, "g", source_text="订单已退款") == 0
    assert points.standing(tx, ADA) == points.Standing()
    assert_books_balance(tx)


def test_a_spending_is_given_back_to_the_lots_it_came_from(tx: Tx) -> None:
    """Points that come back keep their end; a second return does nothing."""
    end = tx.now + timedelta(days=5)
    terms = points.Terms(expires_at=end)
    points.grant(tx, ADA, 80, reference="g", source_text="", terms=terms)
    spend(tx, 60)

    assert points.reverse(tx, "spend-1", source_text="兑换已取消") == 60
    assert points.reverse(tx, "spend-1", source_text="兑换已取消") == 0
    assert points.list_expiring(tx, ADA) == [points.Expiring(80, end)]
    tx.now = end
    points.bring_up_to_date(tx, ADA)
    assert points.standing(tx, ADA) == points.Standing()
    assert_books_balance(tx)


def test_points_come_back_to_who_the_spender_is_now(tx: Tx) -> None:
    """The lots moved with a merge: what is returned goes where they are."""
    grant(tx, 100, "g")
    spend(tx, 60, "s")
    points.merge(tx, from_id=ADA, into_id=BEN)

    assert points.reverse(tx, "s", source_text="兑换已取消") == 60

    assert points.standing(tx, ADA).available == 0
    assert points.standing(tx, BEN).available == 100
    assert_books_balance(tx)


def test_reversing_what_never_was_is_not_found(tx: Tx) -> None:
    """An unknown cause is named as such."""
    with pytest.raises(NotFound):
        points.reverse(tx, "nothing", source_text="")


def test_a_merge_moves_everything_and_both_chains_say_so(tx: Tx) -> None:
    """Available, pending and owed points reach the person that stays, and can be taken back."""
    grant(tx, 100, "a")
    spend(tx, 100, "s")
    points.reverse(tx, "a", source_text="")
    terms = points.Terms(available_at=tx.now + timedelta(days=1))
    points.grant(tx, ADA, 30, reference="p", source_text="", terms=terms)
    grant(tx, 500, "b", BEN)

    points.merge(tx, from_id=ADA, into_id=BEN)
    points.merge(tx, from_id=ADA, into_id=BEN)

    assert points.standing(tx, ADA) == points.Standing()
    assert points.standing(tx, BEN) == points.Standing(500, 30, 100)
    assert grant(tx, 500, "b", BEN)
    points.reverse(tx, "p", source_text="")
    assert points.standing(tx, BEN) == points.Standing(500, 0, 100)
    for person_id in (ADA, BEN):
        assert points.verify(points.statement(tx, person_id)) == []
    assert_books_balance(tx)


def test_lines_page_newest_first(tx: Tx) -> None:
    """Pages follow one another without a gap, and name the source of each line."""
    for number in range(5):
        grant(tx, number + 1, f"g{number}")

    first, cursor = points.lines(tx, ADA, cursor=None, limit=3)
    rest, end = points.lines(tx, ADA, cursor=cursor, limit=3)

    assert [line.points for line in first + rest] == [5, 4, 3, 2, 1]
    assert {line.source for line in first} == {"李** 首次到店消费"}
    assert end is None
    with pytest.raises(ValidationFailed):
        points.lines(tx, ADA, cursor="٣", limit=3)


def test_a_statement_verifies_and_a_changed_row_does_not(tx: Tx) -> None:
    """The download stands for the ledger; whoever changes a row later is found out."""
    grant(tx, 100)
    spend(tx, 30)
    statement = points.statement(tx, ADA)
    assert points.verify(statement) == []
    assert len(json.loads(statement)["lines"]) == 2

    entry = tx.session.scalars(select(Entry).where(Entry.reference == "grant-1")).one()
    entry.points = 1000
    tx.session.flush()

    assert points.verify(points.statement(tx, ADA)) != []
    assert points.verify_ledger(tx).faults != []


def test_the_root_stands_for_the_whole_ledger(tx: Tx) -> None:
    """Each new entry changes the published root, a read does not."""
    grant(tx, 100)
    before = points.verify_ledger(tx)
    assert points.verify_ledger(tx) == before

    grant(tx, 1, "b", BEN)

    after = points.verify_ledger(tx)
    assert after.root != before.root
    assert (after.customers, after.entries, after.outstanding) == (2, 2, 101)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["grant", "promise", "brief", "spend", "reverse", "wait", "merge"]),
        st.sampled_from([ADA, BEN]),
        st.integers(1, 60),
        st.integers(0, 12),
    ),
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,  # a busy machine is no failure of the ledger
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(
    moves=[("grant", ADA, 1, 0), ("spend", ADA, 1, 0), ("merge", ADA, 1, 0), ("reverse", ADA, 1, 1)]
)
@given(moves=MOVES)
def test_books_always_balance(db: Database, moves: list[tuple[str, str, int, int]]) -> None:
    """Whatever is granted, spent, taken back, expired or merged, the books balance at each step."""
    with db.transaction() as tx:
        run = count_entries(tx)
        for number, (move, person_id, amount, other) in enumerate(moves):
            try:
                tx.attempt(
                    lambda inner, m=move, p=person_id, a=amount, n=number, o=other: play(  # type: ignore[misc] # bound now
                        inner, m, p, a, (f"{run}-{n}", f"{run}-{o}")
                    )
                )
            except (points.InsufficientPoints, NotFound):
                continue
            assert_books_balance(tx)


def play(tx: Tx, move: str, person_id: str, amount: int, names: tuple[str, str]) -> None:
    """Make one move; `names` are the reference of a new entry and of some earlier one."""
    soon = tx.now + timedelta(days=amount % 7 + 1)
    match move:
        case "grant":
            grant(tx, amount, names[0], person_id)
        case "promise":
            terms = points.Terms(available_at=soon, expires_at=soon + timedelta(days=amount % 3))
            points.grant(tx, person_id, amount, reference=names[0], source_text="", terms=terms)
        case "brief":
            terms = points.Terms(expires_at=soon)
            points.grant(tx, person_id, amount, reference=names[0], source_text="", terms=terms)
        case "spend":
            spend(tx, amount, names[0], person_id)
        case "reverse":
            points.reverse(tx, names[1], source_text="")
        case "wait":
            tx.now += timedelta(days=amount % 5)
            points.bring_up_to_date(tx, person_id)
        case _:
            points.merge(tx, from_id=person_id, into_id=BEN if person_id == ADA else ADA)
