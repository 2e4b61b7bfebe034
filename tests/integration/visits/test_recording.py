"""Visits, refunds and cancellations against a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.factories import events, make_person, make_store, make_visit
from tests.invariants import assert_visits_agree
from wxapp_backend.features.visits import api as visits
from wxapp_backend.features.visits.models import VisitRow
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.kernel.days import day_of
from wxapp_backend.kernel.errors import NotFound, ValidationFailed


@pytest.fixture
def place(db: Database) -> tuple[str, str]:
    """Return a customer and a store."""
    return db.run(lambda tx: (make_person(tx), make_store(tx)))


def new_visit(tx: Tx, place: tuple[str, str], order_no: str | None = "A1") -> visits.NewVisit:
    """Return ¥128 that the till reports."""
    return visits.NewVisit(
        person_id=place[0],
        store_id=place[1],
        amount_fen=12800,
        paid_at=tx.now,
        source="till",
        order_no=order_no,
    )


def test_visits_are_numbered_for_each_person(tx: Tx) -> None:
    """The first visit is 1, the next 2; another person begins at 1 again."""
    store, ada, ben = make_store(tx), make_person(tx, "Ada"), make_person(tx, "Ben")

    numbers = [make_visit(tx, who, store).number for who in (ada, ada, ben)]

    assert numbers == [1, 2, 1]
    assert (visits.count_paid(tx, ada), visits.last_paid_at(tx, ada)) == (2, tx.now)
    assert [each["number"] for each in events(tx, "visits.visit.recorded")] == [1, 2, 1]


def test_one_order_is_one_visit(tx: Tx, place: tuple[str, str]) -> None:
    """The same order reported again is the same visit, with one event."""
    first = visits.record(tx, new_visit(tx, place))

    again = visits.record(tx, new_visit(tx, place))

    assert (again.id, again.is_repeat) == (first.id, True)
    assert visits.count_paid(tx, place[0]) == 1
    assert len(events(tx, "visits.visit.recorded")) == 1


def test_an_order_number_cannot_name_two_orders(tx: Tx, place: tuple[str, str]) -> None:
    """Another person, store or amount under a known number is refused, and each is named."""
    visits.record(tx, new_visit(tx, place))
    other = replace(
        new_visit(tx, place),
        person_id=make_person(tx, "Ben"),
        store_id=make_store(tx, "城西店"),
        amount_fen=1,
    )

    with pytest.raises(visits.OrderMismatch) as caught:
        visits.record(tx, other)

    assert caught.value.details["fields"].keys() == {"customer", "store_id", "amount_fen"}  # type: ignore[union-attr] # fields is a mapping
    assert visits.count_paid(tx, other.person_id) == 0


@pytest.mark.parametrize("till_says", [10800, 12800])
def test_the_till_may_report_a_redeemed_order_before_or_after_the_discount(
    tx: Tx, place: tuple[str, str], till_says: int
) -> None:
    """An order redeemed at the counter and then reported by the till stays one visit."""
    redeemed = replace(new_visit(tx, place), amount_fen=10800, gross_fen=12800, source="redemption")
    first = visits.record(tx, redeemed)

    again = visits.record(tx, replace(new_visit(tx, place), amount_fen=till_says))

    assert (again.id, again.amount_fen) == (first.id, 10800)
    assert not visits.cancel(tx, first.id), "the till has confirmed it"


def test_one_order_reported_eight_times_at_once_is_one_visit(
    db: Database, place: tuple[str, str]
) -> None:
    """Simultaneous reports of one order leave one visit, numbered 1."""
    with ThreadPoolExecutor(8) as pool:
        found = set(
            pool.map(
                lambda _: db.run(lambda tx: visits.record(tx, new_visit(tx, place)).id), range(8)
            )
        )

    assert len(found) == 1
    assert db.read(lambda tx: len(events(tx, "visits.visit.recorded"))) == 1


def test_simultaneous_visits_of_one_person_get_different_numbers(
    db: Database, place: tuple[str, str]
) -> None:
    """Eight orders at once are numbered 1 to 8, each number once."""

    def report(number: int) -> int:
        return db.run(lambda tx: visits.record(tx, new_visit(tx, place, f"A{number}")).number)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(report, range(8))) == list(range(1, 9))
    db.read(assert_visits_agree)


def test_a_visit_at_which_nothing_was_paid_takes_no_number(tx: Tx, place: tuple[str, str]) -> None:
    """Fetching a gift is not the first paid visit."""
    gift = replace(new_visit(tx, place), amount_fen=0, gross_fen=0, source="redemption")

    assert visits.record(tx, gift).number == 0
    assert visits.count_paid(tx, place[0]) == 0
    assert visits.record(tx, new_visit(tx, place, "A2")).number == 1


def test_an_unknown_person_or_store_or_a_future_payment_is_refused(
    tx: Tx, place: tuple[str, str]
) -> None:
    """Nothing is recorded for what cannot be."""
    good = new_visit(tx, place)
    for bad in (replace(good, person_id="nobody"), replace(good, store_id="nowhere")):
        with pytest.raises(NotFound):
            visits.record(tx, bad)
    for wrong, field, fault in (
        (replace(good, paid_at=tx.now + timedelta(minutes=16)), "paid_at", "lies in the future"),
        (replace(good, paid_at=tx.now - timedelta(days=91)), "paid_at", "is more than 90 days ago"),
        (
            replace(good, paid_at=datetime(1999, 1, 1, tzinfo=UTC)),
            "paid_at",
            "is more than 90 days ago",
        ),
        (
            replace(good, amount_fen=5_000_001),
            "amount_fen",
            "is more than 5000000, the most that is taken",
        ),
    ):
        with pytest.raises(ValidationFailed) as refused:
            visits.record(tx, wrong)
        assert refused.value.details == {"fields": {field: [fault]}}

    assert tx.session.scalar(select(func.count()).select_from(VisitRow)) == 0


def test_a_refund_counts_once(tx: Tx, place: tuple[str, str]) -> None:
    """The same refund again returns the first and emits nothing."""
    visits.record(tx, new_visit(tx, place))

    first = visits.refund(tx, "A1", refund_no="R1", amount_fen=5000)
    again = visits.refund(tx, "A1", refund_no="R1", amount_fen=5000)

    assert (again.id, again.refunded_total_fen, again.is_repeat) == (first.id, 5000, True)
    assert len(events(tx, "visits.visit.refunded")) == 1
    with pytest.raises(visits.RefundMismatch):
        visits.refund(tx, "A1", refund_no="R1", amount_fen=4000)


def test_no_more_is_refunded_than_was_paid(db: Database, place: tuple[str, str]) -> None:
    """Of eight refunds of a quarter at once four fit; a visit refunded in full is not paid."""
    db.run(lambda tx: visits.record(tx, new_visit(tx, place)))

    def refund(number: int) -> bool:
        try:
            db.run(lambda tx: visits.refund(tx, "A1", refund_no=f"R{number}", amount_fen=3200))
        except visits.RefundTooLarge:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(refund, range(8))) == 4
    db.read(assert_visits_agree)
    assert db.read(lambda tx: visits.count_paid(tx, place[0])) == 0
    refunds = db.read(lambda tx: events(tx, "visits.visit.refunded"))
    totals = [each["refunded_total_fen"] for each in refunds]
    assert sorted(totals) == [3200, 6400, 9600, 12800]


def test_a_refund_of_an_unknown_order_is_not_found(tx: Tx) -> None:
    """What was never reported cannot be refunded."""
    with pytest.raises(visits.UnknownOrder):
        visits.refund(tx, "nothing", refund_no="R1", amount_fen=1)


def test_a_cancelled_first_visit_gives_its_number_to_the_next(
    tx: Tx, place: tuple[str, str]
) -> None:
    """A corrected redemption is again the first visit, under the same order number."""
    redeemed = replace(new_visit(tx, place), source="redemption")
    wrong = visits.record(tx, redeemed)

    assert visits.cancel(tx, wrong.id)
    assert not visits.cancel(tx, wrong.id)
    assert visits.count_paid(tx, place[0]) == 0

    right = visits.record(tx, replace(redeemed, amount_fen=9900))
    assert (right.number, right.is_repeat) == (1, False)
    assert len(events(tx, "visits.visit.cancelled")) == 1


def test_numbers_of_later_visits_stay_when_an_earlier_one_is_cancelled(
    tx: Tx, place: tuple[str, str]
) -> None:
    """What was the second visit stays the second."""
    first = visits.record(tx, replace(new_visit(tx, place, None), source="redemption"))
    second = visits.record(tx, new_visit(tx, place, "A2"))

    visits.cancel(tx, first.id)

    assert visits.get_visit(tx, second.id).number == 2
    assert visits.record(tx, new_visit(tx, place, "A3")).number == 3


def test_a_merge_numbers_the_moved_visits_on(tx: Tx) -> None:
    """Nothing is lost, and no two visits have one number."""
    store, ada, ben = make_store(tx), make_person(tx, "Ada"), make_person(tx, "Ben")
    for who in (ada, ada, ben):
        make_visit(tx, who, store)

    visits.merge(tx, from_id=ada, into_id=ben)
    visits.merge(tx, from_id=ada, into_id=ben)

    page, _ = visits.list_for(tx, ben)
    assert sorted(visit.number for visit, _ in page) == [1, 2, 3]
    assert visits.count_paid(tx, ada) == 0
    assert make_visit(tx, ben, store).number == 4


def test_visits_page_newest_first(tx: Tx, place: tuple[str, str]) -> None:
    """Pages follow one another without a gap."""
    ids = []
    for number in range(5):
        tx.now += timedelta(seconds=1)
        ids.append(visits.record(tx, new_visit(tx, place, f"A{number}")).id)

    first, cursor = visits.list_for(tx, place[0], limit=3)
    rest, end = visits.list_for(tx, place[0], cursor=cursor, limit=3)

    assert [visit.id for visit, _ in first + rest] == ids[::-1]
    assert end is None


def test_a_shops_day_is_shanghais(tx: Tx, place: tuple[str, str]) -> None:
    """What is paid at 23:59 counts today, at 00:01 tomorrow, by the shop's clock."""
    tx.now = tx.now.replace(hour=15, minute=59)  # 23:59 in Shanghai
    today = day_of(tx.now)
    visits.record(tx, new_visit(tx, place, "A1"))
    visits.refund(tx, "A1", refund_no="R1", amount_fen=800)
    tx.now += timedelta(minutes=2)
    visits.record(tx, new_visit(tx, place, "A2"))

    assert visits.total_of_day(tx, place[1], today) == visits.DayTotal(1, 12000)
    assert len(visits.list_of_day(tx, place[1], day_of(tx.now), limit=9)) == 1
