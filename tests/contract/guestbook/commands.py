"""The command that shows the guest book."""

from __future__ import annotations

from collections.abc import Sequence

import click
from sqlalchemy import select

from tests.contract.guestbook.models import Entry
from wxapp_backend.infra.db import Database


def make_commands(db: Database) -> Sequence[click.Command]:
    """Return `guestbook`."""

    @click.command()
    def guestbook() -> None:
        """Print what guests wrote, and what came of it."""
        for entry in db.read(lambda tx: tx.session.scalars(select(Entry)).all()):
            click.echo(f"{entry.text} thanked={entry.thanked} readings={entry.readings}")

    return (guestbook,)
