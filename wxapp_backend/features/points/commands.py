"""Commands for the points ledger."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from wxapp_backend.features.points import api as points
from wxapp_backend.infra.db import Database


def make_commands(db: Database) -> Sequence[click.Command]:
    """Return `verify-ledger`."""

    @click.command("verify-ledger")
    @click.argument(
        "statement", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
    )
    def verify_ledger(statement: Path | None) -> None:
        """Check that the books balance and that nothing in them was changed.

        With STATEMENT, a file that a customer downloaded, check that file instead.
        """
        if statement is not None:
            faults = points.verify(statement.read_bytes())
            subject = "statement"
        else:
            report = db.read(points.verify_ledger)
            faults, subject = report.faults, f"{report.entries} entries"
        for fault in faults:
            click.echo(f"✗ {fault}", err=True)
        if faults:
            sys.exit(1)
        click.echo(f"✓ {subject}: the books balance and the chain is whole")

    return (verify_ledger,)
