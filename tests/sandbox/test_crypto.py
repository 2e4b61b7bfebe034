"""The encryption of callbacks against WeChat's own examples and computed ones."""

import base64
import hashlib

import pytest

from wxapp_backend.sandbox.accounts import ACCOUNTS
from wxapp_backend.sandbox.callbacks.crypto import CannotDecrypt, MessageCrypto, sign

TOKEN = "laodaixinTestToken2026"
OURS = MessageCrypto(TOKEN, "kT7mQ2vX9pL4wR8sN1bY6cZ3dF5gH0jA2eU7iO4xMnE", "wxe1f2a3b4c5d6e7f8")
OFFICIAL = MessageCrypto("AAAAA", "A" * 43, "wxba5fad812f8e6fb9")

EVENT = """<xml><ToUserName><![CDATA[gh_store00000001]]></ToUserName>
<FromUserName><![CDATA[oFan0000000000000000000001aa]]></FromUserName>
<CreateTime>1767225600</CreateTime>
<MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[subscribe]]></Event>
<EventKey><![CDATA[qrscene_r_7Kq2M9]]></EventKey>
<Ticket><![CDATA[gQTESTTICKET0001]]></Ticket>
</xml>"""
EVENT_SEALED = (
    "JFlQ9YmbFrFy8mioGtX2C8x9oN4E/1B0hdMR4KVKpdWDmC7U+QmBYC/gFf+DAatVHmcaqB9Bms0JbuTd7sLG/H5viPUK"
    "0riypwpdeZ9ir8EwWmz9udZGTnBQV3CL8daJ9ZMzR3Zs7xjxp88ylZF4ZYNQo4j1Nz0vscFKYBsion+GDe1jqEWVrisU"
    "VPDGJnn6h8FIGX6eGaBVN2iN6aSgITpCSqH2tliSV6VOaImRxiT5DVq6hgacdYqoxh4atF+HlQ6hIqkpCuINkgNesmDb"
    "dEjeyTYPfVyAc2Q3VSzzvyKlyOqC68qZ25LpDCEQXd9isayjVtcSBVNV1gjPRVYt6BwTYI09MLLFah58L04pYE3GObyQ"
    "e8PYXR0SSKnb1dQCzntv9ldOcboKzRYBXSlAg99tBk4V9gWdcoD7bhh24QYOeEirsnSbwkaZxE+lTZbb1u9kTDcdGrk9"
    "HpQ/lqRXtFgO6u9HdF/QczZb3DD0ZKPt4WKHNjETvltSe6krKpBo"
)
REPLY = (
    "<xml><ToUserName><![CDATA[oFan0000000000000000000001aa]]></ToUserName>"
    "<FromUserName><![CDATA[gh_store00000001]]></FromUserName><CreateTime>1767225601</CreateTime>"
    "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{words}]]></Content></xml>"
)
REPLY_SEALED = (
    "Cufh7zVopJoV26fdC7QQ+KScwpQ5ff6HK2fmnsc2vLhS5/cUXIUHHBRykqpi4KDK47rj4MZO90pxnkw2KthsG4lZpbr4"
    "nGITELieAiaZkspsGdIscXGAeuX50kfmav2FMRD8nJYK+Crl/hZ+0EDRRMcTTD7I+DoMtKYLRR4wRD6zKpelnAGUmHG0"
    "fLTC+Qj7vDX6qSdjBc05rIVAApjo5Tk7x2vFBK5QmWjJGbJgvL8YXt9YTww4vEdmB7GtuttUWheWE2eGKNSU/WODfb/U"
    "HdYKCGLZpIXdYKUpTG8G1OD2xEvswltTnoEF+C07OQxMbTsuOlQKv3BlBXrJDRBmROO4UM44BL9tUp+48RGRx1+hRcEv"
    "KHrXKCPRhiAgUPjR"
)
OFFICIAL_REPLY_SEALED = (
    "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
)


