"""Deliveries carried out by threads of this process: the embedded way, with no broker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from wxapp_backend.infra.db import Database
from wxapp_backend.infra.outbox.claims import due
from wxapp_backend.infra.outbox.deliver import Done, deliver
from wxapp_backend.infra.outbox.handlers import Handler

CarryOut = Callable[[int], Done | None]

POLL_SECONDS = 0.5
"""How often due rows are looked for when nobody gave a hint: retries, and rows of others."""

_BATCH = 100

log = logging.getLogger(__name__)


class Runner:
    """Carries out what is due, woken by hints; nothing is lost when it is killed."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="delivery")
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._in_flight: set[int] = set()
        self._lock = threading.Lock()
        self._dispatcher: threading.Thread | None = None
        self._carry_out: CarryOut | None = None

    def hint(self, delivery_ids: Sequence[int]) -> None:
        """Say that these new deliveries are committed; nobody has to look for them."""
        if self._carry_out is not None:
            for delivery_id in delivery_ids:
                self._submit(self._carry_out, delivery_id)

    def start(self, db: Database, handlers: dict[str, Handler]) -> None:
        """Begin to look for due deliveries."""

        def carry_out(delivery_id: int) -> Done | None:
            return deliver(db, handlers, delivery_id)

        self._carry_out = carry_out
        self._dispatcher = threading.Thread(
            target=self._dispatch, args=(db, carry_out), name="dispatcher", daemon=True
        )
        self._dispatcher.start()

    def stop(self, timeout_seconds: float = 25.0) -> None:
        """Claim nothing more and let what runs come to its end."""
        self._stopping.set()
        self._wake.set()
        if self._dispatcher is not None:
            self._dispatcher.join(timeout_seconds)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _dispatch(self, db: Database, carry_out: CarryOut) -> None:
        while not self._stopping.is_set():
            try:
                ready = due(db, limit=_BATCH)
            except Exception:
                log.exception("cannot look for due deliveries")  # the database is away: wait
                self._stopping.wait(POLL_SECONDS)
                continue
            for delivery_id in ready:
                self._submit(carry_out, delivery_id)
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()

    def _submit(self, carry_out: CarryOut, delivery_id: int) -> None:
        with self._lock:
            if delivery_id in self._in_flight or self._stopping.is_set():
                return
            self._in_flight.add(delivery_id)

        def finished(future: Future[Done | None]) -> None:
            with self._lock:
                self._in_flight.discard(delivery_id)
            if future.cancelled():
                return
            if error := future.exception():
                log.error("delivery not carried out", exc_info=error)
            elif (done := future.result()) and done.lock_key is not None:
                self._wake.set()  # what waited for the same key may now be due

        try:
            future = self._pool.submit(carry_out, delivery_id)
        except RuntimeError:  # it was stopped meanwhile: whoever comes next will find the row
            return
        future.add_done_callback(finished)
