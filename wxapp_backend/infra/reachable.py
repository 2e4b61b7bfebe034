"""Whether what we depend on can be reached: quick looks for the readiness report."""

from __future__ import annotations

import socket
from datetime import timedelta
from urllib.parse import urlsplit

import redis
from sqlalchemy import select

from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.outbox.rows import DeliveryRow

_TIMEOUT_SECONDS = 0.5

LATE = timedelta(minutes=1)
"""Deliveries are begun within seconds; one that is due for longer means that nobody works."""


def is_host_reachable(url: str) -> bool:
    """Say whether the host of `url` takes connections; nothing is asked of it."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), _TIMEOUT_SECONDS).close()
    except OSError:
        return False
    return True


def is_redis_alive(url: str) -> bool:
    """Say whether Redis answers."""
    client = redis.Redis.from_url(url, socket_timeout=_TIMEOUT_SECONDS, retry=None)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def is_work_done(db: Database) -> bool:
    """Say whether no delivery has been due for long, and none was given up."""
    overdue = (DeliveryRow.state == "new") & (DeliveryRow.run_at < system_clock() - LATE)
    waiting = select(DeliveryRow.id).where(overdue | (DeliveryRow.state == "dead")).limit(1)
    return db.read(lambda tx: tx.session.scalar(waiting)) is None
