"""skia-python with the still picture, fonts and avatars kept."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import qrcode
import skia
from worker import Person, serve


def start(spec: dict[str, Any], folder: Path) -> Callable[[Person], bytes]:
    """Open the still picture, the typeface and the avatars."""
    still = skia.Image.open(str(folder / "still.png"))
    face = skia.Typeface.MakeFromFile(spec["font"], spec["font_member"])
    surface = skia.Surface(spec["width"], spec["height"])

    @cache
    def font(size: int) -> Any:
        return skia.Font(face, size)

    @cache
    def avatar(name: str) -> Any:
        return skia.Image.open(str(folder / name))

    def draw(person: Person) -> bytes:
        canvas = surface.getCanvas()
        canvas.drawImage(still, 0, 0)
        left, top, side = person["avatar_box"]
        box = skia.Rect.MakeXYWH(left, top, side, side)
        canvas.save()
        canvas.clipRRect(skia.RRect.MakeOval(box), skia.ClipOp.kIntersect, True)
        sampling = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
        canvas.drawImageRect(avatar(person["avatar"]), box, sampling)
        canvas.restore()
        for text in person["texts"]:
            paint = skia.Paint(AntiAlias=True, Color=int("ff" + text["colour"][1:], 16))
            canvas.drawString(text["text"], text["x"], text["y"], font(text["size"]), paint)
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
        code.add_data(person["link"])
        code.make(fit=True)
        left, top, side = person["code_box"]
        module = side / len(code.modules)
        dark = skia.Paint(Color=skia.ColorBLACK)
        for row, cells in enumerate(code.modules):
            for column, cell in enumerate(cells):
                if cell:
                    canvas.drawRect(
                        skia.Rect.MakeXYWH(
                            left + column * module, top + row * module, module, module
                        ),
                        dark,
                    )
        encoded = surface.makeImageSnapshot().encodeToData(skia.EncodedImageFormat.kJPEG, 85)
        return bytes(encoded)

    return draw


if __name__ == "__main__":
    serve(start)
