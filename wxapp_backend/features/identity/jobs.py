"""Regular work of identity."""

from __future__ import annotations

from datetime import timedelta

from wxapp_backend.features.identity.events import CleaningDue
from wxapp_backend.infra.ticks import Job

JOBS = (Job("identity.cleaning", timedelta(minutes=10), CleaningDue),)
"""Twice within the time for which merges are told again."""
