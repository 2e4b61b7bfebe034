"""What is on the poster, written down for engines that know nothing of templates.

A folder with the still picture, four avatars, and `spec.json`: for each of sixteen people the texts
with their places, the avatar's and the code's box, and the link.
"""

import json
from pathlib import Path

from bench.posters import ROOT, _face, _link
from wxapp_backend.drawing import Content, get_template, normalise_avatar
from wxapp_backend.drawing.canvas import elements, still_picture
from wxapp_backend.drawing.elements import AvatarElement, CodeElement, TextElement
from wxapp_backend.drawing.fonts import font_files
from wxapp_backend.drawing.textbox import place_text, set_text

NICKNAMES = (
    "王小美", "李静", "欧阳娜娜", "张三丰", "快乐星球", "陈晨", "林溪", "赵一鸣",
    "周周", "吴桐", "徐来", "孙悦", "胡杨", "朱颜", "高山", "何田田",
)  # fmt: skip


def _lines(element: TextElement, content: Content) -> list[dict[str, object]]:
    """Answer runs of one style: text, left edge, baseline, size, weight, colour."""
    outcome = set_text(element.text(content), element.box)
    marks = iter(place_text(element.text(content), element.box).marks)
    runs: list[dict[str, object]] = []
    for line in outcome.lines:
        style = None
        for atom in line:
            placed = next(marks) if atom.glyph is not None and atom.glyph.mask else None
            if placed is not None and atom.style != style and atom.glyph is not None:
                style = atom.style
                runs.append(
                    {
                        "text": "",
                        "x": placed.box[0] - atom.glyph.left,
                        "y": placed.box[1] - atom.glyph.top,
                        "size": style.size,
                        "weight": style.weight,
                        "colour": style.colour,
                    }
                )
            if runs:
                runs[-1]["text"] = str(runs[-1]["text"]) + atom.text
    return runs


def write_spec(folder: Path) -> None:
    """Write everything the other engines need."""
    folder.mkdir(parents=True, exist_ok=True)
    template = get_template(ROOT, "new-customer-gift")
    size = template.sizes[0]
    still_picture(template, size).save(folder / "still.png")
    for number in range(4):
        (folder / f"avatar{number}.jpg").write_bytes(normalise_avatar(_face(number)))
    font = font_files()[0]
    people = []
    for number, nickname in enumerate(NICKNAMES):
        facts = {**template.document.sample, "nickname": nickname}
        content = Content(facts=facts, payload=_link(number))
        person: dict[str, object] = {"avatar": f"avatar{number % 4}.jpg", "link": _link(number)}
        texts: list[dict[str, object]] = []
        for element in elements(template, size):
            if isinstance(element, TextElement):
                texts += _lines(element, content)
            elif isinstance(element, AvatarElement):
                left, top = (edge + element.ring for edge in element.rect[:2])
                person["avatar_box"] = [left, top, element.size[0]]
            elif isinstance(element, CodeElement):
                modules = 29
                offset = element.offset(modules)
                person["code_box"] = [
                    element.rect[0] + offset,
                    element.rect[1] + offset,
                    modules * element.module,
                ]
        people.append({**person, "texts": texts})
    spec = {
        "width": size.width,
        "height": size.height,
        "font": font.path,
        "font_member": font.member,
        "people": people,
    }
    (folder / "spec.json").write_text(json.dumps(spec, ensure_ascii=False), encoding="utf-8")
