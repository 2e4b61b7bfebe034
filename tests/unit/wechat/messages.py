"""Builds callbacks as WeChat sends them, by means of another library's encryption."""

import base64
from typing import Any

from werobot.crypto import PrpCrypto  # type: ignore[import-untyped]  # ships no types
from werobot.utils import get_signature  # type: ignore[import-untyped]  # same

from wxapp_backend.infra.wechat.inbox import CallbackKeys

OPENID = "oFan0000000000000000000001aa"
ACCOUNT = "gh_store00000001"
KEYS = CallbackKeys(
    appid="wxe1f2a3b4c5d6e7f8",
    token="a-token-for-tests",
    aes_key="kT7mQ2vX9pL4wR8sN1bY6cZ3dF5gH0jA2eU7iO4xMnE",
)
OTHER_AES_KEY = "Zm9yIHRlc3RzIG9ubHkgYW5kIG5vdGhpbmcgZWxzZSE"[:43]


def xml(kind: str = "text", inner: str = "<Content><![CDATA[你好]]></Content>") -> str:
    """Return a plain XML message of `kind` with the common fields around `inner`."""
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{OPENID}]]></FromUserName>"
        f"<CreateTime>1767225600</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    )


def event_xml(name: str, inner: str = "") -> str:
    """Return a plain XML event."""
    return xml("event", f"<Event><![CDATA[{name}]]></Event>{inner}")


def plain_args(keys: CallbackKeys = KEYS, **more: str) -> dict[str, str]:
    """Return the query of a plain callback, correctly signed."""
    signed = get_signature(keys.token, "1767225600", "nonce1")
    return {"signature": signed, "timestamp": "1767225600", "nonce": "nonce1", **more}


def foreign_crypto(aes_key: str) -> Any:
    """Return the other library's cipher."""
    return PrpCrypto(base64.b64decode(aes_key + "="))


def sealed(
    message: str, keys: CallbackKeys = KEYS, aes_key: str = ""
) -> tuple[dict[str, str], str]:
    """Encrypt with the other library; return the query and the Encrypt text."""
    secret = foreign_crypto(aes_key or keys.aes_key).encrypt(message, keys.appid).decode()
    args = plain_args(keys, encrypt_type="aes")
    args["msg_signature"] = get_signature(keys.token, args["timestamp"], args["nonce"], secret)
    return args, secret


def safe(
    message: str, keys: CallbackKeys = KEYS, aes_key: str = ""
) -> tuple[dict[str, str], bytes]:
    """Return query and body of a callback in safe mode, XML."""
    args, secret = sealed(message, keys, aes_key)
    body = (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<Encrypt><![CDATA[{secret}]]></Encrypt></xml>"
    )
    return args, body.encode()
