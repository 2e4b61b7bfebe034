"""Commands for the database: its tables and its first contents."""

from __future__ import annotations

from collections.abc import Sequence

import click

from wxapp_backend.assembly import Assembly
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.migrate import upgrade


def make_commands(assembly: Assembly) -> Sequence[click.Command]:
    """Return `db` and `seed`."""

    @click.group()
    def db() -> None:
        """Look after the database."""

    @db.command("upgrade")
    def upgrade_command() -> None:
        """Bring the tables to the present; safe to run again and beside a running shop."""
        newest = upgrade(assembly.settings.database.url)
        click.echo(f"database is at {newest}")

    @click.command()
    @click.option("--store", "name", default="总店", show_default=True, help="Name of the store.")
    @click.option("--address", default="", help="Its address, as customers read it.")
    def seed(name: str, address: str) -> None:
        """Add a first store and publish the campaigns of the campaigns folder.

        What is there already stays as it is.
        """
        settings = assembly.settings
        documents = campaigns.load_documents(settings.campaigns.folder)

        def plant(tx: Tx) -> int:
            if not stores.list_stores(tx):
                stores.add_store(
                    tx,
                    name=name,
                    address=address or settings.brand.address,
                    phone=settings.brand.phone,
                    hours=settings.brand.hours,
                )
            for document in documents:
                campaigns.publish(tx, document)
            return len(stores.list_stores(tx))

        count = assembly.db.run(plant)
        click.echo(f"stores: {count}, campaign documents: {len(documents)}")

    return db, seed
