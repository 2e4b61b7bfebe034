"""Migrations and models tell the same story."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from wxapp_backend.infra.migrate import migration_config
from wxapp_backend.model_registry import metadata

VERSIONS = Path("wxapp_backend/migrations/versions")
KIND = re.compile(r"^Kind: (expand|backfill|contract)\b", re.MULTILINE)


def test_models_equal_migrations(empty_database_url: str) -> None:
    """After all migrations there is nothing left for autogenerate to do."""
    command.upgrade(migration_config(empty_database_url), "head")

    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_every_migration_can_be_undone(empty_database_url: str) -> None:
    """Down to nothing and up again."""
    config = migration_config(empty_database_url)
    command.upgrade(config, "head")
    command.downgrade(config, "base")

    engine = create_engine(empty_database_url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
    command.upgrade(config, "head")


def test_names_are_numbered_without_gap() -> None:
    """0001_x.py, 0002_y.py, ...: two branches that add one collide in review."""
    names = sorted(path.stem for path in VERSIONS.glob("[0-9]*.py"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+", name) for name in names)


def test_each_migration_says_what_kind_it_is() -> None:
    """The running code must survive it: expand, backfill or contract."""
    unlabelled = [
        path.name
        for path in VERSIONS.glob("[0-9]*.py")
        if not KIND.search(path.read_text(encoding="utf-8"))
    ]
    assert unlabelled == []
