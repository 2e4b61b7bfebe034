"""A whole installation on free ports: sandbox and shop as real processes."""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import rich.console

from demo.launch import Launcher
from demo.settings import Plan


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    folder: Path, *, database_url: str = "", redis_url: str = "", log_level: str = "WARNING"
) -> Generator[tuple[Launcher, Path]]:
    """Start everything in `folder`, yield the launcher and the file of all output, stop it all."""
    plan = Plan(
        backend=f"http://127.0.0.1:{free_port()}",
        sandbox=f"http://127.0.0.1:{free_port()}",
        settings=folder / "settings.toml",
        data=folder,
        database_url=database_url,
        redis_url=redis_url,
        log_level=log_level,
    )
    printed = folder / "printed.txt"
    with printed.open("wb") as output:
        console = rich.console.Console(quiet=True)
        launcher = Launcher(plan, console, output=output)
        try:
            launcher.start()
            yield launcher, printed
        finally:
            launcher.stop()
