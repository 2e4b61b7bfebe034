"""Composition root of the processes that work behind the web: deliveries and the timetable."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Sequence
from datetime import timedelta

from apscheduler.schedulers.background import (  # type: ignore[import-untyped] # ships no types
    BackgroundScheduler,
)

from wxapp_backend.assembly import Assembly
from wxapp_backend.infra import ticks
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.outbox.deliver import deliver
from wxapp_backend.infra.outbox.runner import Runner
from wxapp_backend.infra.queue import SWEEP_SECONDS, DeliveryQueue
from wxapp_backend.infra.ticks import Job

_GRACE_SECONDS = 25
"""Time that work under way gets after a signal to stop, below the usual 30 s of supervisors."""

_LOOK_SECONDS = 20
"""How often the timetable is looked at: the business clock may be moved, so it asks for the time
rather than counting it."""

log = logging.getLogger(__name__)


def start_timetable(db: Database, jobs: Sequence[Job]) -> BackgroundScheduler:
    """Start the clock that stages due ticks; any number of processes may run one."""
    scheduler = BackgroundScheduler(timezone="Asia/Shanghai")

    def look() -> None:
        for job in jobs:
            try:
                ticks.fire(db, job)
            except Exception:
                log.exception("tick not staged", extra={"job": job.name})

    scheduler.add_job(
        look, "interval", seconds=_LOOK_SECONDS, id="look", max_instances=1, coalesce=True
    )
    scheduler.start()
    look()
    return scheduler


def run_worker(assembly: Assembly) -> None:
    """Carry deliveries out until the process is told to stop."""
    stopped = _on_signals()
    if isinstance(assembly.carrier, Runner):
        assembly.carrier.start(assembly.db, assembly.handlers)
        stopped.wait()
        assembly.carrier.stop(_GRACE_SECONDS)
    else:
        _work_from_queue(assembly, assembly.carrier, stopped)


def run_scheduler(assembly: Assembly) -> None:
    """Keep the timetable until the process is told to stop."""
    stopped = _on_signals()
    scheduler = start_timetable(assembly.db, assembly.jobs)
    stopped.wait()
    scheduler.shutdown()


def _work_from_queue(assembly: Assembly, queue: DeliveryQueue, stopped: threading.Event) -> None:
    worker = queue.worker(
        lambda delivery_id: deliver(assembly.db, assembly.handlers, delivery_id),
        threads=assembly.settings.work.threads,
    )
    worker.start()
    while not stopped.wait(timedelta(seconds=SWEEP_SECONDS).total_seconds()):
        try:
            queue.sweep(assembly.db)
        except Exception:
            log.exception("sweep failed")
    worker.stop(timeout=_GRACE_SECONDS * 1000)


def _on_signals() -> threading.Event:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    return stopped
