"""Posters by the hundred, and logos in codes."""

from pathlib import Path

import pytest

from tests.drawing.people import content, portrait
from wxapp_backend.drawing import (
    Content,
    Renderer,
    get_template,
    normalise_avatar,
    read_code,
    reads_back,
)
from wxapp_backend.drawing.bulk import Job, write_posters
from wxapp_backend.drawing.errors import UnknownTemplate
from wxapp_backend.drawing.jpeg import encode

ROOT = Path(__file__).parents[2] / "poster_templates"


def test_many_posters_are_written_and_failures_are_named(tmp_path: Path) -> None:
    """Sixty files come out and read back; the one that cannot be drawn is reported."""
    links = [f"https://shop.example.com/r/{number:08d}" for number in range(60)]
    jobs = [
        Job(content(f"客人{number}", payload=link), tmp_path / f"{number}.jpg")
        for number, link in enumerate(links)
    ]
    jobs.append(Job(content(payload="x" * 500), tmp_path / "long.jpg"))
    heard: list[int] = []

    failures = write_posters(ROOT / "new-customer-gift", jobs, processes=1, progress=heard.append)

    assert sum(heard) == 61
    assert [failure.file.name for failure in failures] == ["long.jpg"]
    assert "shorten the link" in failures[0].reason
    assert len(list(tmp_path.iterdir())) == 60
    assert read_code((tmp_path / "59.jpg").read_bytes()) == links[59]


def test_unknown_size_is_refused_before_any_process_starts(tmp_path: Path) -> None:
    """A wrong size is one error, not one per poster."""
    with pytest.raises(UnknownTemplate):
        write_posters(ROOT / "new-customer-gift", [], processes=1, size=(1, 1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "payload", ["https://a.cn/r/7K2MQ8P", "https://a-longer-name.example.com/r/A8K2MQ7P"]
)
def test_code_with_a_logo_reads_back(payload: str) -> None:
    """The logo covers the middle, the code still reads, and splicing stays exact."""
    template = get_template(ROOT, "new-customer-gift")
    logo = normalise_avatar(portrait(5))
    marked = Content(facts={"nickname": "王小美"}, payload=payload, logo=logo)
    plain = Content(facts={"nickname": "王小美"}, payload=payload)
    renderer = Renderer()

    poster = renderer.render(template, marked)

    assert reads_back(poster.data, payload)
    assert poster.data == encode(renderer.picture(template, marked))
    assert poster.content_key != renderer.render(template, plain).content_key
