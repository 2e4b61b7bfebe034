"""WeChat's callback signature and encryption (WeChat: 消息推送), over wechatpy's cipher."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Callable

from wechatpy.crypto import PrpCrypto  # type: ignore[import-untyped]  # ships no types
from wechatpy.exceptions import InvalidAppIdException  # type: ignore[import-untyped]  # same

from wxapp_backend.infra.wechat.errors import NotConfigured, Undecodable

_AES_KEY = re.compile(r"[0-9A-Za-z]{43}")
_SALT_BYTES = 12  # 16 characters of base64


def signature(*parts: str) -> str:
    """Return the hex SHA-1 of the parts, sorted by their bytes and joined."""
    joined = b"".join(sorted(part.encode("utf-8", "replace") for part in parts))
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()  # WeChat's choice


def is_signed(claimed: str, *parts: str) -> bool:
    """Compare in constant time; an empty claim is never right."""
    expected = signature(*parts).encode("ascii")
    return hmac.compare_digest(expected, claimed.encode("utf-8", "replace"))


def make_salt() -> str:
    """Return 16 unpredictable characters, which begin each encrypted message."""
    return secrets.token_urlsafe(_SALT_BYTES)


class MessageCipher:
    """Encrypts and decrypts for one EncodingAESKey and appid."""

    def __init__(self, aes_key: str, appid: str, *, salt: Callable[[], str] = make_salt) -> None:
        if not _AES_KEY.fullmatch(aes_key):
            raise NotConfigured(None, "an EncodingAESKey has 43 letters and digits")
        # The 43rd character has two bits too many; a strict decoder would refuse many real keys.
        self._prp = PrpCrypto(base64.b64decode(aes_key + "="))
        self._prp.get_random_string = salt  # the library's own is predictable
        self._appid = appid

    def encrypt(self, text: str) -> str:
        """Return the base64 of the encrypted text."""
        sealed: bytes = self._prp.encrypt(text, self._appid)
        return sealed.decode("ascii")

    def decrypt(self, sealed: str) -> str:
        """Return the text; call it only on what carries a good signature.

        Raises:
            Undecodable: another key, another app's message, or no message at all.

        """
        try:
            text: str = self._prp.decrypt(sealed, self._appid)
        except InvalidAppIdException:
            raise Undecodable("other_app") from None
        except (ValueError, IndexError, struct.error, binascii.Error):
            raise Undecodable("not_decryptable") from None
        return text
