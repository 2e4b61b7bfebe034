"""Shapes of the points routes."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict

from wxapp_backend.infra.http.shapes import Output, Page


class ExpiringOut(Output):
    """Points that end at one instant."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    points: int
    expires_at: datetime


class PointsOut(Output):
    """What the customer has: usable now, promised for later, and still to be taken back."""

    available: int
    pending: int
    debt: int
    expiring: list[ExpiringOut]


class EntryOut(Output):
    """One line: positive points came, negative ones went; `source` says for what."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: str
    at: datetime
    points: int
    state: str
    title: str
    source: str
    available_at: datetime | None
    expires_at: datetime | None


class EntryPage(Page[EntryOut]):
    """Lines, newest first."""
