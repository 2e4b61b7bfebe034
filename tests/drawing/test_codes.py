"""Codes: the smallest symbol is chosen, and what is on the picture reads back."""

import pytest
from PIL import Image

from tests.drawing.people import encoded
from wxapp_backend.drawing import CodeTooLong, ImageRefused, read_code, reads_back
from wxapp_backend.drawing.codes import choose_kind, reference_symbol, symbol_mask


def _picture_of(payload: bytes) -> bytes:
    symbol = reference_symbol(payload, choose_kind(len(payload), 41))
    code = symbol_mask(symbol, 8)
    ground = Image.new("L", (code.width + 64, code.height + 64), 255)
    ground.paste(0, (32, 32), code)
    return encoded(ground, "JPEG", quality=85)


@pytest.mark.parametrize(
    ("length", "modules"), [(14, 21), (26, 25), (42, 29), (43, 33), (62, 33), (78, 33)]
)
def test_smallest_symbol_is_chosen(length: int, modules: int) -> None:
    """Level M as long as it fits into the place, level L for the last bytes."""
    assert choose_kind(length, 33).modules == modules


def test_payload_beyond_the_place_is_refused() -> None:
    """A link that would need modules too small to scan is an error, not a worse code."""
    with pytest.raises(CodeTooLong, match="shorten the link"):
        choose_kind(79, 33)


@pytest.mark.parametrize(
    "payload", ["https://a.cn/r/7", "https://shop.example.com/r/A8K2MQ7P", "桂花树下的小店"]
)
def test_code_reads_back(payload: str) -> None:
    """A real decoder reads the text, also from half the size at JPEG quality 60."""
    picture = _picture_of(payload.encode())

    assert read_code(picture) == payload
    assert reads_back(picture, payload)
    assert not reads_back(picture, payload + "x")


def test_picture_without_code_reads_none() -> None:
    """No code is None; what is no picture is refused."""
    assert read_code(encoded(Image.new("RGB", (100, 100), "#ffffff"), "PNG")) is None
    with pytest.raises(ImageRefused):
        read_code(b"no picture")
