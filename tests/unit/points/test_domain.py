"""The points ledger's rules, without a database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from wxapp_backend.features.points.domain import (
    FLOWS,
    KINDS,
    NO_HASH,
    STATEMENT_FORMAT,
    Line,
    Standing,
    change,
    line_hash,
    signed,
    verify,
)

OWNER = "customer-1"


def chain_of_two() -> list[dict[str, Any]]:
    """Return two linked lines: 100 points earned, 30 spent."""
    lines: list[dict[str, Any]] = []
    previous = NO_HASH
    steps = (("earned", 100, Standing(100)), ("spent", 30, Standing(70)))
    for sequence, (kind, points, after) in enumerate(steps, start=1):
        at = datetime(2026, 3, sequence, tzinfo=UTC)
        line = Line(sequence, f"e{sequence}", at, kind, points, after, "标题", "来源", previous)  # type: ignore[arg-type] # a literal in the tuple
        content = line.as_json()
        previous = line_hash(OWNER, content)
        lines.append(content | {"hash": previous})
    return lines


def statement_of(lines: list[dict[str, Any]], owner: str = OWNER) -> bytes:
    """Write a statement as a customer downloads it."""
    head = lines[-1]["hash"] if lines else NO_HASH
    document = {"format": STATEMENT_FORMAT, "customer_id": owner, "head": head, "lines": lines}
    return json.dumps(document).encode()


def test_every_kind_has_its_two_accounts() -> None:
    """No kind of entry is without a source and a destination, and they differ."""
    assert set(FLOWS) == set(KINDS)
    assert all(source != destination for source, destination in FLOWS.values())


def test_a_debt_is_shown_as_a_positive_amount_owed() -> None:
    """Points still to be taken back raise the debt; settling them lowers it."""
    assert change("owed", 50) == Standing(0, 0, 50)
    assert change("settled", 50) == Standing(-50, 0, -50)
    assert [signed("earned", 5), signed("spent", 5), signed("promised", 5)] == [5, -5, 5]
    assert [signed("owed", 5), signed("withdrawn", 5), signed("released", 5)] == [-5, -5, 5]


def test_an_untouched_statement_verifies() -> None:
    """What the ledger wrote has no fault, an empty statement neither."""
    assert verify(statement_of(chain_of_two())) == []
    assert verify(statement_of([])) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("points", 1000),
        ("available", 1000),
        ("at", "2026-01-01T00:00:00+00:00"),
        ("source", "别的"),
        ("sequence", 7),
        ("previous", "f" * 64),
        ("kind", "gift"),
    ],
)
def test_any_changed_field_is_found(field: str, value: object) -> None:
    """A statement in which one field was changed no longer verifies."""
    lines = chain_of_two()
    lines[0][field] = value

    assert verify(statement_of(lines)) != []


def test_a_missing_line_is_found() -> None:
    """Leaving a line out breaks the numbering and the link, wherever it stood."""
    first, second = chain_of_two()

    assert verify(statement_of([second])) != []
    cut = json.loads(statement_of([first, second]))
    cut["lines"] = [first]
    assert verify(json.dumps(cut).encode()) == [
        "the last line is not the one that the statement names as its head"
    ]


def test_another_persons_lines_are_found() -> None:
    """Hashes hold for one customer only."""
    assert verify(statement_of(chain_of_two(), owner="somebody-else")) != []


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"lines": 3}', b"\xff\xfe"])
def test_what_is_no_statement_is_named_so(content: bytes) -> None:
    """Any other file is refused with a sentence, not with a crash."""
    assert len(verify(content)) == 1
