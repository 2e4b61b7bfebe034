"""A registry hands out only what can be scanned, with the shop's logo where it has one."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.drawing.people import portrait
from wxapp_backend.drawing import Content, get_template, normalise_avatar
from wxapp_backend.drawing.canvas import elements
from wxapp_backend.drawing.codes import read_code
from wxapp_backend.drawing.elements import CodeElement
from wxapp_backend.drawing.registry import TemplateRegistry, Unreadable
from wxapp_backend.sandbox.pictures.codes import draw_round

ROOT = Path(__file__).parents[2] / "poster_templates"
NAME, SIZE = "new-customer-gift", (750, 1334)
LINK = "https://shop.example.com/r/A8K2MQ7P"


@pytest.mark.parametrize("processes", [0, 1])
def test_the_logo_stands_in_the_middle_of_the_code(processes: int) -> None:
    """And nowhere else; the picture has another name than one without, and is still read."""
    plain = TemplateRegistry(ROOT)
    shop = TemplateRegistry(ROOT, processes=processes, logo=normalise_avatar(portrait(1)))
    content = Content(facts={"nickname": "王小美"}, payload=LINK)

    one, other = plain.draw(NAME, content, SIZE), shop.draw(NAME, content, SIZE)

    assert read_code(other.data) == LINK
    assert one.content_key == plain.key(NAME, content, SIZE)
    assert other.content_key == shop.key(NAME, content, SIZE) != one.content_key
    with Image.open(io.BytesIO(one.data)) as before, Image.open(io.BytesIO(other.data)) as after:
        changed = ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()
    (code,) = [
        element
        for element in elements(get_template(ROOT, NAME), get_template(ROOT, NAME).sizes[0])
        if isinstance(element, CodeElement)
    ]
    assert changed is not None
    middle = (code.rect[0] + code.rect[2]) / 2
    assert abs((changed[0] + changed[2]) / 2 - middle) < 2 * code.module
    assert changed[2] - changed[0] <= 0.2 * code.side  # whole cells around a plate of 15 %


def test_a_pale_mini_program_code_is_not_handed_out() -> None:
    """No decoder reads it, so it is judged by what people would see."""
    registry = TemplateRegistry(ROOT)
    good = draw_round("K7M4P2Q9", 430)
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(good)) as picture:
        Image.blend(picture, Image.new("RGB", picture.size, "white"), 0.8).save(buffer, "JPEG")

    content = Content(payload="K7M4P2Q9", code_image=good)
    assert registry.draw(NAME, content, SIZE).data
    with pytest.raises(Unreadable):
        registry.draw(NAME, Content(payload="K7M4P2Q9", code_image=buffer.getvalue()), SIZE)
