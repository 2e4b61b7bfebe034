"""Rules of the points ledger: kinds of entries, the two accounts of each, and the hash chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

Kind = Literal[
    "earned",
    "promised",
    "released",
    "spent",
    "returned",
    "expired",
    "reversed",
    "withdrawn",
    "owed",
    "settled",
    "moved_in",
    "moved_out",
    "pending_in",
    "pending_out",
    "debt_in",
    "debt_out",
]
"""What an entry is. `promised` points are pending until `released`; `withdrawn` ones never came.

A reversal takes back what is there (`reversed`) and notes the rest as a debt (`owed`), which the
next points settle first (`settled`). The last six move an account when two persons prove to be one.
"""

KINDS: tuple[Kind, ...] = get_args(Kind)

AVAILABLE, PENDING, DEBT = "available", "pending", "debt"
"""The three accounts of a customer."""

ISSUED, SPENT, EXPIRED, MOVED = "issued", "spent", "expired", "moved"
"""The accounts of the house; `issued` is below zero by all that customers ever got."""

FLOWS: dict[Kind, tuple[str, str]] = {
    "earned": (ISSUED, AVAILABLE),
    "promised": (ISSUED, PENDING),
    "released": (PENDING, AVAILABLE),
    "spent": (AVAILABLE, SPENT),
    "returned": (SPENT, AVAILABLE),
    "expired": (AVAILABLE, EXPIRED),
    "reversed": (AVAILABLE, ISSUED),
    "withdrawn": (PENDING, ISSUED),
    "owed": (DEBT, ISSUED),
    "settled": (AVAILABLE, DEBT),
    "moved_in": (MOVED, AVAILABLE),
    "moved_out": (AVAILABLE, MOVED),
    "pending_in": (MOVED, PENDING),
    "pending_out": (PENDING, MOVED),
    "debt_in": (DEBT, MOVED),
    "debt_out": (MOVED, DEBT),
}
"""From which account to which account the points of an entry move."""

NO_HASH = "0" * 64
"""What the first entry of a chain names as its forerunner."""

STATEMENT_FORMAT = "yinjian-points-statement-1"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whole points of one customer; none of the three is ever below zero."""

    available: int = 0
    pending: int = 0
    debt: int = 0


def change(kind: Kind, points: int) -> Standing:
    """Return what an entry adds to each of a customer's accounts (negative: takes away)."""
    source, destination = FLOWS[kind]
    moves = {AVAILABLE: 0, PENDING: 0, DEBT: 0}
    if source in moves:
        moves[source] -= points
    if destination in moves:
        moves[destination] += points
    # A debt is an account below zero; a person reads it as a positive amount owed.
    return Standing(moves[AVAILABLE], moves[PENDING], -moves[DEBT])


def signed(kind: Kind, points: int) -> int:
    """Return the points as a line of the statement shows them: what came is positive."""
    moved = change(kind, points)
    return moved.available or moved.pending or -moved.debt


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as its customer sees it, and as the chain covers it.

    Attributes:
        sequence: 1 for the customer's first entry, then one more each time.
        points: whole points moved, > 0.
        after: the customer's standing after the entry.
        previous: hash of the line before, `NO_HASH` for the first.
    """

    sequence: int
    entry_id: str
    at: datetime
    kind: Kind
    points: int
    after: Standing
    title: str
    source: str
    previous: str

    def as_json(self) -> dict[str, Any]:
        """Return the line as the statement holds it, without its hash."""
        return {
            "sequence": self.sequence,
            "id": self.entry_id,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "points": self.points,
            "available": self.after.available,
            "pending": self.after.pending,
            "debt": self.after.debt,
            "title": self.title,
            "source": self.source,
            "previous": self.previous,
        }


def line_hash(customer_id: str, line: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of a line in canonical JSON together with whose it is."""
    content = {key: value for key, value in line.items() if key != "hash"} | {"of": customer_id}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def faults_of_chain(customer_id: str, lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name what does not hold in one customer's lines, oldest first; empty when all holds.

    Checked are the numbering, each hash, the links between them and each standing.
    """
    faults: list[str] = []
    previous, standing = NO_HASH, Standing()
    for number, line in enumerate(lines, start=1):
        where = f"line {number}"
        if line.get("sequence") != number:
            faults.append(f"{where}: sequence is {line.get('sequence')}")
        if line.get("previous") != previous:
            faults.append(f"{where}: is not linked to the line before")
        if line.get("hash") != line_hash(customer_id, line):
            faults.append(f"{where}: its content does not match its hash")
        standing = _after(standing, line, where, faults)
        previous = str(line.get("hash"))
    return faults


def _after(before: Standing, line: Mapping[str, Any], where: str, faults: list[str]) -> Standing:
    """Return the standing that the line states, having compared it with its own entry."""
    kind, points = line.get("kind"), line.get("points")
    if kind not in KINDS or not isinstance(points, int) or points <= 0:
        faults.append(f"{where}: no known kind of entry")
        return before
    moved = change(kind, points)
    expected = Standing(
        before.available + moved.available,
        before.pending + moved.pending,
        before.debt + moved.debt,
    )
    stated = (line.get("available"), line.get("pending"), line.get("debt"))
    if stated != (expected.available, expected.pending, expected.debt):
        faults.append(f"{where}: the balance does not follow from the line before")
    if min(expected.available, expected.pending, expected.debt) < 0:
        faults.append(f"{where}: a balance is below zero")
    return expected


def verify(statement: bytes) -> list[str]:
    """Check a downloaded statement, and name what does not hold; empty when all holds.

    It needs nothing but the file: anyone can do the same with SHA-256 and JSON.
    """
    try:
        document = json.loads(statement)
        lines, customer_id = document["lines"], document["customer_id"]
        known = document["format"] == STATEMENT_FORMAT and all(isinstance(x, dict) for x in lines)
    except (ValueError, KeyError, TypeError):
        return ["this is no points statement"]
    if not known:
        return ["this is no points statement of a known format"]
    faults = faults_of_chain(str(customer_id), lines)
    head = lines[-1].get("hash") if lines else NO_HASH
    if document.get("head") != head:
        faults.append("the last line is not the one that the statement names as its head")
    return faults
