"""Commands for the shop's stores and their staff."""

from __future__ import annotations

from collections.abc import Sequence

import click

from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Database


def make_commands(db: Database, *, usual_hours: str) -> Sequence[click.Command]:
    """Return `stores` and `staff-invite`; a store without hours of its own has the usual ones."""

    @click.group("stores")
    def group() -> None:
        """List and add stores."""

    @group.command("list")
    def list_command() -> None:
        """Print each store's id and name."""
        for store in db.read(stores.list_stores):
            click.echo(f"{store.id}  {store.name}")

    @group.command("add")
    @click.option("--name", required=True, help="As customers read it.")
    @click.option("--address", default="", help="As customers read it.")
    @click.option("--phone", default="", help="Service phone.")
    @click.option("--hours", default="", help="Opening hours; the brand's by default.")
    def add(name: str, address: str, phone: str, hours: str) -> None:
        """Add a store, and print its id on the last line."""
        opening = hours or usual_hours
        store = db.run(
            lambda tx: stores.add_store(tx, name=name, address=address, phone=phone, hours=opening)
        )
        click.echo(store.id)

    @click.command("staff-invite")
    @click.option("--store", "store_id", required=True, help="Id of the store.")
    @click.option(
        "--role", type=click.Choice(["clerk", "manager"]), default="clerk", show_default=True
    )
    def staff_invite(store_id: str, role: str) -> None:
        """Print an invitation code with which one person joins a store's staff."""
        code = db.run(lambda tx: stores.invite(tx, store_id, role=role))
        click.echo("给店员的邀请码(只显示这一次):", err=True)
        click.echo(code)

    return group, staff_invite
