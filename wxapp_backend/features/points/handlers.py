"""What the points ledger does when something has happened elsewhere."""

from __future__ import annotations

from wxapp_backend.features.identity.events import PersonMerged
from wxapp_backend.features.points import api
from wxapp_backend.features.points.events import PointsDue
from wxapp_backend.infra.db import Tx

_BATCH = 200
"""Customers in one transaction: well below a second."""


def on_points_due(tx: Tx, _event: PointsDue) -> None:
    """Release and expire what is due, and ask to be called again while there may be more."""
    people = api.list_due(tx, _BATCH)
    for person_id in people:
        api.bring_up_to_date(tx, person_id)
    if len(people) == _BATCH:
        tx.emit(PointsDue())


def on_person_merged(tx: Tx, event: PersonMerged) -> None:
    """Give the points of the person that is no more to the one that stays."""
    api.merge(tx, from_id=event.from_id, into_id=event.into_id)
