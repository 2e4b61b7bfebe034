"""Regular work of rewards."""

from __future__ import annotations

from datetime import timedelta

from wxapp_backend.features.rewards.events import HoldbackDue
from wxapp_backend.infra.ticks import Job

JOBS = (Job("rewards.holdback", timedelta(minutes=10), HoldbackDue),)
"""Rewards wait for days; the period only says how late the timeline tells of their release."""
