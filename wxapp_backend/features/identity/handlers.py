"""What identity does by the clock."""

from __future__ import annotations

from wxapp_backend.features.identity import api
from wxapp_backend.features.identity.events import CleaningDue
from wxapp_backend.infra.db import Tx


def on_cleaning_due(tx: Tx, _event: CleaningDue) -> None:
    """Forget sessions that have ended, and tell of recent merges again."""
    api.purge_sessions(tx)
    api.tell_again(tx)
