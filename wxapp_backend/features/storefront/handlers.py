"""What the storefront does when people become one, or wish to be forgotten."""

from __future__ import annotations

from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.handlers import Effect, Payload
from wxapp_backend.infra.storage import Storage


def on_person_merged(tx: Tx, event: PersonMerged) -> None:
    """Let the staying person work where the other did; stores know nothing of identity."""
    stores.reassign(tx, event.from_id, event.into_id)


def on_person_erased(tx: Tx, event: PersonErased) -> None:
    """End the work of someone who was erased; they cannot sign in any more."""
    stores.leave_all(tx, event.person_id)


def make_avatar_remover(storage: Storage) -> Effect:
    """Return the handler that deletes an erased person's picture; deleting twice is harmless."""

    def prepare(_tx: Tx, payload: Payload) -> str | None:
        key: str | None = payload["avatar_key"]
        return key

    def record(_tx: Tx, _payload: Payload, _result: None) -> None:
        """There is nothing to note: the row forgot the picture when the person was erased."""

    return Effect(prepare, storage.delete, record, unknown="repeat")
