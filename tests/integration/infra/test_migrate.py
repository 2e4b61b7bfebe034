"""Whether the tables are there, told without Alembic."""

from __future__ import annotations

import subprocess
import sys

from alembic.script import ScriptDirectory
from sqlalchemy import text

from wxapp_backend.infra.engine import make_engine
from wxapp_backend.infra.migrate import is_current, migration_config, newest, upgrade


def test_tables_are_current_after_the_newest_migration(empty_database_url: str) -> None:
    """Not before the first, not at another, and not between."""
    engine = make_engine(empty_database_url)
    found = [is_current(engine)]
    name = upgrade(empty_database_url)
    found.append(is_current(engine))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000_another'"))
    found.append(is_current(engine))
    engine.dispose()

    assert found == [False, True, False]
    assert name == newest()


def test_the_newest_file_is_alembics_head() -> None:
    """Revisions are named like their files, and their numbers are their order."""
    scripts = ScriptDirectory.from_config(migration_config("sqlite://"))

    assert scripts.get_heads() == [newest()]


def test_a_web_process_does_without_alembic() -> None:
    """What serves requests loads nothing that only changes tables."""
    program = "import sys, wxapp_backend.cli; print({'alembic', 'mako'} & set(sys.modules))"

    done = subprocess.run(  # noqa: S603 # our own interpreter and program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "set()"
