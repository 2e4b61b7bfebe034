"""Progress of long work in the terminal; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

import rich.console
from rich.progress import Progress


@contextmanager
def shown_progress(doing: str) -> Generator[Callable[[int, int, str], None]]:
    """Yield a function that is told (done, total, what) and shows it on standard error."""
    console = rich.console.Console(stderr=True)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(doing)

        def tell(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what or doing)

        yield tell
