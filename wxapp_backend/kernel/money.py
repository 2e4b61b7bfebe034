"""Money is whole fen; the one place that rounds, and the one that writes yuan for people."""

from __future__ import annotations

MAX_FEN = 9_999_999_999
"""The largest amount of one order, ¥99,999,999.99."""


def percent_of(amount_fen: int, percent: int) -> int:
    """Return `percent` % of `amount_fen`, rounded down to a whole fen: the shop never overpays."""
    return amount_fen * percent // 100


def yuan(amount_fen: int) -> str:
    """Write fen as people read them: `¥20`, `¥9.90`, `¥1,234.50`."""
    sign = "-" if amount_fen < 0 else ""
    whole, rest = divmod(abs(amount_fen), 100)
    return f"{sign}¥{whole:,}" + (f".{rest:02d}" if rest else "")
