"""pyvips with the still picture and the masks kept; text by Pango."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyvips
import qrcode
from worker import Person, serve


def start(spec: dict[str, Any], folder: Path) -> Callable[[Person], bytes]:
    """Open the still picture into memory."""
    still = pyvips.Image.new_from_file(str(folder / "still.png")).copy_memory()

    def ink(text: dict[str, Any]) -> pyvips.Image:
        drawn = pyvips.Image.text(
            text["text"], font=f"Noto Sans CJK SC {text['size']}", fontfile=spec["font"], dpi=72
        )
        colour = [int(text["colour"][i : i + 2], 16) for i in (1, 3, 5)]
        plain = drawn.new_from_image(colour).copy(interpretation="srgb")
        return plain.bandjoin(drawn)

    def draw(person: Person) -> bytes:
        left, top, side = person["avatar_box"]
        avatar = pyvips.Image.thumbnail(str(folder / person["avatar"]), side, height=side)
        circle = pyvips.Image.svgload_buffer(
            f'<svg width="{side}" height="{side}"><circle cx="{side / 2}" cy="{side / 2}" '
            f'r="{side / 2}"/></svg>'.encode()
        )[3]
        layers = [avatar.bandjoin(circle)]
        xs, ys = [left], [top]
        for text in person["texts"]:
            layers.append(ink(text))
            xs.append(text["x"])
            ys.append(int(text["y"] - text["size"] * 0.88))
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
        code.add_data(person["link"])
        code.make(fit=True)
        left, top, side = person["code_box"]
        flat = bytes(0 if cell else 255 for row in code.modules for cell in row)
        count = len(code.modules)
        symbol = pyvips.Image.new_from_memory(flat, count, count, 1, "uchar")
        symbol = symbol.zoom(side // count, side // count).colourspace("srgb")
        layers.append(symbol.bandjoin(255))
        xs.append(left)
        ys.append(top)
        whole = still.composite(layers, "over", x=xs, y=ys)
        data: bytes = whole.flatten().jpegsave_buffer(Q=85)
        return data

    return draw


if __name__ == "__main__":
    serve(start)
