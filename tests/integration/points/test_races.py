"""The points ledger when several workers write at once; real threads, real transactions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from tests.integration.points.test_ledger import ADA, BEN, grant, spend
from tests.invariants import assert_books_balance
from wxapp_backend.features.points import api as points
from wxapp_backend.features.points.models import Entry
from wxapp_backend.infra.db import Database


def test_the_last_points_are_spent_once(db: Database) -> None:
    """Of eight spendings of 10 from 50 points exactly five succeed."""
    db.run(lambda tx: grant(tx, 50))

    def attempt(number: int) -> bool:
        try:
            db.run(lambda tx: spend(tx, 10, f"spend-{number}"))
        except points.InsufficientPoints:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 5
    assert db.read(lambda tx: points.available(tx, ADA)) == 0
    db.read(assert_books_balance)


def test_one_cause_raced_is_granted_once(db: Database) -> None:
    """Eight simultaneous grants of one cause leave one entry, and all get its id."""
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: db.run(lambda tx: grant(tx, 50)), range(8)))

    assert len(ids) == 1
    count = select(func.count()).select_from(Entry)
    assert db.read(lambda tx: tx.session.scalar(count)) == 1
    db.read(assert_books_balance)


def test_grants_spendings_and_reversals_race_and_the_books_balance(db: Database) -> None:
    """Whatever order the database chooses, chains stay unbroken and sums hold."""
    for person_id in (ADA, BEN):
        db.run(lambda tx, who=person_id: grant(tx, 40, f"start-{who}", who))  # type: ignore[misc] # bound now

    def move(number: int) -> None:
        who = (ADA, BEN)[number % 2]
        try:
            match number % 3:
                case 0:
                    db.run(lambda tx: grant(tx, 7, f"grant-{number}", who))
                case 1:
                    db.run(lambda tx: spend(tx, 9, f"spend-{number}", who))
                case _:
                    db.run(lambda tx: points.reverse(tx, f"start-{who}", source_text="退款"))
        except points.InsufficientPoints:
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(move, range(24)))
    db.read(assert_books_balance)


def test_the_audit_finds_no_fault_while_others_write(db: Database) -> None:
    """An audit in the middle of grants, spendings and merges sees one consistent instant."""
    people = [f"person-{number}" for number in range(6)]

    def write(number: int) -> None:
        who = people[number % 6]
        db.run(lambda tx: grant(tx, 5, f"grant-{number}", who))
        if number % 5 == 0:
            db.run(lambda tx: points.merge(tx, from_id=who, into_id=people[(number + 1) % 6]))

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, number) for number in range(40)]
        faults = [db.read(points.verify_ledger).faults for _ in range(10)]
        for each in writing:
            each.result()
    assert faults == [[]] * 10
    db.read(assert_books_balance)
