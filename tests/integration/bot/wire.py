"""Callbacks as WeChat sends them, made by hand for tests that need odd ones."""

from __future__ import annotations

import hashlib
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from wxapp_backend.sandbox.accounts import ACCOUNTS, OFFICIAL_ACCOUNT, Account
from wxapp_backend.sandbox.callbacks.crypto import MessageCrypto
from wxapp_backend.sandbox.callbacks.xml import build, parse

STAMP, NONCE = "1767225601", "1320562132"


def account_of(kind: str = OFFICIAL_ACCOUNT) -> Account:
    """Return one of the sandbox's accounts."""
    return ACCOUNTS[kind]  # type: ignore[index] # one of the two kinds


def crypto_of(account: Account) -> MessageCrypto:
    """Return the account's encryption."""
    return MessageCrypto(account.token, account.encoding_aes_key, account.appid)


def message(openid: str, kind: str = OFFICIAL_ACCOUNT, **fields: Any) -> dict[str, object]:
    """Return the fields of a callback."""
    return {
        "ToUserName": account_of(kind).original_id,
        "FromUserName": openid,
        "CreateTime": 1767225600,
        **fields,
    }


def text(openid: str, words: str, msg_id: int = 1) -> dict[str, object]:
    """Return what somebody wrote."""
    return message(openid, MsgType="text", Content=words, MsgId=msg_id)


def event(openid: str, name: str, **fields: Any) -> dict[str, object]:
    """Return an event."""
    return message(openid, MsgType="event", Event=name, **fields)


def sealed(fields: dict[str, object], kind: str = OFFICIAL_ACCOUNT) -> tuple[str, bytes]:
    """Return the query and the body of a callback in safe mode."""
    account = account_of(kind)
    crypto = crypto_of(account)
    encrypted = crypto.encrypt(build(fields).encode())
    signature = crypto.signature(STAMP, NONCE, encrypted)
    query = f"timestamp={STAMP}&nonce={NONCE}&msg_signature={signature}&encrypt_type=aes"
    body = build({"ToUserName": account.original_id, "Encrypt": encrypted}).encode()
    return query, body


def send(
    client: FlaskClient, fields: dict[str, object], kind: str = OFFICIAL_ACCOUNT
) -> TestResponse:
    """Deliver a callback in safe mode."""
    query, body = sealed(fields, kind)
    return client.post(f"{account_of(kind).callback_path}?{query}", data=body)


def said(answer: TestResponse) -> str:
    """Return the text of a sealed answer; "" when nothing is said."""
    assert answer.status_code == 200, answer.text
    if answer.data == b"success":
        return ""
    encrypted = str(parse(answer.data)["Encrypt"])
    return str(parse(crypto_of(account_of()).decrypt(encrypted))["Content"])


def plain_query(token: str) -> dict[str, str]:
    """Return a query that is signed as in plain mode."""
    joined = "".join(sorted((token, STAMP, NONCE)))
    signature = hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()
    return {"timestamp": STAMP, "nonce": NONCE, "signature": signature}
