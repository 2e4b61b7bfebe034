"""The callback encryption agrees with WeChat's examples, both ways."""

import base64

import pytest

from tests.unit.wechat.vectors import (
    ALL,
    FULL_BLOCK_MESSAGE,
    FULL_BLOCK_SIGNATURE,
    OFFICIAL_POST,
    OUR_REPLY,
    Vector,
)
from wxapp_backend.infra.wechat.cipher import MessageCipher, is_signed, make_salt, signature
from wxapp_backend.infra.wechat.errors import NotConfigured, Undecodable


def _cipher(vector: Vector) -> MessageCipher:
    return MessageCipher(vector.keys.aes_key, vector.keys.appid, salt=lambda: vector.salt)


@pytest.mark.parametrize("vector", ALL)
def test_encryption_gives_the_example_byte_for_byte(vector: Vector) -> None:
    """With the example's random part, the ciphertext is the example's."""
    assert _cipher(vector).encrypt(vector.message) == vector.sealed


@pytest.mark.parametrize("vector", ALL)
def test_decryption_gives_the_examples_message(vector: Vector) -> None:
    """The example's ciphertext opens to its message."""
    assert _cipher(vector).decrypt(vector.sealed) == vector.message


@pytest.mark.parametrize("vector", ALL)
def test_signature_of_the_example_holds(vector: Vector) -> None:
    """The four-part signature is the example's, and any change breaks it."""
    parts = (vector.keys.token, vector.timestamp, vector.nonce, vector.sealed)

    assert signature(*parts) == vector.signature
    assert is_signed(vector.signature, *parts)
    assert not is_signed(vector.signature, *parts[:-1], vector.sealed[:-1])


def test_message_that_fills_its_last_block_gets_a_whole_block_of_padding() -> None:
    """Padding runs to 32 bytes even though AES has blocks of 16."""
    sealed = _cipher(OUR_REPLY).encrypt(FULL_BLOCK_MESSAGE)

    assert len(base64.b64decode(sealed)) == 320
    assert _cipher(OUR_REPLY).decrypt(sealed) == FULL_BLOCK_MESSAGE
    keys = OUR_REPLY.keys
    assert signature(keys.token, "1767225600", OUR_REPLY.nonce, sealed) == FULL_BLOCK_SIGNATURE


@pytest.mark.parametrize(
    ("timestamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_plain_signature_is_the_examples(timestamp: str, nonce: str, expected: str) -> None:
    """The three-part signature of a GET and of a plain POST is WeChat's."""
    assert is_signed(expected, "AAAAA", timestamp, nonce)
    assert not is_signed("", "AAAAA", timestamp, nonce)
    assert not is_signed("签名", "AAAAA", timestamp, nonce)


def test_another_apps_message_is_refused() -> None:
    """The appid inside the message decides whose it is."""
    other = MessageCipher(OFFICIAL_POST.keys.aes_key, "wxanother")

    with pytest.raises(Undecodable, match="other_app"):
        other.decrypt(OFFICIAL_POST.sealed)


@pytest.mark.parametrize("sealed", ["", "x", "AAAA", "====", "A" * 64, "中文", "A" * 43])
def test_what_is_no_ciphertext_is_undecodable(sealed: str) -> None:
    """Damaged text gives our error, whatever the library trips over."""
    with pytest.raises(Undecodable):
        _cipher(OFFICIAL_POST).decrypt(sealed)


def test_another_key_is_undecodable() -> None:
    """A message under a key we do not have gives our error."""
    other = MessageCipher("B" * 43, OFFICIAL_POST.keys.appid)

    with pytest.raises(Undecodable):
        other.decrypt(OFFICIAL_POST.sealed)


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "A" * 42 + "!", "A" * 42 + "\n"])
def test_wrong_key_is_a_matter_of_configuration(key: str) -> None:
    """A key of another length or alphabet is refused at start-up, and not shown."""
    with pytest.raises(NotConfigured) as caught:
        MessageCipher(key, "wxa")

    assert not key or key not in str(caught.value)


def test_salts_differ_and_have_sixteen_characters() -> None:
    """Each message begins with its own 16 unpredictable bytes."""
    salts = {make_salt() for _ in range(100)}

    assert len(salts) == 100
    assert {len(salt.encode()) for salt in salts} == {16}
