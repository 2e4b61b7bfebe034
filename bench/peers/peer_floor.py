"""The floor: Pillow's JPEG encode of pixels that are ready."""

import io
import sys
from pathlib import Path

from PIL import Image


def main() -> None:
    """Encode as many posters as the driver asks for."""
    picture = Image.open(Path(sys.argv[1]) / "whole.png").convert("RGB")
    print("ready", flush=True)
    for line in sys.stdin:
        _, many = map(int, line.split())
        buffer = io.BytesIO()
        for _ in range(many):
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=85)
        print(len(buffer.getvalue()), flush=True)


if __name__ == "__main__":
    main()
