"""Commands that hand out access: to staff and to programs. The secret is the last line."""

from __future__ import annotations

from collections.abc import Sequence

import click

from wxapp_backend.assembly import Assembly
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.stores import api as stores


def make_commands(assembly: Assembly) -> Sequence[click.Command]:
    """Return `staff-invite` and `api-key`."""

    @click.command("staff-invite")
    @click.option("--store", "store_id", required=True, help="Id of the store.")
    @click.option(
        "--role", type=click.Choice(["clerk", "manager"]), default="clerk", show_default=True
    )
    def staff_invite(store_id: str, role: str) -> None:
        """Print an invitation code with which one person joins a store's staff."""
        code = assembly.db.run(lambda tx: stores.invite(tx, store_id, role=role))
        click.echo("给店员的邀请码(只显示这一次):", err=True)
        click.echo(code)

    @click.command("api-key")
    @click.option("--name", required=True, help="What the key is for, e.g. till.")
    @click.option(
        "--scope", "scopes", multiple=True, required=True, help="What it may do, e.g. orders."
    )
    def api_key(name: str, scopes: tuple[str, ...]) -> None:
        """Print a new API key."""
        secret = assembly.db.run(lambda tx: identity.make_api_key(tx, name, list(scopes)))
        click.echo("API key (shown only now):", err=True)
        click.echo(secret)

    return staff_invite, api_key
