"""The rotating code of a coupon: what the customer shows and the clerk scans."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from wxapp_backend.kernel.ids import ID_LENGTH

STEP_SECONDS = 30
"""How long a code is shown before it changes; product B7."""

CODE_PREFIX = "YJC"
"""What coupon codes begin with, so that a scan is understood before it is sent."""

SCAN_LIFE = timedelta(minutes=5)
"""How long a scanned code stays usable in that store, while the clerk types the amount."""

_STEP_DIGITS = 8
_MAC_BYTES = 10
_MAC_CHARACTERS = 16
_CODE = re.compile(
    rf"{CODE_PREFIX}([0-9A-Z]{{{ID_LENGTH}}})([0-9A-F]{{{_STEP_DIGITS}}})"
    rf"([A-Z2-7]{{{_MAC_CHARACTERS}}})"
)

Sign = Callable[[str], bytes]


def step_of(now: datetime) -> int:
    """Return the number of the code's period that holds `now`."""
    return int(now.timestamp()) // STEP_SECONDS


def end_of_step(step: int) -> datetime:
    """Return the instant at which the code of this period changes."""
    return datetime.fromtimestamp((step + 1) * STEP_SECONDS, UTC)


def make_code(coupon_id: str, step: int, sign: Sign) -> str:
    """Return a coupon's code for one period: capitals and digits, so that its QR stays coarse."""
    return f"{CODE_PREFIX}{coupon_id.upper()}{step:0{_STEP_DIGITS}X}{_mac(coupon_id, step, sign)}"


def read_code(code: str, sign: Sign) -> tuple[str, int] | None:
    """Return coupon id and period of a code that we signed, or None."""
    found = _CODE.fullmatch(code.strip().upper())
    if found is None:
        return None
    coupon_id, step = found[1].lower(), int(found[2], 16)
    return (coupon_id, step) if found[3] == _mac(coupon_id, step, sign) else None


def is_fresh(step: int, now: datetime) -> bool:
    """Say whether a code of this period is still taken: the present one or the one before."""
    return abs(step_of(now) - step) <= 1  # one ahead: two servers' clocks differ a little


def _mac(coupon_id: str, step: int, sign: Sign) -> str:
    return base64.b32encode(sign(f"{coupon_id}:{step}")[:_MAC_BYTES]).decode()
