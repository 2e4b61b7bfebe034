"""Reading what several features know about one subject in one statement.

A feature offers a `QueryPart`: a query of its own tables that finds one row or none, and what that
row means. Whoever shows parts of several features joins them in a `BatchedQuery`; no feature sees
another's tables, and a page costs one query however many features have a say in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import FromClause, Select, literal, select, true

from wxapp_backend.infra.db import Tx

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class QueryPart(Generic[T]):
    """What one feature knows.

    Attributes:
        statement: finds one row or none, never of NULLs alone; its `bindparam`s name the subject.
        read: makes the value of that row's columns, which are in the statement's order.
    """

    statement: Select[*tuple[Any, ...]]
    read: Callable[[Sequence[Any]], T]

    def find(self, tx: Tx, **values: Any) -> T | None:
        """Return this part alone, or None where there is no row."""
        row = tx.execute(self.statement, **values).one_or_none()
        return self.read(row) if row is not None else None


class Found:
    """The parts that one statement found."""

    def __init__(self, columns: dict[QueryPart[Any], Sequence[Any]]) -> None:
        self._columns = columns

    def __getitem__(self, part: QueryPart[T]) -> T | None:
        """Return a part's value, or None where it had no row."""
        columns = self._columns[part]
        return part.read(columns) if any(each is not None for each in columns) else None


class BatchedQuery:
    """Parts that are read in one statement; build it once."""

    def __init__(self, *parts: QueryPart[Any]) -> None:
        sources = [part.statement.subquery() for part in parts]
        joined: FromClause = select(literal(1).label("one")).subquery()
        for source in sources:
            joined = joined.outerjoin(source, true())
        self._statement = select(*(source for source in sources)).select_from(joined)
        self._places: list[tuple[QueryPart[Any], slice]] = []
        start = 0
        for part, source in zip(parts, sources, strict=True):
            end = start + len(source.c)
            self._places.append((part, slice(start, end)))
            start = end

    def find(self, tx: Tx, **values: Any) -> Found:
        """Read all parts; `values` are those of all their `bindparam`s."""
        row = tx.execute(self._statement, **values).one()
        return Found({part: row[place] for part, place in self._places})
