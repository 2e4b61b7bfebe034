"""Deliveries carried by Dramatiq over Redis to workers on any machine.

The rows stay the truth: a message holds nothing but a row's id, and whoever loses it, the sweep
sends the ids of all due rows again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from redis.backoff import NoBackoff
from redis.retry import Retry

from wxapp_backend.infra.db import Database
from wxapp_backend.infra.outbox.claims import due

SWEEP_SECONDS = 5
"""How often the ids of due rows are sent again: retries, and hints that were lost."""

_BATCH = 1000
_CONNECT_SECONDS = 0.5

log = logging.getLogger(__name__)


class DeliveryQueue:
    """Carries delivery ids from the processes that commit to the processes that work."""

    def __init__(self, redis_url: str, *, namespace: str) -> None:
        # A hint comes after each commit, while the caller waits: it must fail fast.
        client = redis.Redis.from_url(
            redis_url,
            socket_connect_timeout=_CONNECT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._broker: dramatiq.Broker = RedisBroker(  # type: ignore[no-untyped-call] # untyped there
            client=client, namespace=namespace, middleware=[]
        )
        self._name = "deliveries"
        self._broker.declare_queue(self._name)

    def hint(self, delivery_ids: Sequence[int]) -> None:
        """Send the ids on; when Redis is away, the sweep will find the rows later."""
        try:
            for delivery_id in delivery_ids:
                self._broker.enqueue(
                    dramatiq.Message(
                        queue_name=self._name,
                        actor_name="deliver",
                        args=(delivery_id,),
                        kwargs={},
                        options={},
                    )
                )
        except (dramatiq.errors.BrokerConnectionError, redis.RedisError):
            log.warning("queue is away; deliveries wait for the sweep")

    def sweep(self, db: Database) -> int:
        """Send the ids of all due rows, and return how many."""
        ids = due(db, limit=_BATCH)
        self.hint(ids)
        return len(ids)

    def forget(self) -> None:
        """Drop all ids that are under way; the sweep sends those of undone rows again."""
        self._broker.flush_all()

    def worker(self, carry_out: Callable[[int], object], *, threads: int) -> dramatiq.Worker:
        """Return a worker, not yet started, that gives each id to `carry_out`.

        `carry_out` records its own failures and retries in the row, so Dramatiq's own retries are
        not used.
        """

        @dramatiq.actor(actor_name="deliver", queue_name=self._name, broker=self._broker)
        def _work(delivery_id: int) -> None:
            carry_out(delivery_id)

        return dramatiq.Worker(self._broker, queues={self._name}, worker_threads=threads)
