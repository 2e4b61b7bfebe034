"""Spliced pictures are, byte for byte, those that encoding the whole picture gives."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.drawing.people import portrait
from wxapp_backend.drawing import Content, Renderer, Template, list_templates, normalise_avatar
from wxapp_backend.drawing.jpeg import encode
from wxapp_backend.drawing.templates import load_template

ROOT = Path(__file__).parents[2] / "poster_templates"
NICKNAMES = [
    "王小美🌸",
    "𠮷野家小助手",
    "Ali علي 小明",
    "欧阳娜娜👩‍👩‍👧‍👦",
    "快乐星球❤️‍🔥",
    "🇨🇳老王👍🏽",
    "㛃㛃不吃糖",
    "Émilie Zoë",
    "아이유 IU",
    "さくら🌸",
    "晴天娃娃☀️",
    "张",
    "很长的名字" * 12,
    "阿里مرحبا",
    "小鹿乱撞🦌",
    "\ue000",
]
LINKS = [
    "https://a.cn/r/7K2",
    "https://shop.example.com/r/A8K2MQ7P",
    "https://a-longer-name.example.com/r/A8K2MQ7P",
    "http://weixin.qq.com/q/02abcdefghijklmnopqrstuvwxyzABCDEF",
]
FACES = [normalise_avatar(portrait(i)) for i in range(3)]


def people(template: Template) -> list[Content]:
    """Answer sixteen people of all kinds, for one template."""
    sample = template.document.sample
    found = []
    for number, nickname in enumerate(NICKNAMES):
        facts = {**sample, "nickname": nickname} if number % 5 else {"nickname": nickname}
        found.append(
            Content(
                facts=facts,
                payload=LINKS[number % 4] + str(number) if template.has_code else "",
                avatar=FACES[number % 3] if number % 4 else None,
                photo=FACES[0] if number % 2 else None,
            )
        )
    return found


CASES = [
    pytest.param(template, (size.width, size.height), id=f"{template.name}-{size.width}")
    for template in list_templates(ROOT)
    for size in template.sizes
    if size.dpi is None
]


@pytest.mark.parametrize(("template", "size"), CASES)
def test_spliced_bytes_equal_a_full_encode(template: Template, size: tuple[int, int]) -> None:
    """Sixteen people, drawn twice (cold and from the store), and the pixels of a plain JPEG."""
    renderer = Renderer()
    for number, content in enumerate(people(template)):
        whole = renderer.picture(template, content, size=size)
        poster = renderer.render(template, content, size=size)
        assert poster.data == encode(whole), number
        assert renderer.render(template, content, size=size).data == poster.data
        plain = Image.open(io.BytesIO(encode(whole, restarts=False)))
        spliced = Image.open(io.BytesIO(poster.data))
        assert ImageChops.difference(plain, spliced).getbbox() is None

    assert renderer.counters.failed_trials == 0
    assert renderer.counters.plain == 0


def _template(tmp_path: Path, layers: list[dict[str, object]], width: int, height: int) -> Template:
    document = {
        "title": "试",
        "use": "试",
        "version": 1,
        "grid": width,
        "background": "#fff0e0",
        "sizes": [{"width": width, "height": height}],
        "sample": {"nickname": "王小美"},
        "layers": layers,
    }
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "template.json").write_text(json.dumps(document), encoding="utf-8")
    return load_template(folder)


def _text(name: str, box: list[int], size: int = 40) -> dict[str, object]:
    return {
        "type": "text",
        "name": name,
        "box": box,
        "size": size,
        "colour": "#203040",
        "text": "{nickname}",
        "otherwise": "好友",
        "align": "center",
    }


@pytest.mark.parametrize(("width", "height"), [(400, 320), (403, 329), (415, 321)])
def test_elements_at_the_edges_are_exact(tmp_path: Path, width: int, height: int) -> None:
    """Cells that the picture's end cuts are filled as the encoder fills them."""
    template = _template(
        tmp_path,
        [
            {
                "type": "shape",
                "name": "corner",
                "ellipse": [width - 90, height - 90, 120, 120],
                "paint": "#ff8040",
            },
            {
                "type": "avatar",
                "name": "avatar",
                "box": [width - 120, height - 120, 120, 120],
                "radius": 0,
            },
            _text("left", [0, 0, 120, 30], 60),
            _text("bottom", [0, height - 40, 200, 40]),
        ],
        width,
        height,
    )
    renderer = Renderer()
    for number in range(4):
        content = Content(facts={"nickname": NICKNAMES[number]}, avatar=FACES[number % 2])
        whole = renderer.picture(template, content)
        assert renderer.render(template, content).data == encode(whole)
    assert renderer.counters.failed_trials == 0


