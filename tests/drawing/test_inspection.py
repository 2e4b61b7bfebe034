"""Which finished posters are read back: the first of a kind, a sample, and all that is doubtful."""

import dataclasses
from pathlib import Path

import pytest
from PIL import Image

from tests.drawing.people import content, encoded
from wxapp_backend.drawing import Content, Poster, Renderer, get_template
from wxapp_backend.drawing.inspection import Inspector
from wxapp_backend.sandbox.pictures.codes import draw_round

TEMPLATE = get_template(Path(__file__).parents[2] / "poster_templates", "new-customer-gift")
RENDERER = Renderer()
BLANK = encoded(Image.new("RGB", (750, 1334), "#ffffff"), "JPEG")


def link(number: int) -> str:
    """Return one of many links of the same length."""
    return f"https://shop.example.com/r/{number:08d}"


def drawn(number: int) -> tuple[Content, Poster]:
    """Return a customer's content and poster."""
    mine = content(payload=link(number))
    return mine, RENDERER.render(TEMPLATE, mine)


def read_of(inspector: Inspector, count: int) -> int:
    """Let so many posters of one kind pass, and return how many were read."""
    before = inspector.read
    for number in range(count):
        assert inspector.passes(TEMPLATE, *drawn(number))
    return inspector.read - before


def test_the_first_three_of_a_kind_are_read_then_a_sample() -> None:
    """And again the first three of every other kind, such as a longer link."""
    inspector = Inspector(one_in=64)
    assert read_of(inspector, 200) == 3 + 3  # the 65th, the 129th and the 193rd

    mine = content(payload=link(1) + "7")
    assert inspector.passes(TEMPLATE, mine, RENDERER.render(TEMPLATE, mine))
    assert inspector.read == 7


def test_after_a_failure_every_poster_of_the_kind_is_read() -> None:
    """One that does not read back is held, and the kind is trusted no more."""
    inspector = Inspector(one_in=64)
    assert read_of(inspector, 10) == 3
    mine, poster = drawn(11)
    bad = dataclasses.replace(poster, data=BLANK)
    passed = [inspector.passes(TEMPLATE, mine, bad) for _ in range(64)]

    assert passed == [True] * 54 + [False] * 10  # the 65th of the kind is the first to be read
    assert inspector.failed == 10
    assert read_of(inspector, 20) == 20


def test_a_poster_that_was_drawn_whole_is_always_read() -> None:
    """Only pieces that were tried out, and codes from tables, are trusted without a look."""
    inspector = Inspector()
    assert read_of(inspector, 10) == 3
    mine, poster = drawn(11)
    assert poster.is_spliced

    assert inspector.passes(TEMPLATE, mine, dataclasses.replace(poster, is_spliced=False))
    assert inspector.read == 4
    blank = dataclasses.replace(poster, data=BLANK, is_spliced=False)
    assert not inspector.passes(TEMPLATE, mine, blank)


@pytest.mark.parametrize("number", range(5))
def test_wechats_own_picture_is_judged_each_time(number: int) -> None:
    """Every customer's is another picture: the tenth may be the damaged one."""
    inspector = Inspector()
    code = f"K7M4P2Q{number}"
    mine = Content(payload=code, code_image=draw_round(code, 430))
    poster = RENDERER.render(TEMPLATE, mine)
    for _ in range(10):
        assert inspector.passes(TEMPLATE, mine, poster)

    assert inspector.read == 10
    assert not inspector.passes(TEMPLATE, mine, dataclasses.replace(poster, data=BLANK))
