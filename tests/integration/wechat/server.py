"""A small WeChat on loopback whose answers a test dictates, with everything it was asked."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

TOKEN_PATH = "/cgi-bin/stable_token"


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    content_type: str
    connection: int

    @property
    def json(self) -> dict[str, object]:
        """The body's object."""
        found: dict[str, object] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Answer:
    """What goes back: raw bytes, sent in pieces with a pause before each."""

    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    pieces: int = 1
    is_cut: bool = False
    """Close after half of the body."""


Script = Callable[[Asked], Answer]


def answer(_value: object = None, **fields: object) -> Answer:
    """Return an ordinary JSON answer."""
    return Answer(json.dumps(fields if _value is None else _value).encode())


def _ok(_: Asked) -> Answer:
    return answer(errcode=0, errmsg="ok")


class WeChatServer:
    """Answers by path; tokens by themselves unless a test says otherwise."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.scripts: dict[str, Script] = {TOKEN_PATH: self._token}
        self.token = "T0" + "x" * 120
        self.forced = 0
        self.url = ""
        self._lock = threading.Lock()
        self._queued: defaultdict[str, list[Answer]] = defaultdict(list)

    def script(self, path: str, script: Script | Answer) -> None:
        """Let `path` be answered so from now on."""
        self.scripts[path] = (lambda _: script) if isinstance(script, Answer) else script

    def queue(self, path: str, *answers: Answer) -> None:
        """Let the next requests for `path` be answered so, once each."""
        self._queued[path] += answers

    def calls(self, path: str) -> list[Asked]:
        """Return what `path` was asked."""
        with self._lock:
            return [asked for asked in self.asked if asked.path == path]

    def answer(self, asked: Asked) -> Answer:
        """Note the request and find its answer."""
        with self._lock:
            self.asked.append(asked)
            if self._queued[asked.path]:
                return self._queued[asked.path].pop(0)
        return self.scripts.get(asked.path, _ok)(asked)

    def _token(self, asked: Asked) -> Answer:
        """Behave as the stable endpoint: the same token, another one only by force."""
        if asked.json["force_refresh"]:
            self.forced += 1
            self.token = f"T{self.forced}" + "x" * 120
        return answer(access_token=self.token, expires_in=7200)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two packets; the second must not wait
    wechat: WeChatServer

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", 0))
        found = self.wechat.answer(
            Asked(
                method=self.command,
                path=parts.path,
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                body=self.rfile.read(length),
                content_type=self.headers.get("Content-Type", ""),
                connection=self.client_address[1],
            )
        )
        try:
            self._send(found)
        except OSError:  # the client stopped waiting, as some tests want
            self.close_connection = True

    def _send(self, found: Answer) -> None:
        time.sleep(found.pause if found.pieces == 1 else 0)
        self.send_response(found.status)
        self.send_header("Content-Length", str(len(found.body)))
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.end_headers()
        body = found.body[: len(found.body) // 2] if found.is_cut else found.body
        size = max(1, -(-len(body) // found.pieces))
        for start in range(0, len(body), size):
            if found.pieces > 1:
                time.sleep(found.pause)
            self.wfile.write(body[start : start + size])
        self.close_connection = self.close_connection or found.is_cut

    def log_message(self, *_: object) -> None:
        """Keep quiet: requests are in `asked`."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Keep quiet: clients of these tests leave early on purpose."""


@contextmanager
def running() -> Iterator[WeChatServer]:
    """Serve on an ephemeral port."""
    wechat = WeChatServer()
    server = _Quiet(("127.0.0.1", 0), type("Handler", (_Handler,), {"wechat": wechat}))
    wechat.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield wechat
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