@pytest.mark.parametrize(
    ("parts", "signature"),
    [
        (("AAAAA", "1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (("AAAAA", "1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        ((TOKEN, "1767225600", "1320562132"), "735520f562a2f1c28c208228dfbe403e3059f1af"),
    ],
)
def test_plain_signatures_are_those_of_the_examples(parts: tuple[str, ...], signature: str) -> None:
    """Token, timestamp and nonce are sorted as bytes, joined and hashed."""
    assert sign(*parts) == signature


def test_event_vector_holds_both_ways() -> None:
    """The computed event encrypts to the known text, has the known signature and decrypts."""
    message = EVENT.encode()
    assert hashlib.sha1(message, usedforsecurity=False).hexdigest() == (
        "b6f65300b16f7d090bd2abe1089dd2af69fa8d2b"
    )

    assert OURS.encrypt(message, random=b"Ab3dEf6hIj9lMn2p") == EVENT_SEALED
    assert OURS.signature("1767225600", "1320562132", EVENT_SEALED) == (
        "096cdc6094cc46aa6de9e77b2c3f9735b7bd74ca"
    )
    assert OURS.decrypt(EVENT_SEALED) == message


def test_reply_vector_holds_both_ways() -> None:
    """The computed reply encrypts to the known text, has the known signature and decrypts."""
    message = REPLY.format(words="欢迎光临").encode()

    assert OURS.encrypt(message, random=b"0123456789abcdef") == REPLY_SEALED
    assert OURS.signature("1767225601", "1320562132", REPLY_SEALED) == (
        "5e20fcec375dca8ef22f5c05cb7748f15f8d5a47"
    )
    assert OURS.decrypt(REPLY_SEALED) == message


def test_full_block_gets_a_block_of_padding() -> None:
    """A message that fills its blocks is padded by 32 bytes, not by none."""
    message = REPLY.format(words="A" * 16).encode()

    encrypted = OURS.encrypt(message, random=b"0123456789abcdef")

    assert len(base64.b64decode(encrypted)) == 320
    assert OURS.signature("1767225600", "1320562132", encrypted) == (
        "7af16d110ebba3ad4229a085282fc0b1fb67883c"
    )
    assert OURS.decrypt(encrypted) == message


def test_official_reply_vector_holds() -> None:
    """WeChat's own example of an encrypted reply comes out byte for byte."""
    message = b'{"demo_resp":"good luck"}'

    assert OFFICIAL.encrypt(message, random=b"707722b803182950") == OFFICIAL_REPLY_SEALED
    assert OFFICIAL.signature("1713424427", "415670741", OFFICIAL_REPLY_SEALED) == (
        "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    )
    assert OFFICIAL.decrypt(OFFICIAL_REPLY_SEALED) == message


@pytest.mark.parametrize("length", range(64))
def test_every_length_comes_back(length: int) -> None:
    """All padding lengths from 1 to 32 are understood."""
    message = b"x" * length

    assert OURS.decrypt(OURS.encrypt(message)) == message


@pytest.mark.parametrize(
    "broken",
    ["", "not base64!", base64.b64encode(b"x" * 33).decode(), base64.b64encode(b"x" * 64).decode()],
)
def test_broken_texts_are_refused(broken: str) -> None:
    """What nobody encrypted is an error of its own, never another one."""
    with pytest.raises(CannotDecrypt):
        OURS.decrypt(broken)


def test_message_for_another_account_is_refused() -> None:
    """The appid at the end is checked although the key is right."""
    other = MessageCrypto(
        TOKEN, "kT7mQ2vX9pL4wR8sN1bY6cZ3dF5gH0jA2eU7iO4xMnE", "wx0000000000000000"
    )

    with pytest.raises(CannotDecrypt):
        OURS.decrypt(other.encrypt(b"hello"))


def test_signature_covers_the_text() -> None:
    """A changed text or timestamp makes the signature wrong."""
    signature = OURS.signature("1", "2", "text")

    assert OURS.is_signed(signature, "1", "2", "text")
    assert not OURS.is_signed(signature, "1", "2", "texT")
    assert not OURS.is_signed(signature, "2", "2", "text")
    assert not OURS.is_signed("", "1", "2", "text")


def test_keys_of_the_accounts_are_well_formed() -> None:
    """Appids, secrets and keys look as the console makes them."""
    for account in ACCOUNTS.values():
        assert len(account.appid) == 18
        assert account.appid.startswith("wx")
        assert len(account.secret) == 32
        assert account.original_id.startswith("gh_")
        assert len(account.encoding_aes_key) == 43
        assert account.encoding_aes_key.isalnum()
        assert len(base64.b64decode(account.encoding_aes_key + "=", validate=True)) == 32
