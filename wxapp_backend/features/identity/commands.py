"""Commands that hand out access to programs. The secret is the last line."""

from __future__ import annotations

from collections.abc import Sequence

import click

from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra.db import Database
from wxapp_backend.kernel.days import SHANGHAI
from wxapp_backend.kernel.errors import NotFound


def make_commands(db: Database) -> Sequence[click.Command]:
    """Return `api-key` and `api-keys`."""

    @click.command("api-key")
    @click.option("--name", required=True, help="What the key is for, e.g. till.")
    @click.option(
        "--scope", "scopes", multiple=True, required=True, help="What it may do, e.g. orders."
    )
    def api_key(name: str, scopes: tuple[str, ...]) -> None:
        """Print a new API key."""
        secret = db.run(lambda tx: identity.make_api_key(tx, name, list(scopes)))
        click.echo("API key (shown only now):", err=True)
        click.echo(secret)

    @click.group("api-keys")
    def api_keys() -> None:
        """List and revoke API keys."""

    @api_keys.command("list")
    def list_command() -> None:
        """Print each key's id, day, state, scopes and name."""
        for key in db.read(identity.list_api_keys):
            state = "revoked" if key.revoked_at else "in use"
            day = key.created_at.astimezone(SHANGHAI).date()
            click.echo(f"{key.id}  {day}  {state}  {','.join(key.scopes)}  {key.name}")

    @api_keys.command("revoke")
    @click.argument("key_id")
    def revoke(key_id: str) -> None:
        """End a key at once; whoever holds it is refused from the next request on."""
        try:
            db.run(lambda tx: identity.revoke_api_key(tx, key_id))
        except NotFound:
            raise click.ClickException(f"there is no API key {key_id}") from None
        click.echo(f"revoked {key_id}")

    return api_key, api_keys
