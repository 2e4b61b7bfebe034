"""What the guest book does when something has happened."""

from __future__ import annotations

from sqlalchemy import update

from tests.contract.guestbook.events import EntryWritten, ReadingDue
from tests.contract.guestbook.models import Entry
from wxapp_backend.infra.db import Tx


def on_entry_written(tx: Tx, event: EntryWritten) -> None:
    """Thank the guest."""
    tx.session.execute(update(Entry).where(Entry.person_id == event.person_id).values(thanked=True))


def on_reading_due(tx: Tx, _event: ReadingDue) -> None:
    """Read all entries."""
    tx.session.execute(update(Entry).values(readings=Entry.readings + 1))
