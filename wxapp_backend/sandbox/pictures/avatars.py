"""Avatars: the one that a person brings, made small, or one that is drawn for them."""

import io

from PIL import Image, ImageDraw, UnidentifiedImageError

from wxapp_backend.sandbox.pictures.codes import NotAPicture

SIZE = 132  # WeChat's avatars come in 132 by 132
_OVERSAMPLING = 4
_PALETTE = (
    ((255, 183, 77), (244, 81, 108)),
    ((129, 212, 250), (57, 112, 226)),
    ((174, 213, 129), (38, 166, 121)),
    ((244, 143, 177), (171, 71, 188)),
    ((255, 213, 79), (251, 140, 0)),
    ((128, 222, 234), (0, 137, 155)),
)


def draw_avatar(number: int) -> bytes:
    """Draw a friendly figure on the soft colour of this number, so that neighbours differ; PNG."""
    light, dark = _PALETTE[number % len(_PALETTE)]
    size = SIZE * _OVERSAMPLING
    shade = Image.linear_gradient("L").resize((size, size))
    picture = Image.composite(
        Image.new("RGB", (size, size), dark), Image.new("RGB", (size, size), light), shade
    )
    draw = ImageDraw.Draw(picture)
    skin = (255, 244, 232)
    draw.ellipse((size * 0.32, size * 0.2, size * 0.68, size * 0.56), fill=skin)
    draw.ellipse((size * 0.14, size * 0.63, size * 0.86, size * 1.35), fill=skin)
    return _png(picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS))


def fit_avatar(content: bytes) -> bytes:
    """Cut a picture to the middle square and make it an avatar's size; PNG.

    Raises:
        NotAPicture: it cannot be opened.

    """
    try:
        with Image.open(io.BytesIO(content)) as picture:
            whole = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise NotAPicture("this is not a picture") from error
    side = min(whole.size)
    left, top = (whole.width - side) // 2, (whole.height - side) // 2
    square = whole.crop((left, top, left + side, top + side))
    return _png(square.resize((SIZE, SIZE), Image.Resampling.LANCZOS))


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
