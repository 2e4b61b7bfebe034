"""Regular work of visits."""

from __future__ import annotations

from datetime import timedelta

from wxapp_backend.features.visits.events import ReviewCheckDue
from wxapp_backend.infra.ticks import Job

JOBS = (Job("visits.review_check", timedelta(minutes=10), ReviewCheckDue),)
"""Each review is asked about hourly; the period only says how late."""
