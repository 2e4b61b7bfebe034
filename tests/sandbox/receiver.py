"""A backend made for tests: it takes callbacks over real HTTP and answers as it is told."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from wxapp_backend.sandbox.accounts import ACCOUNTS, Account
from wxapp_backend.sandbox.callbacks.crypto import MessageCrypto
from wxapp_backend.sandbox.callbacks.xml import build, parse


@dataclass(frozen=True, slots=True)
class Delivery:
    """One callback as it arrived."""

    account: Account
    query: dict[str, str]
    body: bytes

    @property
    def outer(self) -> dict[str, object]:
        """The XML of the body."""
        return parse(self.body)

    @property
    def message(self) -> dict[str, object]:
        """The message itself, decrypted when it came encrypted."""
        encrypted = self.outer.get("Encrypt")
        if encrypted is None:
            return self.outer
        return parse(crypto_of(self.account).decrypt(str(encrypted)))

    @property
    def kind(self) -> str:
        """The event's name, or the message's type."""
        return str(self.message.get("Event") or self.message["MsgType"])


Answer = Callable[[Delivery], tuple[int, bytes]]


def crypto_of(account: Account) -> MessageCrypto:
    """Make the encryption of an account."""
    return MessageCrypto(account.token, account.encoding_aes_key, account.appid)


def silent(_: Delivery) -> tuple[int, bytes]:
    """Answer that there is nothing to say."""
    return 200, b"success"


def text_reply(delivery: Delivery, words: str, **changed: object) -> str:
    """Make the XML of a text reply to a callback."""
    fields: dict[str, object] = {
        "ToUserName": delivery.message["FromUserName"],
        "FromUserName": delivery.message["ToUserName"],
        "CreateTime": 1767225601,
        "MsgType": "text",
        "Content": words,
    }
    return build(fields | changed)


def sealed(delivery: Delivery, reply: str) -> bytes:
    """Put a reply into the envelope of the safe mode."""
    crypto = crypto_of(delivery.account)
    encrypted = crypto.encrypt(reply.encode())
    fields: dict[str, object] = {
        "Encrypt": encrypted,
        "MsgSignature": crypto.signature("1767225601", "1320562132", encrypted),
        "TimeStamp": 1767225601,
        "Nonce": "1320562132",
    }
    return build(fields).encode()


class _Server(ThreadingHTTPServer):
    """A server that many can knock at together."""

    daemon_threads = True
    request_queue_size = 128


class Receiver:
    """The backend: what arrived, in order, and what it answers."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.answer: Answer = silent
        self._arrived = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait_for(self, kind: str, times: int = 1, *, seconds: float = 10) -> list[Delivery]:
        """Wait until so many callbacks of a kind have arrived."""
        with self._arrived:
            done = self._arrived.wait_for(lambda: len(self.of(kind)) >= times, seconds)
        assert done, f"{kind} came {len(self.of(kind))} times"
        return self.of(kind)

    def of(self, kind: str) -> list[Delivery]:
        """List the callbacks of a kind."""
        return [one for one in self.deliveries if one.kind == kind]

    def _take(self, target: str, body: bytes) -> tuple[int, bytes]:
        path = urlsplit(target).path
        account = next(one for one in ACCOUNTS.values() if one.callback_path == path)
        delivery = Delivery(account, dict(parse_qsl(urlsplit(target).query)), body)
        with self._arrived:
            self.deliveries.append(delivery)
            self._arrived.notify_all()
        return self.answer(delivery)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            """Hands every POST to the receiver."""

            def do_POST(self) -> None:
                """Take a callback."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = receiver._take(self.path, body)
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except BrokenPipeError:
                    self.close_connection = True  # the sandbox did not wait for so long

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                """Say nothing."""

        return Handler
