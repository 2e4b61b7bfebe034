"""A mini-program code that people could not scan is found out, without a decoder for it."""

import dataclasses
import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from wxapp_backend.drawing import Content, Poster, Renderer, get_template, list_templates
from wxapp_backend.drawing.canvas import elements
from wxapp_backend.drawing.codepicture import picture_fault, shown_fault
from wxapp_backend.drawing.elements import CodeElement
from wxapp_backend.drawing.errors import ImageRefused
from wxapp_backend.sandbox.pictures.codes import draw_round

ROOT = Path(__file__).parents[2] / "poster_templates"
CODE = draw_round("K7M4P2Q9", 430)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@pytest.mark.parametrize("code", [CODE, draw_round("K7M4P2Q9", 430, is_clear=True)])
@pytest.mark.parametrize(
    "name", [t.name for t in list_templates(ROOT) if t.has_code and not t.is_print]
)
def test_a_good_code_passes_on_every_template(name: str, code: bytes) -> None:
    """As it comes, and on posters of every size."""
    template = get_template(ROOT, name)
    assert picture_fault(code) is None
    for size in template.sizes:
        content = Content(facts=template.document.sample, payload="K7M4P2Q9", code_image=code)
        poster = Renderer().render(template, content, size=(size.width, size.height))
        assert shown_fault(template, poster) is None


@pytest.mark.parametrize(
    ("picture", "word"),
    [
        (Image.new("RGB", (430, 430), "#ffffff"), "contrast"),
        (Image.new("RGB", (430, 300), "#ffffff"), "square"),
        (Image.open(io.BytesIO(CODE)).resize((200, 200)), "wide"),
        (
            Image.blend(Image.open(io.BytesIO(CODE)), Image.new("RGB", (430, 430), "white"), 0.7),
            "contrast",
        ),
    ],
)
def test_a_bad_code_is_named(picture: Image.Image, word: str) -> None:
    """Each fault in words that say what is wrong."""
    assert word in (picture_fault(_jpeg(picture)) or "")


def test_bytes_that_are_no_picture_are_refused() -> None:
    """WeChat answers errors as JSON with status 200."""
    with pytest.raises(ImageRefused):
        picture_fault(b'{"errcode":45009}')


@pytest.mark.parametrize("side", [0, 1, 2, 3])
def test_the_quiet_zone_is_watched_on_all_sides(side: int) -> None:
    """A smear beside the code is seen, whichever side it is on."""
    template = get_template(ROOT, "new-customer-gift")
    content = Content(facts=template.document.sample, payload="K7M4P2Q9", code_image=CODE)
    poster = Renderer().render(template, content)
    (element,) = [e for e in elements(template, template.sizes[0]) if isinstance(e, CodeElement)]
    left, top, right, bottom = element.rect
    middle = (left + right) // 2, (top + bottom) // 2
    x, y = [
        (left - 8, middle[1]),
        (right + 8, middle[1]),
        (middle[0], top - 8),
        (middle[0], bottom + 8),
    ][side]
    with Image.open(io.BytesIO(poster.data)) as opened:
        smeared = opened.convert("RGB")
    ImageDraw.Draw(smeared).ellipse((x - 4, y - 4, x + 4, y + 4), fill="#555555")
    spoilt: Poster = dataclasses.replace(poster, data=_jpeg(smeared))
    assert "quiet zone" in (shown_fault(template, spoilt) or "")
