"""Failures of the points ledger that a caller may see."""

from __future__ import annotations

from wxapp_backend.kernel.errors import Conflict


class InsufficientPoints(Conflict):
    """The customer has fewer usable points than the amount."""

    code = "insufficient_points"
    message = "可用积分不足"
