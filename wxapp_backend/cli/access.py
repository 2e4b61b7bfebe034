"""Commands that hand out access: to staff and to programs. The secret is the last line."""

from __future__ import annotations

from collections.abc import Sequence

import click

from wxapp_backend.assembly import Assembly
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.stores import api as stores
from wxapp_backend.kernel.days import SHANGHAI
from wxapp_backend.kernel.errors import NotFound


def make_commands(assembly: Assembly) -> Sequence[click.Command]:
    """Return `staff-invite`, `api-key` and `api-keys`."""

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

    @click.group("api-keys")
    def api_keys() -> None:
        """List and revoke API keys."""

    @api_keys.command("list")
    def list_command() -> None:
        """Print each key's id, day, state, scopes and name."""
        for key in assembly.db.read(identity.list_api_keys):
            state = "revoked" if key.revoked_at else "in use"
            day = key.created_at.astimezone(SHANGHAI).date()
            click.echo(f"{key.id}  {day}  {state}  {','.join(key.scopes)}  {key.name}")

    @api_keys.command("revoke")
    @click.argument("key_id")
    def revoke(key_id: str) -> None:
        """End a key at once; whoever holds it is refused from the next request on."""
        try:
            assembly.db.run(lambda tx: identity.revoke_api_key(tx, key_id))
        except NotFound:
            raise click.ClickException(f"there is no API key {key_id}") from None
        click.echo(f"revoked {key_id}")

    return staff_invite, api_key, api_keys
