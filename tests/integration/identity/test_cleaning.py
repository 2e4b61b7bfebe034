"""What identity does by the clock."""

from __future__ import annotations

from sqlalchemy import Engine, func, select

from tests.conftest import FakeClock, Harness
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.identity.events import CleaningDue
from wxapp_backend.features.identity.handlers import on_cleaning_due
from wxapp_backend.features.identity.jobs import JOBS
from wxapp_backend.features.identity.models import SessionRow
from wxapp_backend.infra.outbox.handlers import in_tx
from wxapp_backend.infra.outbox.rows import EventRow
from wxapp_backend.infra.ticks import fire


def test_recent_merges_are_told_again_and_old_ones_are_not(
    engine: Engine, clock: FakeClock
) -> None:
    """Within twenty minutes each tick tells of a merge once more; then it is quiet."""
    harness = Harness(
        engine,
        clock,
        {CleaningDue.name: ["identity.on_cleaning_due"]},
        {"identity.on_cleaning_due": in_tx(CleaningDue, on_cleaning_due)},
    )
    with harness.db.transaction() as tx:
        session = identity.sign_in(tx, app="mini_program", openid="o-1", unionid=None, days=1)
        stub = identity.person_for_phone(tx, "13800138000")
        identity.attach_phone(tx, session.person.id, "13800138000")

    told = []
    for _ in range(4):
        fire(harness.db, JOBS[0])
        harness.settle()
        with harness.db.transaction() as tx:
            rows = tx.session.scalars(
                select(EventRow).where(EventRow.name == "identity.person.merged")
            ).all()
        assert {row.payload["from_id"] for row in rows} == {stub}
        assert {row.payload["into_id"] for row in rows} == {session.person.id}
        told.append(len(rows))
        clock.advance(minutes=10)

    assert told == [2, 3, 3, 3]


def test_ended_sessions_are_forgotten(engine: Engine, clock: FakeClock) -> None:
    """A tick after their end removes the rows, and no others."""
    harness = Harness(
        engine,
        clock,
        {CleaningDue.name: ["identity.on_cleaning_due"]},
        {"identity.on_cleaning_due": in_tx(CleaningDue, on_cleaning_due)},
    )
    with harness.db.transaction() as tx:
        for days in (1, 2):
            identity.sign_in(tx, app="mini_program", openid="o-1", unionid=None, days=days)
    clock.advance(days=1)

    fire(harness.db, JOBS[0])
    harness.settle()

    with harness.db.transaction() as tx:
        assert tx.session.scalars(select(func.count()).select_from(SessionRow)).one() == 1
