"""Regular work of the conversation."""

from __future__ import annotations

from datetime import timedelta

from wxapp_backend.features.bot.events import CleaningDue
from wxapp_backend.infra.ticks import Job

JOBS = (Job("bot.cleaning", timedelta(days=1), CleaningDue),)
"""Callbacks are kept for days, so once a day is often enough."""
