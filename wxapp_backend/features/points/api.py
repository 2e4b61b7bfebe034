"""What other features may use of the points ledger."""

from __future__ import annotations

from wxapp_backend.features.points.domain import Standing, verify
from wxapp_backend.features.points.errors import InsufficientPoints
from wxapp_backend.features.points.queries.audit import Report, verify_ledger
from wxapp_backend.features.points.queries.standing import (
    STANDING,
    EntryView,
    Expiring,
    available,
    lines,
    list_expiring,
    standing,
    statement,
)
from wxapp_backend.features.points.service.grants import Terms, grant, reverse, spend
from wxapp_backend.features.points.service.lots import bring_up_to_date, list_due
from wxapp_backend.features.points.service.merging import merge

__all__ = [
    "STANDING",
    "EntryView",
    "Expiring",
    "InsufficientPoints",
    "Report",
    "Standing",
    "Terms",
    "available",
    "bring_up_to_date",
    "grant",
    "lines",
    "list_due",
    "list_expiring",
    "merge",
    "reverse",
    "spend",
    "standing",
    "statement",
    "verify",
    "verify_ledger",
]
