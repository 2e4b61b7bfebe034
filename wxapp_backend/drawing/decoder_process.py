"""The process in which uploads are decoded: it may compute for a while, and nothing else.

`python -m wxapp_backend.drawing.decoder_process MEMORY_BYTES CPU_SECONDS LIFE_SECONDS`; its
standard input is a socket. It says when it is ready for a request, and again when it is ready for
the upload that belongs to it; a request is a kind and the upload's length. An answer is either size
and RGB pixels, or the number of a cause. When the other end hangs up, it ends.
"""

from __future__ import annotations

import io
import math
import resource
import socket
import struct
import sys
from collections.abc import Callable

from PIL import Image

from wxapp_backend.drawing.errors import ImageRefused
from wxapp_backend.drawing.images import avatar_pixels

REQUEST = struct.Struct(">cI")
ANSWER = struct.Struct(">cII")
READY = b"+"
PIXELS, REFUSED = b"P", b"R"
CAUSES = ("damaged", "too_large", "unsupported_format", "too_many_pixels")
"""Answers name a cause by its place here, so that no word of a hijacked process is passed on."""

KINDS: dict[bytes, Callable[[bytes], Image.Image]] = {b"a": avatar_pixels}

_STDIN = 0


def main(memory_bytes: int, cpu_seconds: int, life_seconds: int) -> None:
    """Decode what is asked for until nobody asks any more."""
    with socket.socket(fileno=_STDIN) as line:
        _warm_up()
        _shut_in(memory_bytes)
        _warm_up()  # nothing that decoding needs has been given up
        line.sendall(READY)
        while head := line.recv(REQUEST.size, socket.MSG_WAITALL):
            kind, length = REQUEST.unpack(head)
            _allow(cpu_seconds, life_seconds)
            line.sendall(READY)
            line.sendall(_answer(kind, line.recv(length, socket.MSG_WAITALL)))


def _answer(kind: bytes, upload: bytes) -> bytes:
    try:
        picture = KINDS[kind](upload)
    except ImageRefused as refusal:
        return ANSWER.pack(REFUSED, CAUSES.index(refusal.code), 0)
    return ANSWER.pack(PIXELS, *picture.size) + picture.tobytes()


def _warm_up() -> None:
    """Decode a picture of each kind: Pillow loads much of itself only then."""
    for kind in ("JPEG", "PNG", "WEBP"):
        exif = Image.Exif()
        exif[0x0112] = 6
        sample = io.BytesIO()
        Image.new("RGB", (16, 16)).save(sample, kind, exif=exif)
        avatar_pixels(sample.getvalue())


def _shut_in(memory_bytes: int) -> None:
    """Give up whatever decoding does not need: memory, files, sockets, processes, core dumps."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _allow(cpu_seconds: int, life_seconds: int) -> None:
    """Allow that much computing from now on; the kernel ends a process that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (min(most, life_seconds), life_seconds))


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
