"""A callback of the official account, against the least that could answer it.

Encrypted mode, recorded in the database before it is answered. The least: wechatpy decrypts,
parses, replies and encrypts; an empty Flask view; one insert with its commit.
"""

from __future__ import annotations

import base64
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

import xmltodict
from flask import Flask, Response
from sqlalchemy import Column, Engine, MetaData, String, Table, insert
from wechatpy import parse_message  # type: ignore[import-untyped] # ships no types
from wechatpy.crypto import PrpCrypto, WeChatCrypto  # type: ignore[import-untyped] # same
from wechatpy.replies import TextReply  # type: ignore[import-untyped] # same

from bench.shop import open_shop
from bench.statements import queries, recorded
from bench.table import Row
from bench.turns import calls_of_each, cpu_seconds
from bench.wsgi_calls import ask, environ
from wxapp_backend.app import build_app
from wxapp_backend.infra.wechat.cipher import signature
from wxapp_backend.settings import WeChatApp

GOAL = 1.5
_FOLLOWER = "obench_a_follower_of_the_shop"
_ADDRESS = "/wechat/official-account"
_ANSWER = "你好，这里是引荐小店。" * 12
"""About as long as the help text."""


def rows() -> list[Row]:
    """Measure a text that is answered with the help, in-process, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        shop = open_shop(f"sqlite:///{folder}/callback.db", Path(folder))
        app, engine = build_app(shop.assembly), shop.assembly.db.engine
        account = shop.settings.wechat.official_account
        letters = [_letter(account) for _ in range(calls_of_each() + 2)]
        requests = iter(
            [environ(f"{_ADDRESS}?{urlencode(args)}", body=body) for args, body in letters]
        )
        ask(app, next(requests))
        with recorded(engine) as seen:
            ask(app, next(requests))
        ways: dict[str, Callable[[], object]] = {
            "ours": lambda: ask(app, next(requests)),
            "wechatpy": _wechatpy(account, letters),
            "flask": _empty_view(),
            "insert": _insert(engine),
        }
        taken = {name: seconds * 1e3 for name, seconds in cpu_seconds(ways).items()}
        engine.dispose()
    parts = (taken["wechatpy"], taken["flask"], taken["insert"])
    note = (
        f"{taken['ours']:.2f} ms against {' + '.join(f'{each:.2f}' for each in parts)} ms CPU; "
        f"{queries(seen)} queries"
    )
    return [
        Row(
            "callback, encrypted, recorded",
            "wechatpy + empty Flask view + insert",
            taken["ours"] / sum(parts),
            GOAL,
            note=note,
        )
    ]


def _letter(account: WeChatApp) -> tuple[dict[str, str], bytes]:
    """Return the query and body of a text message, as WeChat posts it."""
    text = xmltodict.unparse(
        {
            "xml": {
                "ToUserName": "gh_bench",
                "FromUserName": _FOLLOWER,
                "CreateTime": "1790000000",
                "MsgType": "text",
                "Content": "你好",
                "MsgId": str(secrets.randbits(62)),
            }
        },
        full_document=False,
    )
    cipher = PrpCrypto(base64.b64decode(account.encoding_aes_key + "="))
    sealed = cipher.encrypt(text, account.appid).decode()
    args = {"timestamp": "1790000000", "nonce": secrets.token_hex(8), "encrypt_type": "aes"}
    args["msg_signature"] = signature(account.token, args["timestamp"], args["nonce"], sealed)
    body = f"<xml><ToUserName>gh_bench</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
    return args, body.encode()


def _wechatpy(
    account: WeChatApp, letters: Sequence[tuple[dict[str, str], bytes]]
) -> Callable[[], object]:
    crypto = WeChatCrypto(account.token, account.encoding_aes_key, account.appid)
    turn: Iterator[tuple[dict[str, str], bytes]] = iter(letters)

    def answer() -> object:
        args, body = next(turn)
        stamp, nonce = args["timestamp"], args["nonce"]
        text = crypto.decrypt_message(body, args["msg_signature"], stamp, nonce)
        reply = TextReply(content=_ANSWER, message=parse_message(text))
        return crypto.encrypt_message(reply.render(), nonce, stamp)

    return answer


def _empty_view() -> Callable[[], object]:
    bare = Flask("bare")

    @bare.post("/empty")
    def empty() -> Response:
        return Response(b"", content_type="text/plain")

    request = environ("/empty", body=b"-")
    return lambda: ask(bare, request)


def _insert(engine: Engine) -> Callable[[], object]:
    seen = Table("bench_seen", MetaData(), Column("id", String(64), primary_key=True))
    seen.create(engine)

    def write() -> None:
        with engine.begin() as connection:
            connection.execute(insert(seen), {"id": secrets.token_hex(32)})

    return write
