"""Pillow the way most people write it: everything is opened and drawn again for each poster."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import qrcode
from PIL import Image, ImageDraw, ImageFont
from worker import Person, serve


def start(spec: dict[str, Any], folder: Path) -> Callable[[Person], bytes]:
    """Prepare nothing."""

    def draw(person: Person) -> bytes:
        picture = Image.open(folder / "still.png").convert("RGBA")
        left, top, side = person["avatar_box"]
        avatar = Image.open(folder / person["avatar"]).convert("RGBA")
        avatar = avatar.resize((side, side), Image.Resampling.LANCZOS)
        mask = Image.new("L", (side * 4, side * 4), 0)
        ImageDraw.Draw(mask).ellipse((0, 0, side * 4, side * 4), fill=255)
        picture.paste(avatar, (left, top), mask.resize((side, side), Image.Resampling.LANCZOS))
        pen = ImageDraw.Draw(picture)
        for text in person["texts"]:
            font = ImageFont.truetype(spec["font"], text["size"], index=spec["font_member"])
            font.set_variation_by_axes([text["weight"]])
            at = (text["x"], text["y"])
            pen.text(at, text["text"], font=font, fill=text["colour"], anchor="ls")
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=10, border=0
        )
        code.add_data(person["link"])
        code.make(fit=True)
        left, top, side = person["code_box"]
        drawn = code.make_image().convert("RGB").resize((side, side))
        picture.paste(drawn, (left, top))
        buffer = io.BytesIO()
        picture.convert("RGB").save(buffer, "JPEG", quality=85)
        return buffer.getvalue()

    return draw


if __name__ == "__main__":
    serve(start)
