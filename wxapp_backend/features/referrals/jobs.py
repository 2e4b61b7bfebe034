"""Regular work of referrals."""

from __future__ import annotations

from datetime import timedelta

from wxapp_backend.features.referrals.events import ExpiryDue
from wxapp_backend.infra.ticks import Job

JOBS = (Job("referrals.expiry", timedelta(hours=1), ExpiryDue),)
"""Referrals live for days, so an hour is exact enough."""
