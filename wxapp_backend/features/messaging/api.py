"""What other features use of messaging."""

from __future__ import annotations

from typing import Any

from wxapp_backend.features.messaging.domain import Channel, Channels, ChannelTemplate
from wxapp_backend.features.messaging.queries import UNREAD, count_unread, list_told
from wxapp_backend.features.messaging.service.rights import drop_rights
from wxapp_backend.features.messaging.service.sending import record_final
from wxapp_backend.infra.db import Tx

__all__ = [
    "UNREAD",
    "Channel",
    "ChannelTemplate",
    "Channels",
    "count_unread",
    "drop_rights",
    "export_for",
    "record_final",
]


def export_for(tx: Tx, person_id: str) -> dict[str, Any]:
    """Return what a person was told, JSON-ready."""
    return {
        "messages": [
            {
                "kind": row.kind,
                "title": row.title,
                "body": row.body,
                "created_at": row.created_at.isoformat(),
                "read_at": row.read_at.isoformat() if row.read_at else None,
            }
            for row in list_told(tx, person_id)
        ]
    }
