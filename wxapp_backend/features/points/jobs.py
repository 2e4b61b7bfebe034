"""Regular work of the points ledger."""

from __future__ import annotations

from datetime import timedelta

from wxapp_backend.features.points.events import PointsDue
from wxapp_backend.infra.ticks import Job

JOBS = (Job("points.lots", timedelta(minutes=10), PointsDue),)
"""Reads already count what is due, so the period only bounds how late a line appears."""
