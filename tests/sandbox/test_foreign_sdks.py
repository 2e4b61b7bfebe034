"""Two SDKs written by others stand for the backend: each reads us, and we read each."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import werobot  # type: ignore[import-untyped]  # it has no types
from flask import Flask, Response, request
from wechatpy import create_reply, parse_message  # type: ignore[import-untyped]  # as above
from wechatpy.crypto import WeChatCrypto  # type: ignore[import-untyped]  # as above
from werkzeug.serving import make_server
from werobot.contrib.flask import make_view  # type: ignore[import-untyped]  # as above

from tests.sandbox.conftest import Starter
from wxapp_backend.sandbox.accounts import ACCOUNTS, OFFICIAL_ACCOUNT

ACCOUNT = ACCOUNTS[OFFICIAL_ACCOUNT]
Serve = Callable[[Flask], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve a Flask application on a free port."""
    stops: list[Callable[[], None]] = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        stops.extend((server.shutdown, thread.join, server.server_close))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for stop in stops:
        stop()


def wechatpy_backend() -> Flask:
    """Answer with wechatpy: decrypt, parse, reply, encrypt."""
    app = Flask("wechatpy-backend")
    crypto = WeChatCrypto(ACCOUNT.token, ACCOUNT.encoding_aes_key, ACCOUNT.appid)

    @app.post(ACCOUNT.callback_path)
    def take() -> Response:
        given = request.args
        xml = crypto.decrypt_message(
            request.get_data(), given["msg_signature"], given["timestamp"], given["nonce"]
        )
        message = parse_message(xml)
        if message.type == "text":
            words = f"text {message.content}"
        elif message.event == "click":
            words = f"click {message.key}"
        else:
            words = f"{message.event.removesuffix('_scan')} {message.scene_id}"
        reply = create_reply(words, message).render()
        return Response(crypto.encrypt_message(reply, given["nonce"], given["timestamp"]))

    return app


def werobot_backend() -> Flask:
    """Answer with WeRoBot, which brings its own encryption over the same primitives."""
    robot = werobot.WeRoBot(
        config={
            "TOKEN": ACCOUNT.token,
            "ENCODING_AES_KEY": ACCOUNT.encoding_aes_key,
            "APP_ID": ACCOUNT.appid,
            "SESSION_STORAGE": False,
        }
    )

    answers: dict[str, Callable[[Any], str]] = {
        "text": lambda message: f"text {message.content}",
        "subscribe_event": lambda message: "subscribe " + message.key.removeprefix("qrscene_"),
        "scan_event": lambda message: f"scan {message.key}",
        "click_event": lambda message: f"click {message.key}",
    }
    for kind, answer in answers.items():
        robot.add_handler(answer, type=kind)

    app = Flask("werobot-backend")
    app.add_url_rule(ACCOUNT.callback_path, "wechat", make_view(robot), methods=["POST"])
    return app


@pytest.mark.parametrize("backend", [wechatpy_backend, werobot_backend])
def test_foreign_sdk_reads_us_and_we_read_it(
    start: Starter, serve: Serve, backend: Callable[[], Flask]
) -> None:
    """Texts and events arrive intact, and its encrypted replies are shown."""
    sandbox = start(backend=serve(backend()))
    person = sandbox.person()

    def reply(action: str, **body: object) -> object:
        return [one["text"] for one in sandbox.act(person, action, **body)["replies"]]

    assert reply("follow", scene="7KQ2M9AB") == ["subscribe 7KQ2M9AB"]
    assert reply("follow", scene="7KQ2M9AB") == ["scan 7KQ2M9AB"]
    assert reply("send", text="帮助 😀 & <b>") == ["text 帮助 😀 & <b>"]
    assert reply("tap-menu", key="points") == ["click points"]


def test_wechatpy_reads_every_kind_of_event(start: Starter, serve: Serve) -> None:
    """The sandbox's pushes parse to wechatpy's own classes, also the mini-program's."""
    seen: list[tuple[str, object]] = []
    app = Flask("listening-backend")

    @app.post("/wechat/<name>")
    def take(name: str) -> str:
        account = next(one for one in ACCOUNTS.values() if one.callback_path.endswith(name))
        crypto = WeChatCrypto(account.token, account.encoding_aes_key, account.appid)
        given = request.args
        message = parse_message(
            crypto.decrypt_message(
                request.get_data(), given["msg_signature"], given["timestamp"], given["nonce"]
            )
        )
        seen.append((type(message).__name__, getattr(message, "subscribes", None)))
        return "success"

    sandbox = start(backend=serve(app))
    person = sandbox.person(follows=True)
    template_ids = [one.template_id for one in ACCOUNTS["mini_program"].templates[:2]]

    sandbox.act(person, "subscribe", template_ids=template_ids, accept=True)
    sandbox.act(person, "unfollow")

    names = [name for name, _ in seen]
    assert names == ["SubscribeEvent", "SubscribeMsgPopupEvent", "UnsubscribeEvent"]
    answers = seen[1][1]
    assert isinstance(answers, list)
    assert [one["TemplateId"] for one in answers] == template_ids
