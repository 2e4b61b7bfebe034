"""Many posters into files, drawn in processes; the caller hears how many are done."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from wxapp_backend.drawing.content import Content, Format
from wxapp_backend.drawing.errors import DrawingError
from wxapp_backend.drawing.inspection import Inspector
from wxapp_backend.drawing.renderer import Renderer
from wxapp_backend.drawing.templates import Template, load_template

_CHUNK = 50


@dataclass(frozen=True, slots=True)
class Job:
    """One poster: what stands on it and the file it goes to (`.png` for PNG, else JPEG)."""

    content: Content
    file: Path


@dataclass(frozen=True, slots=True)
class Failure:
    """A poster that was not written, and why."""

    file: Path
    reason: str


class _Worker:
    """What one process keeps: templates of one folder compiled once."""

    def __init__(self, folder: Path, size: tuple[int, int] | None) -> None:
        self._template: Template = load_template(folder)
        self._size = size
        self._renderer = Renderer()
        self._inspector = Inspector()

    def write(self, jobs: list[Job]) -> list[Failure]:
        """Draw and write some posters."""
        return [failure for job in jobs if (failure := self._write(job)) is not None]

    def _write(self, job: Job) -> Failure | None:
        wanted: Format = "png" if job.file.suffix.lower() == ".png" else "jpeg"
        try:
            poster = self._renderer.render(
                self._template, job.content, size=self._size, format=wanted
            )
        except DrawingError as error:
            return Failure(job.file, str(error))
        if not self._inspector.passes(self._template, job.content, poster):
            return Failure(job.file, "the code cannot be read back")
        job.file.parent.mkdir(parents=True, exist_ok=True)
        job.file.write_bytes(poster.data)
        return None


_worker: _Worker | None = None


def _start(folder: Path, size: tuple[int, int] | None) -> None:
    global _worker  # noqa: PLW0603 - the pool's way to give each process something of its own
    _worker = _Worker(folder, size)


def _write_chunk(jobs: list[Job]) -> tuple[int, list[Failure]]:
    assert _worker is not None
    return len(jobs), _worker.write(jobs)


def _chunks(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    waiting = iter(jobs)
    while chunk := list(islice(waiting, _CHUNK)):
        yield chunk


def write_posters(
    folder: Path,
    jobs: Iterable[Job],
    *,
    processes: int,
    size: tuple[int, int] | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Failure]:
    """Write all posters of one template's folder; `progress` hears how many more are done.

    Raises:
        UnknownTemplate: the folder holds no template, or it has no such size.
        TemplateError: the template is wrong.

    """
    load_template(folder).size(size)
    failures: list[Failure] = []
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(folder, size),
    )
    with pool:
        for done, failed in pool.map(_write_chunk, _chunks(jobs)):
            failures += failed
            if progress is not None:
                progress(done)
    return failures
