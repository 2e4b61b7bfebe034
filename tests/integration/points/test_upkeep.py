"""The ledger's regular work and its answer to merged persons, through the real machinery."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.conftest import FakeClock, Harness
from tests.factories import make_person
from tests.invariants import assert_books_balance
from wxapp_backend.features.identity.events import PersonMerged
from wxapp_backend.features.points import api as points
from wxapp_backend.features.points.events import PointsDue
from wxapp_backend.features.points.handlers import on_person_merged, on_points_due
from wxapp_backend.features.points.jobs import JOBS
from wxapp_backend.infra.outbox.handlers import in_tx
from wxapp_backend.infra.ticks import fire


@pytest.fixture
def ledger(engine: Engine, clock: FakeClock) -> Harness:
    """Return a database in which the ledger hears of ticks and merges."""
    return Harness(
        engine,
        clock,
        {PointsDue.name: ["due"], PersonMerged.name: ["merged"]},
        {
            "due": in_tx(PointsDue, on_points_due),
            "merged": in_tx(PersonMerged, on_person_merged),
        },
    )


def test_the_timetable_releases_and_expires_what_is_due(ledger: Harness, clock: FakeClock) -> None:
    """One tick moves each customer's points, two schedulers or one."""
    terms = points.Terms(
        available_at=clock.now + timedelta(days=1), expires_at=clock.now + timedelta(days=2)
    )
    for name in ("Ada", "Ben"):
        ledger.db.run(
            lambda tx, who=name: points.grant(  # type: ignore[misc] # bound now
                tx, who, 100, reference=f"grant:{who}", source_text="", terms=terms
            )
        )
    for day, expected in ((1, points.Standing(100, 0, 0)), (2, points.Standing(0, 0, 0))):
        clock.advance(days=1)
        assert [fire(ledger.db, JOBS[0]), fire(ledger.db, JOBS[0])] == [True, False], day
        ledger.settle()
        lots = ledger.db.read(lambda tx: points.list_due(tx, 10))
        assert lots == []
        assert ledger.db.read(lambda tx: points.standing(tx, "Ada")) == expected
    ledger.db.read(assert_books_balance)


def test_points_granted_under_an_old_id_reach_the_person_that_stays(ledger: Harness) -> None:
    """Before, during or after the merge: all points end with the person who is left."""
    with ledger.db.transaction() as tx:
        ada, ben = make_person(tx, "Ada"), make_person(tx, "Ben")
        points.grant(tx, ada, 10, reference="before", source_text="")
        tx.emit(PersonMerged(from_id=ada, into_id=ben))
    ledger.settle()

    assert ledger.db.read(lambda tx: points.available(tx, ben)) == 10
    assert ledger.db.run(
        lambda tx: points.grant(tx, ben, 10, reference="before", source_text="")
    ), "a repetition after the merge is still the same grant"
    assert ledger.db.read(lambda tx: points.available(tx, ben)) == 10
    ledger.db.read(assert_books_balance)
