"""The audit: every balance follows from its entries, every chain and every lot holds."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import case, func, select

from wxapp_backend.features.points.domain import (
    AVAILABLE,
    DEBT,
    EXPIRED,
    FLOWS,
    ISSUED,
    MOVED,
    NO_HASH,
    PENDING,
    SPENT,
    faults_of_chain,
)
from wxapp_backend.features.points.models import Balance, Entry, Lot
from wxapp_backend.features.points.queries.standing import line_of
from wxapp_backend.infra.db import Tx

_BATCH = 1_000
"""Rows fetched at a time, so that a long ledger does not fill the memory."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the audit saw; `faults` is empty when the books are in order.

    Attributes:
        outstanding: whole points that customers hold, promised ones included.
        root: SHA-256 over all heads, which stands for the whole ledger at one instant.
    """

    customers: int
    entries: int
    outstanding: int
    root: str
    faults: list[str]


@dataclass(frozen=True, slots=True)
class _State:
    """What the ledger says that one customer has, and what the customer's lots hold."""

    available: int
    pending: int
    debt: int
    entries: int
    head: str
    in_lots: int
    in_pending_lots: int


def verify_ledger(tx: Tx) -> Report:
    """Check the whole ledger, entry by entry, also while others write to it.

    Balances and lots are read first, in one statement and so as of one instant. Entries are only
    ever added: those beyond a chain's length at that instant are left for the next audit.
    """
    states = _states(tx)
    accounts: dict[tuple[str, str], int] = defaultdict(int)
    house: dict[str, int] = defaultdict(int)
    heads: dict[str, str] = dict.fromkeys(states, NO_HASH)
    newcomers: set[str] = set()
    faults: list[str] = []
    statement = select(Entry).order_by(Entry.person_id, Entry.sequence)
    rows = tx.session.scalars(statement.execution_options(yield_per=_BATCH))
    for who, chain in groupby(rows, key=lambda entry: entry.person_id):
        if who not in states:
            newcomers.add(who)
            continue
        known = [entry for entry in chain if entry.sequence <= states[who].entries]
        lines = [line_of(entry).as_json() | {"hash": entry.hash} for entry in known]
        for entry in known:
            _move(entry, accounts, house)
        heads[who] = str(lines[-1]["hash"]) if lines else NO_HASH
        faults += [f"customer {who}: {fault}" for fault in faults_of_chain(who, lines)]
    for who, state in states.items():
        summed = [accounts.get((who, name), 0) for name in (AVAILABLE, PENDING, DEBT)]
        faults += [f"customer {who}: {x}" for x in _faults_of(state, summed, heads[who])]
    faults += _without_balance(tx, newcomers)
    faults += _faults_of_house(house, accounts)
    outstanding = sum(state.available + state.pending for state in states.values())
    total = sum(state.entries for state in states.values())
    return Report(len(states), total, outstanding, _root(heads), faults)


def _states(tx: Tx) -> dict[str, _State]:
    lots = (
        select(
            Lot.person_id,
            func.sum(case((Lot.is_pending.is_(False), Lot.remaining), else_=0)).label("usable"),
            func.sum(case((Lot.is_pending.is_(True), Lot.remaining), else_=0)).label("pending"),
        )
        .group_by(Lot.person_id)
        .subquery()
    )
    statement = select(
        Balance.person_id,
        Balance.available,
        Balance.pending,
        Balance.debt,
        Balance.entries,
        Balance.head,
        func.coalesce(lots.c.usable, 0),
        func.coalesce(lots.c.pending, 0),
    ).outerjoin(lots, lots.c.person_id == Balance.person_id)
    return {
        who: _State(available, pending, debt, entries, head, int(usable), int(promised))
        for who, available, pending, debt, entries, head, usable, promised in tx.session.execute(
            statement
        )
    }


def _move(entry: Entry, accounts: dict[tuple[str, str], int], house: dict[str, int]) -> None:
    source, destination = FLOWS[line_of(entry).kind]
    for account, points in ((source, -entry.points), (destination, entry.points)):
        if account in (AVAILABLE, PENDING, DEBT):
            accounts[entry.person_id, account] += points
        else:
            house[account] += points


def _faults_of(state: _State, summed: list[int], head: str) -> list[str]:
    checks = (
        ([state.available, state.pending, -state.debt] != summed, "not the sum of the entries"),
        (state.head != head, "the head is not the newest entry"),
        (
            (state.available, state.pending) != (state.in_lots, state.in_pending_lots),
            "the lots do not add up to the balance",
        ),
    )
    return [text for failed, text in checks if failed]


def _without_balance(tx: Tx, newcomers: set[str]) -> list[str]:
    """Name who has entries and no balance, not even one that was made since."""
    statement = select(Balance.person_id).where(Balance.person_id.in_(sorted(newcomers)))
    made_since = set(tx.session.scalars(statement)) if newcomers else set()
    return [f"customer {who}: entries without a balance" for who in newcomers - made_since]


def _faults_of_house(house: dict[str, int], accounts: dict[tuple[str, str], int]) -> list[str]:
    faults = []
    if sum(house.values()) + sum(accounts.values()) != 0:
        faults.append("the accounts do not sum to zero")
    if house[ISSUED] > 0 or house[SPENT] < 0 or house[EXPIRED] < 0:
        faults.append("an account of the house has the wrong sign")
    if house[MOVED] != 0:
        faults.append("points left one account and did not reach the other")
    return faults


def _root(heads: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for person_id in sorted(heads):
        digest.update(f"{person_id}:{heads[person_id]}\n".encode())
    return digest.hexdigest()
