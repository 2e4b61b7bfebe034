"""Structured logs: one JSON object a line, on standard error."""

from __future__ import annotations

import logging
import sys
from typing import Literal

from pythonjsonlogger.json import JsonFormatter

_CHATTY = ("urllib3", "dramatiq", "apscheduler", "waitress", "alembic", "PIL", "redis", "requests")
"""Libraries whose debug lines hold URLs, and so could hold tokens."""


def configure_logs(level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]) -> None:
    """Send everything from `level` on to standard error as JSON; libraries from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # One line for each request that waits for a thread is no warning but a second load.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
