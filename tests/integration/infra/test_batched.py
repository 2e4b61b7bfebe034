"""Parts of several features in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from bench.statements import queries, recorded
from wxapp_backend.infra.batched import BatchedQuery, QueryPart
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.idempotency import IdempotencyRow


def answer(columns: Sequence[Any]) -> tuple[str, int]:
    """Return a key and its status."""
    return str(columns[0]), int(columns[1])


def number(columns: Sequence[Any]) -> int:
    """Return the only column."""
    return int(columns[0])


ANSWER = QueryPart(
    select(IdempotencyRow.key, IdempotencyRow.status).where(
        IdempotencyRow.caller == bindparam("caller")
    ),
    answer,
)
COUNT = QueryPart(select(func.count()).where(IdempotencyRow.caller == bindparam("caller")), number)
STATUS = QueryPart(
    select(IdempotencyRow.status).where(IdempotencyRow.caller == bindparam("caller")), number
)
ALL = BatchedQuery(ANSWER, COUNT, STATUS)


def keep(tx: Tx, caller: str, status: int) -> None:
    """Keep an answer under the key `k`."""
    row = IdempotencyRow(
        caller=caller, key="k", fingerprint=b"", status=status, body=b"", created_at=tx.now
    )
    tx.insert(row)


def read(tx: Tx, caller: str) -> tuple[tuple[str, int] | None, int | None, int | None]:
    """Return all three parts."""
    found = ALL.find(tx, caller=caller)
    return found[ANSWER], found[COUNT], found[STATUS]


def test_each_part_has_its_own_columns(db: Database) -> None:
    """Equal names do not get in one another's way, and it is one query."""
    db.run(lambda tx: keep(tx, "ada", 200))
    db.run(lambda tx: keep(tx, "ben", 409))

    with recorded(db.engine) as seen:
        assert db.read(lambda tx: read(tx, "ben")) == (("k", 409), 1, 409)
    assert queries(seen) == 1


def test_a_part_without_a_row_is_none_and_the_others_stay(db: Database) -> None:
    """Zero is a value, and no row is none."""
    db.run(lambda tx: keep(tx, "ada", 0))

    assert db.read(lambda tx: read(tx, "ada")) == (("k", 0), 1, 0)
    assert db.read(lambda tx: read(tx, "eve")) == (None, 0, None)


def test_a_part_can_be_read_alone(db: Database) -> None:
    """It means the same as among others."""
    db.run(lambda tx: keep(tx, "ada", 200))

    assert db.read(lambda tx: ANSWER.find(tx, caller="ada")) == ("k", 200)
    assert db.read(lambda tx: ANSWER.find(tx, caller="eve")) is None
