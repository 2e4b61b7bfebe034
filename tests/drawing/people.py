"""Pictures of made-up people, drawn on the spot."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from wxapp_backend.drawing import Content


def portrait(seed: int = 0, side: int = 320, **save: object) -> bytes:
    """Answer a JPEG of a face-like picture; another seed gives another one."""
    hue = seed * 67 % 360
    picture = Image.new("HSV", (side, side), (hue * 255 // 360, 90, 220)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((side * 0.2, side * 0.62, side * 0.8, side * 1.3), fill=(60, 70 + seed % 80, 120))
    draw.ellipse((side * 0.3, side * 0.2, side * 0.7, side * 0.66), fill=(238, 204, 178))
    draw.pieslice((side * 0.28, side * 0.16, side * 0.72, side * 0.6), 180, 360, fill=(44, 32, 28))
    picture = picture.filter(ImageFilter.GaussianBlur(side / 200))
    return encoded(picture, "JPEG", **save)


def encoded(picture: Image.Image, format_name: str, **save: object) -> bytes:
    """Answer the picture's file."""
    buffer = io.BytesIO()
    write: Callable[..., None] = picture.save
    write(buffer, format_name, **save)
    return buffer.getvalue()


def endless_jpeg() -> bytes:
    """Answer a small progressive JPEG whose last scan comes 20,000 times: minutes of decoding."""
    whole = encoded(Image.new("RGB", (2000, 2000), "#aa5522"), "JPEG", progressive=True, quality=50)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * 20_000 + b"\xff\xd9"


def content(nickname: str = "王小美", **more: object) -> Content:
    """Answer a poster's content with a link of the usual length."""
    facts = {"nickname": nickname, "shop_name": "禾木小馆", "offer": "立减 ¥20"}
    payload = str(more.pop("payload", "https://shop.example.com/r/A8K2MQ7P"))
    avatar = more.pop("avatar", None)
    assert avatar is None or isinstance(avatar, bytes)
    return Content(facts=facts, payload=payload, avatar=avatar)
