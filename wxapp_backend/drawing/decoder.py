"""Where strangers' pictures are decoded: in processes of their own, with little to lose.

A decoder that crashes, eats memory or never ends takes such a process with it and nothing else; to
the sender the picture is damaged. What comes back are bare pixels of a known size, and the JPEG
that is kept is made of them here. Without POSIX limits (Windows) pictures are decoded in this
process, within the bounds of `images`.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from wxapp_backend.drawing.errors import DrawingError, ImageRefused
from wxapp_backend.drawing.images import (
    AVATAR_SIDE,
    avatar_pixels,
    encoded,
    refuse_unfit,
)

if os.name == "posix":
    from wxapp_backend.drawing import decoder_process

IS_APART = os.name == "posix"
"""Whether this system can shut a process in."""

_ROOT = Path(__file__).parents[2]
_PIXEL_BYTES = 3
_START_SECONDS = 20.0
_JOBS = 200
"""Pictures after which a process is replaced: what one left in memory does not meet the next."""

log = logging.getLogger(__name__)


class DecoderBusy(DrawingError):
    """No process is free to decode a picture, or none can be started; try again soon."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may take.

    Attributes:
        memory_bytes: address space, the interpreter included.
        cpu_seconds: computing for one picture.
        wall_seconds: time for one picture, and that a picture waits for its turn.
        life_seconds: computing before the process is replaced; more than `cpu_seconds`.
    """

    memory_bytes: int = 512 * 1024 * 1024
    cpu_seconds: int = 5
    wall_seconds: float = 8.0
    life_seconds: int = 60


class ImageDecoder:
    """Decodes uploads; safe to share between threads, processes start when first needed."""

    def __init__(
        self, *, processes: int = 2, waiting: int = 8, limits: Limits | None = None
    ) -> None:
        """Prepare for so many pictures at once, and so many more that wait."""
        self._limits = limits or Limits()
        self._places = threading.BoundedSemaphore(processes + waiting)
        self._turns = threading.BoundedSemaphore(processes)
        self._idle: list[_Child] = []
        self._is_closed = False
        weakref.finalize(self, _end_all, self._idle)  # for whoever does not close it

    @property
    def idle_pids(self) -> list[int]:
        """Return the processes that wait for a picture."""
        return [child.pid for child in list(self._idle)]

    def avatar(self, upload: bytes) -> bytes:
        """Answer a square JPEG of 208 px, upright and without metadata, cut from the middle.

        Raises:
            ImageRefused: see its `code`.
            DecoderBusy: nobody looked at the picture.
        """
        if not IS_APART:
            return encoded(avatar_pixels(upload))
        return encoded(self._develop(b"a", upload, AVATAR_SIDE))

    def close(self) -> None:
        """End the processes; one that is at work ends when its picture is done."""
        self._is_closed = True
        _end_all(self._idle)

    def _develop(self, kind: bytes, upload: bytes, side: int) -> Image.Image:
        refuse_unfit(upload)
        with self._turn():
            child = self._take(kind, len(upload))
            try:
                picture = child.develop(upload, side)
            except ImageRefused:
                self._put_back(child)
                raise
            except (OSError, _Broken) as problem:
                status = child.end()
                why = {"why": type(problem).__name__, "exit_status": status}
                log.warning("decoding a picture was ended", extra=why)
                raise ImageRefused("damaged", "the picture cannot be read") from None
            except BaseException:
                child.end()
                raise
            self._put_back(child)
            return picture

    @contextmanager
    def _turn(self) -> Generator[None]:
        if not self._places.acquire(blocking=False):
            raise DecoderBusy("too many pictures wait")
        try:
            if not self._turns.acquire(timeout=self._limits.wall_seconds):
                raise DecoderBusy("no process became free in time")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()

    def _take(self, kind: bytes, length: int) -> _Child:
        """Return a process that is ready for an upload of this length."""
        while self._idle:
            with suppress(IndexError):  # another thread was quicker
                child = self._idle.pop()
                if child.announce(kind, length):
                    return child
                child.end()  # it was ended from outside while it waited; no upload is to blame
        child = _Child(self._limits)
        if not child.announce(kind, length):
            child.end()
            raise DecoderBusy("a new process does not listen")
        return child

    def _put_back(self, child: _Child) -> None:
        spare = self._limits.life_seconds - self._limits.cpu_seconds - 1
        if child.jobs >= _JOBS or child.busy_seconds >= spare or self._is_closed:
            child.end()
        else:
            self._idle.append(child)


class _Broken(Exception):
    """The process hung up, or did not keep to the language."""


class _Child:
    """One process and the line to it."""

    def __init__(self, limits: Limits) -> None:
        self.jobs = 0
        self.busy_seconds = 0.0
        self._wall_seconds = limits.wall_seconds
        self._line, theirs = socket.socketpair()
        command = [sys.executable, "-m", decoder_process.__name__]
        command += [
            str(each) for each in (limits.memory_bytes, limits.cpu_seconds, limits.life_seconds)
        ]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 # our own interpreter and program
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                env={"PYTHONPATH": str(_ROOT)},  # none of our secrets
                start_new_session=True,  # a Ctrl-C is not for it
            )
        self.pid = self._process.pid
        try:
            self._deadline = time.monotonic() + _START_SECONDS
            self._expect_ready()
        except (OSError, _Broken) as problem:
            status = self.end()
            log.error("decoding processes do not start", extra={"exit_status": status})  # noqa: TRY400 # the trace says no more
            raise DecoderBusy("no process can be started") from problem

    def announce(self, kind: bytes, length: int) -> bool:
        """Say what comes, from when on its time counts; False: nobody listens any more."""
        self._deadline = time.monotonic() + self._wall_seconds
        try:
            self._send(decoder_process.REQUEST.pack(kind, length))
            self._expect_ready()
        except (OSError, _Broken):
            return False
        return True

    def develop(self, upload: bytes, side: int) -> Image.Image:
        """Have the picture decoded that was announced; its sides are `side` px at most.

        Raises:
            ImageRefused: the process says so.
            OSError: no answer in time, or no line.
            _Broken: the process is gone, or what it says makes no sense.
        """
        begun = time.monotonic()
        self._send(upload)
        answer, width, height = decoder_process.ANSWER.unpack(
            self._receive(decoder_process.ANSWER.size)
        )
        self.jobs += 1
        self.busy_seconds += time.monotonic() - begun
        if answer == decoder_process.REFUSED and width < len(decoder_process.CAUSES):
            raise ImageRefused(decoder_process.CAUSES[width], "the picture is not accepted")
        if answer != decoder_process.PIXELS or not (0 < width <= side and 0 < height <= side):
            raise _Broken
        pixels = self._receive(width * height * _PIXEL_BYTES)
        return Image.frombytes("RGB", (width, height), pixels)

    def end(self) -> int:
        """End the process at once, whatever it does, and return its exit status."""
        self._line.close()
        self._process.kill()
        return self._process.wait()

    def _expect_ready(self) -> None:
        if self._receive(len(decoder_process.READY)) != decoder_process.READY:
            raise _Broken

    def _send(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            self._line.settimeout(self._left())
            rest = rest[self._line.send(rest) :]

    def _receive(self, count: int) -> bytearray:
        found = bytearray()
        while len(found) < count:
            self._line.settimeout(self._left())
            part = self._line.recv(count - len(found))
            if not part:
                raise _Broken
            found += part
        return found

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _end_all(idle: list[_Child]) -> None:
    while idle:
        idle.pop().end()
