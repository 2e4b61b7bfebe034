"""Templates: every one renders for everyone, and a wrong document says where."""

import json
from pathlib import Path

import pytest

from tests.drawing.people import content, portrait
from wxapp_backend.drawing import (
    CodeTooLong,
    Content,
    Renderer,
    TemplateError,
    UnknownTemplate,
    get_template,
    list_templates,
    load_template,
    normalise_avatar,
    reads_back,
)
from wxapp_backend.drawing.document import Document

ROOT = Path(__file__).parents[2] / "poster_templates"


def test_published_schema_is_current() -> None:
    """The schema beside the templates is the one the engine checks with."""
    published = json.loads((ROOT / "template.schema.json").read_text(encoding="utf-8"))

    assert published == Document.model_json_schema(by_alias=True)


def test_every_template_renders_without_any_fact() -> None:
    """Where everything is missing, neutral text stands and the code still reads."""
    renderer = Renderer()
    for template in list_templates(ROOT):
        payload = "https://shop.example.com/r/A8K2MQ7P" if template.has_code else ""
        poster = renderer.render(template, Content(payload=payload))
        assert (poster.width, poster.height) == (template.sizes[0].width, template.sizes[0].height)
        assert not template.has_code or reads_back(poster.data, payload)


def test_content_key_follows_everything_on_the_poster() -> None:
    """Another name, link, picture, size or format gives another key; the same gives the same."""
    renderer = Renderer()
    template = get_template(ROOT, "new-customer-gift")
    face = normalise_avatar(portrait(1))
    keys = {
        renderer.content_key(template, content()),
        renderer.content_key(template, content("李静")),
        renderer.content_key(template, content(payload="https://shop.example.com/r/B8K2MQ7P")),
        renderer.content_key(template, content(avatar=face)),
        renderer.content_key(template, content(), size=(1080, 1920)),
        renderer.content_key(template, content(), format="png"),
    }

    assert len(keys) == 6
    assert renderer.render(template, content()).content_key in keys


def test_missing_payload_is_an_error() -> None:
    """A poster with an empty code is never made."""
    with pytest.raises(CodeTooLong):
        Renderer().render(get_template(ROOT, "new-customer-gift"), Content())


@pytest.mark.parametrize("name", ["", "..", "../new-customer-gift", "nothing-here", "新客礼"])
def test_unknown_names_are_refused(name: str) -> None:
    """A name that is no folder of templates is unknown, and never a path."""
    with pytest.raises(UnknownTemplate):
        get_template(ROOT, name)


def test_unknown_size_is_refused() -> None:
    """Only the sizes of the document are drawn."""
    with pytest.raises(UnknownTemplate, match="100x100"):
        get_template(ROOT, "new-customer-gift").size((100, 100))


def _written(tmp_path: Path, **changes: object) -> Path:
    document = json.loads((ROOT / "new-customer-gift" / "template.json").read_text("utf-8"))
    folder = tmp_path / "broken"
    folder.mkdir()
    text = json.dumps({**document, **changes}, ensure_ascii=False)
    (folder / "template.json").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ({"type": "shape", "name": "a", "box": [0, 0, 5, 5], "paint": "red"}, ["'a'", "paint"]),
        ({"type": "shape", "name": "b", "paint": "#ffffff"}, ["'b'", "exactly one of"]),
        ({"type": "shape", "name": "c", "path": "M 0 0 A 3", "paint": "#ffffff"}, ["'c'", "path"]),
        (
            {
                "type": "text",
                "name": "d",
                "box": [0, 0, 9, 9],
                "text": "{x}",
                "size": 20,
                "colour": "#000000",
            },
            ["'d'", "otherwise"],
        ),
        ({"type": "image", "name": "e", "file": "no.png", "box": [0, 0, 5, 5]}, ["'e'", "no.png"]),
        ({"type": "code", "name": "f", "center": [1, 2], "modul": 8}, ["'f'", "modul"]),
        ({"type": "code", "name": "g", "center": [1, 2], "module": 5}, ["'g'", "module"]),
    ],
)
def test_fault_names_template_layer_and_field(
    tmp_path: Path, layer: dict[str, object], words: list[str]
) -> None:
    """An author reads where the fault is."""
    folder = _written(tmp_path, layers=[layer])

    with pytest.raises(TemplateError) as fault:
        load_template(folder)

    assert "broken" in str(fault.value)
    assert all(word in str(fault.value) for word in words)


def test_digest_follows_the_document(tmp_path: Path) -> None:
    """A changed template has another digest, so its posters are made anew."""
    folder = _written(tmp_path)
    before = load_template(folder).digest
    text = (folder / "template.json").read_text(encoding="utf-8")
    (folder / "template.json").write_text(text.replace("新客礼", "见面礼"), encoding="utf-8")

    assert load_template(folder).digest != before
