"""Transactions: first rows, undone attempts, writers that queue up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, delete, func, select, update

from tests.conftest import FakeClock, Harness
from wxapp_backend.infra.db import Database, Tx, WritingNeeded
from wxapp_backend.infra.engine import make_engine
from wxapp_backend.infra.idempotency import IdempotencyRow
from wxapp_backend.kernel.errors import Busy

STATUSES = select(IdempotencyRow.status)
KEYS = select(IdempotencyRow.key)


class Refused(Exception):
    """A reason to undo."""


def row(tx: Tx, key: str = "k", status: int = 200) -> IdempotencyRow:
    """Return a row that is in no session; any table would do."""
    return IdempotencyRow(
        caller="c", key=key, fingerprint=b"", status=status, body=b"", created_at=tx.now
    )


def count(tx: Tx) -> int:
    """Return how many rows there are."""
    return tx.session.scalar(select(func.count()).select_from(IdempotencyRow)) or 0


def test_a_first_row_is_added_once(db: Database) -> None:
    """In the same transaction and in later ones; the first one's values stay."""
    first = db.run(
        lambda tx: [tx.add_unless_present(row(tx)), tx.add_unless_present(row(tx, status=500))]
    )
    later = db.run(lambda tx: tx.add_unless_present(row(tx, status=500)))

    assert (first, later) == ([True, False], False)
    assert db.read(lambda tx: tx.session.get_one(IdempotencyRow, ("c", "k")).status) == 200


def test_an_added_row_is_kept_up_to_date(db: Database) -> None:
    """What is changed on the object afterwards is stored."""

    def work(tx: Tx) -> None:
        added = row(tx)
        assert tx.add_unless_present(added)
        added.status = 409

    db.run(work)

    assert db.read(lambda tx: tx.session.get_one(IdempotencyRow, ("c", "k")).status) == 409


def test_an_added_row_does_not_hide_later_statements(db: Database) -> None:
    """Who reads it again sees what a statement has made of it."""

    def work(tx: Tx) -> int:
        tx.add_unless_present(row(tx))
        tx.session.connection().execute(update(IdempotencyRow).values(status=404))
        return tx.session.scalars(select(IdempotencyRow)).one().status

    assert db.run(work) == 404


def test_a_row_of_an_undone_attempt_can_be_added_again(db: Database) -> None:
    """Neither the database nor the session remembers it, whether the object lives on or not."""

    def work(tx: Tx) -> tuple[bool, bool]:
        kept: list[IdempotencyRow] = []

        def refuse(inner: Tx) -> None:
            kept.append(row(inner, "kept"))
            inner.add_unless_present(kept[0])
            inner.add_unless_present(row(inner, "dropped"))
            kept[0].status = 500
            raise Refused

        with pytest.raises(Refused):
            tx.attempt(refuse)
        assert count(tx) == 0
        assert tx.session.get(IdempotencyRow, ("c", "kept")) is None
        return tx.add_unless_present(row(tx, "kept")), tx.add_unless_present(row(tx, "dropped"))

    assert db.run(work) == (True, True)
    assert db.read(count) == 2


def test_a_rival_is_waited_for(db: Database) -> None:
    """Of eight who add the same row at once one does."""
    start = threading.Barrier(8)

    def add(number: int) -> bool:
        start.wait()
        return db.run(lambda tx: tx.add_unless_present(row(tx, status=200 + number)))

    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(add, range(8)))

    assert sorted(added) == [False] * 7 + [True]
    winner = db.read(lambda tx: tx.session.get_one(IdempotencyRow, ("c", "k")))
    assert winner.status == 200 + added.index(True)


def test_writers_of_one_process_leave_in_turn(db: Database) -> None:
    """A refusal gives the turn away too: nobody waits for ever, nothing is lost."""

    def add(number: int) -> None:
        def work(tx: Tx) -> None:
            tx.add_unless_present(row(tx, str(number)))
            if number % 3 == 0:
                raise Refused

        if number % 3 == 0:
            with pytest.raises(Refused):
                db.run(work)
        else:
            db.run(work)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(30)))

    assert db.read(count) == 20


def test_a_statement_sees_what_the_session_was_about_to_write(db: Database) -> None:
    """Both ways to the database keep the order of the code."""

    def work(tx: Tx) -> list[int]:
        added = row(tx)
        tx.session.add(added)
        seen = [tx.execute(STATUSES).scalar_one()]
        added.status = 409
        return [*seen, tx.execute(STATUSES).scalar_one()]

    assert db.run(work) == [200, 409]
    assert db.read(lambda tx: tx.execute(STATUSES).scalar_one()) == 409


def test_a_row_that_was_inserted_at_once_is_undone_with_its_attempt(db: Database) -> None:
    """So is one inserted unless present; what was there before the attempt stays."""

    def work(tx: Tx) -> None:
        tx.insert(row(tx, "before"))

        def refuse(inner: Tx) -> None:
            inner.insert(row(inner, "dropped"))
            assert inner.insert_unless_present(row(inner, "dropped too"))
            assert not inner.insert_unless_present(row(inner, "before"))
            raise Refused

        with pytest.raises(Refused):
            tx.attempt(refuse)

    db.run(work)

    assert db.read(lambda tx: tx.execute(KEYS).scalars().all()) == ["before"]


@pytest.mark.parametrize("insert", [Tx.insert, Tx.insert_unless_present, Tx.add_unless_present])
def test_a_reading_transaction_says_that_it_would_have_to_write(
    db: Database, insert: Callable[[Tx, IdempotencyRow], object]
) -> None:
    """Nothing is written, so that the same work can be done again where it may write."""
    with pytest.raises(WritingNeeded):
        db.read(lambda tx: insert(tx, row(tx)))

    assert db.read(count) == 0


def test_who_changes_a_row_that_a_rival_deletes_begins_anew(db: Database, engine: Engine) -> None:
    """On the second try the row is not there to be changed."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets writers in one by one")
    db.run(lambda tx: tx.insert(row(tx)))
    attempts: list[bool] = []

    def work(tx: Tx) -> None:
        found = tx.session.get(IdempotencyRow, ("c", "k"))
        attempts.append(found is not None)
        if found is not None:
            db.run(lambda rival: rival.execute(delete(IdempotencyRow)))
            found.status = 500

    db.run(work)

    assert attempts == [True, False]


def test_who_finds_no_connection_free_is_told_so(engine: Engine, clock: FakeClock) -> None:
    """Reading or writing: `busy` with its 503, never an error of the database's."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite's writers wait for their turn instead")
    small = make_engine(engine.url.render_as_string(hide_password=False), pool_size=1)
    db = Harness(small, clock, {}, {}).db

    with small.connect(), small.connect():
        for attempt in (db.run, db.read):
            with pytest.raises(Busy):
                attempt(count)

    assert db.read(count) == 0
    small.dispose()
