"""Regular work of coupons."""

from __future__ import annotations

from datetime import timedelta

from wxapp_backend.features.coupons.events import CouponExpiryDue
from wxapp_backend.infra.ticks import Job

JOBS = (Job("coupons.expiry", timedelta(hours=1), CouponExpiryDue),)
"""Reads already show what has ended, so the period only bounds how late rows are marked."""
