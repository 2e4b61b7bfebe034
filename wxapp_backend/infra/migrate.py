"""Bringing the database's tables to the present, and telling whether they are there.

Alembic is loaded only where tables are changed: it brings a template engine with it, which is a
tenth of what a web process loads, and none of what it needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_NOTES = "alembic_version"
"""Alembic's own table; its one row names the newest migration that has run."""


def migration_config(url: str) -> Config:
    """Return Alembic's configuration for the database at `url`."""
    from alembic.config import Config  # noqa: PLC0415 # see the module's text

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str) -> str:
    """Run all missing migrations, and return the name of the newest."""
    from alembic import command  # noqa: PLC0415 # see the module's text

    command.upgrade(migration_config(url), "head")
    return newest()


def newest() -> str:
    """Return the name of the newest migration: revisions are called like their files, by number."""
    return max(path.stem for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def is_current(engine: Engine) -> bool:
    """Say whether the newest migration has run."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_NOTES):
            return False
        ran = connection.execute(text(f"SELECT version_num FROM {_NOTES}")).scalars().all()  # noqa: S608 # our own constant
        return list(ran) == [newest()]
