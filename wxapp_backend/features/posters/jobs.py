"""Regular work of posters."""

from __future__ import annotations

from datetime import timedelta

from wxapp_backend.features.posters.events import RenewalDue
from wxapp_backend.infra.ticks import Job

JOBS = (Job("posters.renewal", timedelta(hours=1), RenewalDue),)
"""Codes are renewed days before their end, some at a time."""