def test_touching_elements_are_drawn_together_in_order(tmp_path: Path) -> None:
    """Elements that share cells form one group, and the later one stays on top."""
    template = _template(
        tmp_path,
        [
            {"type": "avatar", "name": "avatar", "box": [40, 40, 120, 120]},
            _text("over", [60, 70, 160, 60]),
            _text("beside", [228, 70, 100, 60]),
        ],
        400,
        320,
    )
    renderer = Renderer()
    content = Content(facts={"nickname": "王小美🌸"}, avatar=FACES[0])

    assert renderer.render(template, content).data == encode(renderer.picture(template, content))
    assert renderer.counters.failed_trials == 0


@pytest.mark.parametrize("module", [8, 12, 16])
def test_code_tables_equal_drawing(tmp_path: Path, module: int) -> None:
    """Codes put together from tables are those that are drawn, for every module size."""
    template = _template(
        tmp_path,
        [
            {
                "type": "code",
                "name": "code",
                "center": [390, 390],
                "module": module,
                "max_modules": 33,
                "plate_colour": "#fffdf8",
            }
        ],
        790,
        810,
    )
    renderer = Renderer()
    for number in range(40):
        for logo in (None, FACES[number % 3], b"not a picture"):
            content = Content(payload=f"{LINKS[number % 4]}{number}", logo=logo)
            assert renderer.render(template, content).data == encode(
                renderer.picture(template, content)
            )
    assert renderer.counters.failed_trials == 0
    assert len(renderer.store) == 0


def test_template_that_fails_its_trial_is_drawn_the_plain_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A wrong splice is found when the template is compiled, counted, and never handed out."""
    template = list_templates(ROOT)[0]
    monkeypatch.setattr("wxapp_backend.drawing.jpeg.MARKERS", (b"\xff\xd0",) * 8)
    renderer = Renderer()
    content = people(template)[0]

    poster = renderer.render(template, content)

    assert renderer.counters.failed_trials == 1
    assert renderer.counters.plain == 1
    assert poster.data == encode(renderer.picture(template, content), restarts=False)


def test_store_stays_within_its_budget() -> None:
    """However many people come, the pieces kept are bounded."""
    template = list_templates(ROOT)[0]
    renderer = Renderer(store_bytes=60_000)
    for number in range(40):
        renderer.render(template, Content(facts={"nickname": f"客人{number}"}, payload=LINKS[0]))

    assert renderer.store.used <= 60_000
    assert len(renderer.store) > 1


@pytest.mark.parametrize("template", list_templates(ROOT), ids=lambda template: template.name)
def test_png_pixels_are_exact(template: Template) -> None:
    """From the second of one campaign on, PNGs are put together; every px is right."""
    if template.is_print:
        pytest.skip("paper is encoded whole")
    renderer = Renderer()
    for number, content in enumerate(people(template)[:6]):
        same = Content(
            facts={**template.document.sample, "nickname": content.facts["nickname"]},
            payload=content.payload,
            avatar=content.avatar,
            photo=content.photo,
        )
        poster = renderer.render(template, same, format="png")
        with Image.open(io.BytesIO(poster.data)) as decoded:
            assert decoded.tobytes() == renderer.picture(template, same).tobytes(), number

    assert renderer.counters.spliced == 5
    assert renderer.counters.failed_trials == 0
