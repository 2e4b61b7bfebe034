"""Wall time by the database's clock, which all workers share, as part of a statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from wxapp_backend.infra.tables import UtcDateTime


class WallClock(FunctionElement[datetime]):
    """The instant at which the database carries the statement out.

    Leases and times of retry go by it alone: a business clock may be moved, and the clocks of two
    machines differ. Its one optional argument is a number of seconds to add.
    """

    name = "wall_clock"
    inherit_cache = True
    type = UtcDateTime()


def wall_clock_in(parameter: str) -> WallClock:
    """Return the instant that lies so many seconds ahead as the parameter of this name says."""
    return WallClock(bindparam(parameter, type_=Float()))


@compiles(WallClock, "sqlite")
def _on_sqlite(element: WallClock, compiler: SQLCompiler, **kw: Any) -> str:
    # As text, just as SQLAlchemy stores instants there; SQLite counts milliseconds.
    ahead = "".join(f", ({compiler.process(each, **kw)}) || ' seconds'" for each in element.clauses)
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now'{ahead}) || '000')"


@compiles(WallClock, "postgresql")
def _on_postgresql(element: WallClock, compiler: SQLCompiler, **kw: Any) -> str:
    ahead = "".join(
        f" + make_interval(secs => {compiler.process(each, **kw)})" for each in element.clauses
    )
    return f"((clock_timestamp() AT TIME ZONE 'UTC'){ahead})"
