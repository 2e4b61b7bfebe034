"""Commands for the shop's stores."""

from __future__ import annotations

from collections.abc import Sequence

import click

from wxapp_backend.assembly import Assembly
from wxapp_backend.features.stores import api as stores


def make_commands(assembly: Assembly) -> Sequence[click.Command]:
    """Return `stores`."""

    @click.group("stores")
    def group() -> None:
        """List and add stores."""

    @group.command("list")
    def list_command() -> None:
        """Print each store's id and name."""
        for store in assembly.db.read(stores.list_stores):
            click.echo(f"{store.id}  {store.name}")

    @group.command("add")
    @click.option("--name", required=True, help="As customers read it.")
    @click.option("--address", default="", help="As customers read it.")
    @click.option("--phone", default="", help="Service phone.")
    @click.option("--hours", default="", help="Opening hours; the brand's by default.")
    def add(name: str, address: str, phone: str, hours: str) -> None:
        """Add a store, and print its id on the last line."""
        opening = hours or assembly.settings.brand.hours
        store = assembly.db.run(
            lambda tx: stores.add_store(tx, name=name, address=address, phone=phone, hours=opening)
        )
        click.echo(store.id)

    return (group,)
