"""Rights to send subscription messages: one consent, one message."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import update

from wxapp_backend.features.messaging.models import RightRow
from wxapp_backend.features.messaging.queries import rights_of
from wxapp_backend.infra.db import Tx

_GIVES_RIGHT = {"accept", "acceptWithAudio", "acceptWithAlert"}
"""Results of the consent dialog that allow one message (WeChat: wx.requestSubscribeMessage)."""


def record_consents(
    tx: Tx, person_id: str, results: Mapping[str, str], *, known: set[str]
) -> dict[str, int]:
    """Count what the consent dialog gave, and return all remaining rights by template.

    Templates that are not ours are ignored.
    """
    for template_id in sorted(known & results.keys()):
        if results[template_id] in _GIVES_RIGHT:
            add_right(tx, person_id, template_id, 1)
    return rights_of(tx, person_id)


def add_right(tx: Tx, person_id: str, template_id: str, count: int) -> None:
    """Add `count` rights, 0 or more."""
    tx.add_unless_present(RightRow(person_id=person_id, template_id=template_id, remaining=0))
    _change(tx, person_id, template_id, remaining=RightRow.remaining + count)


def use_right(tx: Tx, person_id: str, template_id: str) -> bool:
    """Take one right; return False if there is none."""
    statement = (
        update(RightRow)
        .where(RightRow.person_id == person_id, RightRow.template_id == template_id)
        .where(RightRow.remaining > 0)
        .values(remaining=RightRow.remaining - 1)
        .execution_options(synchronize_session="fetch")
    )
    return tx.session.connection().execute(statement).rowcount == 1


def drop_rights(tx: Tx, person_id: str, template_id: str) -> None:
    """Forget the rights: WeChat says that the person took them back or that they are used up."""
    _change(tx, person_id, template_id, remaining=0)


def _change(tx: Tx, person_id: str, template_id: str, *, remaining: object) -> None:
    tx.session.execute(
        update(RightRow)
        .where(RightRow.person_id == person_id, RightRow.template_id == template_id)
        .values(remaining=remaining)
        .execution_options(synchronize_session="fetch")
    )
