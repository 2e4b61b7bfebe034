"""What all tables share: their base and the type of their instants."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, MetaData, Table, TypeDecorator, inspect
from sqlalchemy.orm import DeclarativeBase

from wxapp_backend.kernel.errors import InvariantBroken


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python, naive UTC in the database; a naive value is refused on the way in."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes, store the rest as naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvariantBroken(f"naive datetime {value!r} bound to a UTC column")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Put UTC back on what was stored."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of all models; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}


def columns_of(row: Base) -> dict[str, Any]:
    """Return the values that were given to a row, by column."""
    given = vars(row)
    return {column: given[key] for key, column in _names_of(type(row)) if key in given}


@functools.cache
def table_of(model: type[Base]) -> Table:
    """Return the table behind a model."""
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table


@functools.cache
def _names_of(model: type[Base]) -> list[tuple[str, str]]:
    """Return the attributes of a model that are columns, each with the column's name."""
    return [(each.key, each.columns[0].name) for each in inspect(model).column_attrs]
