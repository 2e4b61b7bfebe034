"""The encryption of callbacks: AES-256-CBC over a 32-byte padding, and SHA-1 signatures.

WeChat: 消息推送 (消息加解密). Written for this program alone, so that the backend's library and
this one check each other.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

_BLOCK = 32  # the padding's block; AES's own is 16
_IV_BYTES = 16
_RANDOM_BYTES = 16
_LENGTH_BYTES = 4


class CannotDecrypt(Exception):
    """The text is not what the holder of this key would have sent."""


def sign(*parts: str) -> str:
    """Sign: SHA-1 of the parts in the order of their bytes, one after the other."""
    joined = b"".join(sorted(part.encode() for part in parts))
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


class MessageCrypto:
    """Encrypts and decrypts for one account.

    Attributes:
        appid: stands at the end of every message and is checked.

    """

    def __init__(self, token: str, encoding_aes_key: str, appid: str) -> None:
        self._token = token
        self._key = base64.b64decode(encoding_aes_key + "=")
        self.appid = appid

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Make the `msg_signature` of an encrypted text."""
        return sign(self._token, timestamp, nonce, encrypted)

    def is_signed(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bool:
        """Whether a `msg_signature` is right."""
        right = self.signature(timestamp, nonce, encrypted)
        return hmac.compare_digest(right.encode(), signature.encode())

    def encrypt(self, message: bytes, *, random: bytes | None = None) -> str:
        """Encrypt to base64; `random` is 16 bytes, fresh ones when not given."""
        salt = secrets.token_bytes(_RANDOM_BYTES) if random is None else random
        full = salt + len(message).to_bytes(_LENGTH_BYTES, "big") + message + self.appid.encode()
        pad = _BLOCK - len(full) % _BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(full + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """Decrypt a text whose signature was checked.

        Raises:
            CannotDecrypt: wrong key, broken text or another account's message.

        """
        full = self._unpadded(encrypted)
        start = _RANDOM_BYTES + _LENGTH_BYTES
        length = int.from_bytes(full[_RANDOM_BYTES:start], "big")
        message, appid = full[start : start + length], full[start + length :]
        if len(message) != length or appid != self.appid.encode():
            raise CannotDecrypt("the message is cut or meant for another account")
        return message

    def _unpadded(self, encrypted: str) -> bytes:
        try:
            sealed = base64.b64decode(encrypted, validate=True)
            decryptor = self._cipher().decryptor()
            padded = decryptor.update(sealed) + decryptor.finalize()
        except (binascii.Error, ValueError) as error:
            raise CannotDecrypt("not base64 of whole AES blocks") from error
        pad = padded[-1] if padded else 0
        if not 1 <= pad <= _BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise CannotDecrypt("wrong padding")
        return padded[:-pad]

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES256(self._key), CBC(self._key[:_IV_BYTES]))
