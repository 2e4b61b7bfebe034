"""A lean HTTP client: what it costs is taken from the server that is measured."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence

_READ_BYTES = 65536
_TIMEOUT_SECONDS = 30


class Connections:
    """Connections that stay open, one for each thread."""

    def __init__(self, port: int, count: int) -> None:
        self._sockets = [
            socket.create_connection(("127.0.0.1", port), _TIMEOUT_SECONDS) for _ in range(count)
        ]
        for each in self._sockets:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send_all(self, requests: Sequence[bytes]) -> float:
        """Send all, each connection the next when its last is answered; return the seconds.

        Raises:
            RuntimeError: an answer was none of the 200s.
        """
        turn, lock, faults = iter(requests), threading.Lock(), list[bytes]()
        threads = [
            threading.Thread(target=_work, args=(each, turn, lock, faults))
            for each in self._sockets
        ]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - begun
        if faults:
            raise RuntimeError(f"{len(faults)} refusals, first: {faults[0][:500]!r}")
        return took

    def close(self) -> None:
        """Hang up."""
        for each in self._sockets:
            each.close()


def _work(
    connection: socket.socket, turn: Iterator[bytes], lock: threading.Lock, faults: list[bytes]
) -> None:
    while True:
        with lock:
            request = next(turn, None)
        if request is None:
            return
        connection.sendall(request)
        answer = _receive(connection)
        if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")):
            faults.append(answer)


def _receive(connection: socket.socket) -> bytes:
    answer = b""
    while b"\r\n\r\n" not in answer:
        part = connection.recv(_READ_BYTES)
        if not part:
            return answer or b"(connection closed)"
        answer += part
    head, _, rest = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    while len(rest) < length:
        rest += connection.recv(_READ_BYTES)
    return head + b"\r\n\r\n" + rest
