"""Reads of the conversation."""

from __future__ import annotations

from wxapp_backend.features.bot.models import CallbackRow
from wxapp_backend.infra.db import Tx


def find_reply(tx: Tx, dedupe_key: str) -> str | None:
    """Return the text that a callback was answered with, if it is known and had one."""
    row = tx.session.get(CallbackRow, dedupe_key)
    return row.reply if row else None
