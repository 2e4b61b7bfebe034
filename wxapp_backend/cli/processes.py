"""Commands that start processes; no other command starts any."""

from __future__ import annotations

import signal
from collections.abc import Sequence

import click
import waitress
from apiflask import APIFlask

from wxapp_backend.assembly import Assembly
from wxapp_backend.infra.outbox.runner import Runner
from wxapp_backend.worker import run_scheduler, run_worker, start_timetable

_CONNECTIONS = 1000


def make_commands(assembly: Assembly, app: APIFlask) -> Sequence[click.Command]:
    """Return `serve`, `worker` and `scheduler`."""
    settings = assembly.settings

    @click.command()
    def serve() -> None:
        """Run the whole shop in this one process: web, deliveries, timetable.

        With [work] mode = "queue" only the web part runs here; start `worker` and `scheduler`
        beside it.
        """
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: come to an end
        runner = assembly.carrier if isinstance(assembly.carrier, Runner) else None
        scheduler = None
        if runner is not None:
            runner.start(assembly.db, assembly.handlers)
            scheduler = start_timetable(assembly.db, assembly.jobs)
        for feature in assembly.features:
            feature.when_serving(assembly.parts)
        try:
            waitress.serve(
                app,
                host=settings.server.host,
                port=settings.server.port,
                threads=settings.server.threads,
                connection_limit=_CONNECTIONS,
                ident=None,
                _quiet=True,
            )
        finally:
            if scheduler is not None:
                scheduler.shutdown(wait=False)
            if runner is not None:
                runner.stop()
            assembly.parts.decoder.close()

    @click.command()
    def worker() -> None:
        """Carry out deliveries until stopped: rewards, messages, codes."""
        run_worker(assembly)

    @click.command()
    def scheduler() -> None:
        """Keep the timetable until stopped; any number may run."""
        run_scheduler(assembly)

    return serve, worker, scheduler
