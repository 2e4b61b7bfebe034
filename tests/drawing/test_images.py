"""Uploads: what is let in, what is refused, and what is left of a picture afterwards."""

import io
import resource
import struct
import subprocess
import sys
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from tests.drawing.people import encoded, portrait
from wxapp_backend.drawing import ImageRefused, normalise_avatar, normalise_photo


def _png_of(width: int, height: int) -> bytes:
    """Answer a small file that claims a large picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\0" * ((width + 7) // 8)) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_avatar_becomes_a_small_upright_square_without_metadata() -> None:
    """The result is 208 px square, turned as EXIF says, and carries neither EXIF nor comment."""
    picture = Image.new("RGB", (400, 200), "#0000ff")
    picture.paste("#ff0000", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down: red is seen on the right
    exif[0x010F] = "camera"
    upload = encoded(picture, "JPEG", exif=exif, comment=b"secret", quality=95)

    done = normalise_avatar(upload)

    with Image.open(io.BytesIO(done)) as result:
        assert result.size == (208, 208)
        assert not result.getexif()
        assert "comment" not in result.info
        left, right = result.getpixel((20, 104)), result.getpixel((190, 104))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[2] > 200 > right[2]
    assert right[0] > 200 > left[0]


def test_transparent_parts_become_white() -> None:
    """A transparent PNG is laid on white, not on black."""
    done = normalise_avatar(encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))

    with Image.open(io.BytesIO(done)) as result:
        assert result.getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP"])
def test_usual_formats_are_accepted(format_name: str) -> None:
    """JPEG, PNG and WebP of a usual size are read."""
    picture = Image.open(io.BytesIO(portrait())).convert("RGB")

    assert normalise_avatar(encoded(picture, format_name)).startswith(b"\xff\xd8")


def _other_formats() -> list[str]:
    """Answer all formats that this Pillow writes and we do not accept."""
    Image.init()
    return sorted(set(Image.SAVE) - {"JPEG", "PNG", "WEBP"})


@pytest.mark.parametrize("format_name", _other_formats())
def test_other_formats_are_refused(format_name: str) -> None:
    """A whole file of another format is refused, or read as the plain JPEG it begins with."""
    try:
        upload = encoded(Image.new("RGB", (64, 64), "#446688"), format_name)
    except (OSError, ValueError, RuntimeError, DeprecationWarning) as error:
        pytest.skip(f"Pillow writes no {format_name} of this picture: {error}")
    if upload.startswith(b"\xff\xd8\xff"):
        assert normalise_avatar(upload)
        return

    with pytest.raises(ImageRefused) as refusal:
        normalise_avatar(upload)

    assert refusal.value.code == "unsupported_format"


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><svg/>",
        b"GIF89a" + bytes(50),
        b"%PDF-1.4",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n" + bytes(40),
    ],
)
def test_what_is_no_picture_is_refused(upload: bytes) -> None:
    """SVG, other files and bare signatures are refused with the one error."""
    with pytest.raises(ImageRefused):
        normalise_avatar(upload)


def test_truncated_picture_is_refused() -> None:
    """Half a JPEG is damaged, not a half grey avatar."""
    whole = portrait()

    with pytest.raises(ImageRefused) as refusal:
        normalise_avatar(whole[: len(whole) // 2])

    assert refusal.value.code == "damaged"


@pytest.mark.parametrize(
    ("width", "height"), [(5000, 5000), (9400, 9400), (13400, 13400), (8001, 10), (60000, 60000)]
)
def test_bombs_are_refused_before_they_are_decoded(width: int, height: int) -> None:
    """A small file of a huge picture is refused without the memory it asks for."""
    upload = _png_of(width, min(height, 13400))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(ImageRefused) as refusal:
        normalise_avatar(upload)

    assert refusal.value.code == "too_many_pixels"
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mb < 16


def test_large_upload_is_refused() -> None:
    """More than 5 MB are not even looked at."""
    with pytest.raises(ImageRefused) as refusal:
        normalise_avatar(b"\xff\xd8\xff" + bytes(5 * 1024 * 1024))

    assert refusal.value.code == "too_large"


def test_hostile_exif_is_survived_or_refused() -> None:
    """EXIF with impossible counts and offsets raises nothing but the one error."""
    for tag_kind, count in ((2, 0xFFFFFFF0), (5, 0x7FFFFFFF), (3, 0xFFFFFFFF), (12, 1 << 28)):
        body = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x0112, tag_kind, count, 8)
        segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        plain = portrait()
        with suppress(ImageRefused):
            assert normalise_avatar(plain[:2] + segment + plain[2:])


_MEMORY_PROBE = """
import sys
from pathlib import Path
from wxapp_backend.drawing.images import normalise_avatar, normalise_photo
def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
data = Path(sys.argv[1]).read_bytes()
normalise_avatar(Path(sys.argv[2]).read_bytes())
before = peak()
for normalise in (normalise_avatar, normalise_photo):
    normalise(data)
print(peak() - before)
"""


def _largest(kind: str) -> bytes:
    """Answer the most demanding upload of a kind that is still accepted."""
    noise = Image.effect_noise((1720, 1720), 30)
    if kind == "webp":
        return encoded(noise.convert("RGBA"), "WEBP", quality=30, method=0)
    if kind == "png":
        return encoded(Image.new("P", (2000, 2000)), "PNG", transparency=0)
    if kind == "progressive":
        return encoded(Image.new("RGB", (2000, 2000), "#aa5522"), "JPEG", progressive=True)
    if kind == "wide":
        return encoded(Image.new("RGB", (8000, 2000), "#aa5522"), "JPEG")
    return encoded(Image.new("CMYK", (4000, 4000)), "JPEG", quality=30)


@pytest.mark.parametrize("kind", ["webp", "png", "progressive", "wide", "cmyk"])
def test_largest_uploads_stay_within_memory(kind: str, tmp_path: Path) -> None:
    """Whatever is accepted costs at most 64 MB more, as avatar and as photo."""
    large, small = tmp_path / "large", tmp_path / "small"
    large.write_bytes(_largest(kind))
    small.write_bytes(portrait())

    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", _MEMORY_PROBE, str(large), str(small)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert float(done.stdout) < 64


def test_photo_keeps_its_shape() -> None:
    """The longer side becomes 1080 px; a smaller photo is not enlarged."""
    with Image.open(
        io.BytesIO(normalise_photo(encoded(Image.new("RGB", (4000, 1000)), "JPEG")))
    ) as wide:
        assert wide.size == (1080, 270)
    with Image.open(io.BytesIO(normalise_photo(portrait()))) as small:
        assert small.size == (320, 320)
