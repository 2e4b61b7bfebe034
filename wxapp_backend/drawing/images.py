"""Pictures that customers upload: opened safely, made small, stripped of everything but pixels.

What strangers send is decoded by these functions in a process of its own: see `decoder`.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps

from wxapp_backend.drawing.errors import ImageRefused

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 16_000_000
MAX_SIDE = 8_000
# Twice what templates show at 750 px, so that a decoder that halves leaves nothing to scale.
AVATAR_SIDE = 208
PHOTO_SIDE = 1080

# Pillow reads some 43 formats; its advisories are about the rare ones, so three are let in.
_FORMATS = ("JPEG", "PNG", "WEBP")
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
# A progressive JPEG, an interlaced PNG and (twice) a WebP are held whole while they are decoded;
# with these bounds no upload costs more than 64 MB.
_WHOLE_PIXELS = 4_000_000
_WEBP_PIXELS = 3_000_000
_QUALITY = 88


def refuse_unfit(data: bytes) -> None:
    """Refuse what its first bytes and its length give away; decodes nothing.

    Raises:
        ImageRefused: `too_large` or `unsupported_format`.

    """
    if len(data) > MAX_BYTES:
        raise ImageRefused("too_large", f"a picture may have {MAX_BYTES} bytes at most")
    if not data.startswith(_SIGNATURES):
        raise ImageRefused("unsupported_format", "only JPEG, PNG and WebP pictures are accepted")


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """Open an upload whose size, kind and dimensions are within bounds.

    Raises:
        ImageRefused: with the cause's code.

    """
    refuse_unfit(data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                _refuse_huge(picture)
                yield picture
        except ImageRefused:
            raise
        except Image.DecompressionBombError:
            raise ImageRefused("too_many_pixels", "the picture has too many pixels") from None
        except Exception as error:
            # Decoders raise many kinds on hostile bytes; to the sender they all mean the same.
            raise ImageRefused("damaged", "the picture cannot be read") from error


def _refuse_huge(picture: Image.Image) -> None:
    width, height = picture.size
    if width < 1 or height < 1:
        raise ImageRefused("damaged", "the picture has no area")
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise ImageRefused(
            "too_many_pixels",
            f"a picture may have {MAX_PIXELS} px and sides of {MAX_SIDE} px at most",
        )
    streams = picture.format == "JPEG" and not picture.info.get("progressive")
    most = _WEBP_PIXELS if picture.format == "WEBP" else _WHOLE_PIXELS
    if not streams and width * height > most:
        raise ImageRefused("too_many_pixels", f"a picture of this kind may have {most} px at most")


def _flattened(picture: Image.Image) -> Image.Image:
    """Answer RGB pixels; what was transparent becomes white."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", layered.size, "#ffffff")
        ground.paste(layered, (0, 0), layered)
        return ground
    picture.load()
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _covering(data: bytes, width: int, height: int) -> Image.Image:
    """Answer the upload turned upright, scaled and cut to fill `width` x `height` px."""
    with _opened(data) as picture:
        picture.draft("RGB", (width, height))
        ImageOps.exif_transpose(picture, in_place=True)
        upright = _flattened(picture)
        if upright.size == (width, height):
            return upright
        shrinks = upright.width >= width and upright.height >= height
        # Hamming costs a third of Lanczos and is as good when a picture gets smaller.
        how = Image.Resampling.HAMMING if shrinks else Image.Resampling.BICUBIC
        return ImageOps.fit(upright, (width, height), how)


def encoded(picture: Image.Image) -> bytes:
    """Answer RGB pixels as a JPEG, through a fresh picture, so that no metadata comes along."""
    fresh = Image.new("RGB", picture.size)
    fresh.paste(picture, (0, 0))
    buffer = io.BytesIO()
    fresh.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def avatar_pixels(data: bytes) -> Image.Image:
    """Answer a square of 208 px, upright, cut from the middle of the upload.

    Raises:
        ImageRefused: see its `code`.

    """
    return _covering(data, AVATAR_SIDE, AVATAR_SIDE)


def photo_pixels(data: bytes, *, side: int = PHOTO_SIDE) -> Image.Image:
    """Answer the upload upright; its longer side is `side` px at most.

    Raises:
        ImageRefused: see its `code`.

    """
    with _opened(data) as picture:
        share = min(1.0, side / max(picture.size))
        picture.draft("RGB", (int(picture.width * share), int(picture.height * share)))
        ImageOps.exif_transpose(picture, in_place=True)
        upright = _flattened(picture)
        upright.thumbnail((side, side), Image.Resampling.LANCZOS)
        return upright


def normalise_avatar(data: bytes) -> bytes:
    """Answer a square JPEG of 208 px, upright and without metadata, cut from the middle.

    Raises:
        ImageRefused: see its `code`.

    """
    return encoded(avatar_pixels(data))


def normalise_photo(data: bytes, *, side: int = PHOTO_SIDE) -> bytes:
    """Answer an upright JPEG without metadata whose longer side is `side` px at most.

    Raises:
        ImageRefused: see its `code`.

    """
    return encoded(photo_pixels(data, side=side))


def fill(data: bytes, width: int, height: int) -> Image.Image:
    """Answer RGB pixels of an uploaded or own picture that fill `width` x `height` px.

    Raises:
        ImageRefused: see its `code`.

    """
    return _covering(data, width, height)
