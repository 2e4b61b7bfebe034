"""Starting and stopping a sandbox, in a thread of a test or as a program of its own."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

from waitress.server import create_server
from waitress.wasyncore import close_all

from wxapp_backend.sandbox.app import create_app
from wxapp_backend.sandbox.options import Mode, Options
from wxapp_backend.sandbox.world import World

# A phone's action waits for the backend, which meanwhile asks the sandbox: there must be threads
# left for its questions.
THREADS = 64
CONNECTIONS = 900  # below what select() can watch
LOOPBACK = "127.0.0.1"


class _Trigger(Protocol):
    def pull_trigger(self, thunk: Callable[[], None]) -> None: ...


class _Dispatcher(Protocol):
    def shutdown(self, *, timeout: int) -> bool: ...


class _Server(Protocol):
    """The part of waitress' server that is used here; its published types are not right."""

    effective_port: str
    trigger: _Trigger
    task_dispatcher: _Dispatcher

    def run(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Handle:
    """A running sandbox."""

    url: str
    world: World
    _server: _Server
    _sockets: dict[int, object]
    _thread: threading.Thread

    def stop(self) -> None:
        """Stop serving and let the port go."""
        self.world.stop()
        # A request that ended just now may have woken the loop already: then it has done the work
        # and its pipe is gone before this thread writes to it.
        with contextlib.suppress(OSError):
            self._server.trigger.pull_trigger(self._end)
        self._thread.join(timeout=10)

    def _end(self) -> None:
        """Close all sockets, in the server's own thread: its loop ends when none is left."""
        self._server.task_dispatcher.shutdown(timeout=1)
        close_all(cast("Any", self._sockets), ignore_all=True)


def start(
    port: int = 0,
    backend: str = "http://127.0.0.1:8000",
    mode: Mode = "safe",
    *,
    host: str = LOOPBACK,
    options: Options | None = None,
) -> Handle:
    """Serve in a thread; port 0 takes a free one. `options`, when given, go before the rest."""
    world = World(options or Options(backend=backend.rstrip("/"), mode=mode))
    sockets: dict[int, object] = {}
    server = _make_server(world, host, port, sockets)
    thread = threading.Thread(target=server.run, name="wechat-sandbox", daemon=True)
    thread.start()
    return Handle(f"http://{host}:{server.effective_port}", world, server, sockets, thread)


def serve(options: Options, *, host: str, port: int) -> None:
    """Serve until interrupted."""
    world = World(options)
    server = _make_server(world, host, port, {})
    try:
        server.run()
    finally:
        world.stop()


def _make_server(world: World, host: str, port: int, sockets: dict[int, object]) -> _Server:
    make: Callable[..., object] = create_server
    server = make(
        create_app(world),
        map=sockets,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=CONNECTIONS,
        ident="WeChat sandbox",
    )
    return cast("_Server", server)
