"""People as they really come: the set that every template must look right with."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from wxapp_backend.drawing.content import Content
from wxapp_backend.drawing.images import normalise_avatar
from wxapp_backend.drawing.templates import Template

# Up to 62 bytes, the longest that the usual place of a code holds at level M.
LINKS = (
    "https://shop.example.com/r/A8K2MQ7P",
    "https://a.cn/r/7K2MQ8P",
    "https://a-longer-name.example.com/r/A8K2MQ7P",
    "http://weixin.qq.com/q/02abcdefghijklmnopqrstuvwxyzABCDEFGHIJK",
)
NICKNAMES = {
    "usual": "王小美",
    "one character": "美",
    "sixty characters": "江南烟雨里的那个爱吃桂花糖藕也爱喝茶的姑娘" * 3,
    "sixty Latin letters": "Maximiliana Wolfeschlegelsteinhausen-Bergerdorff von Neumark",
    "emoji": "小美🌸✨",
    "only emoji": "🌸🍵🎉",
    "family": "欧阳娜娜👩‍👩‍👧‍👦",
    "joined emoji": "快乐星球❤️‍🔥🏳️‍🌈",
    "flags": "🇨🇳🇭🇰🏴󠁧󠁢󠁥󠁮󠁧󠁿老王👍🏽",
    "keycaps": "用户1️⃣2️⃣3️⃣",
    "rare characters": "𠮷野㛃㛃龘𪚥",
    "Arabic": "Ali علي مرحبا",
    "Japanese and Korean": "さくら 아이유",
    "marks and controls": "e\u0301\u202eabc\u200b\u0007",
    "nothing has these": "\ue123\U0010fffd\u0b95",
    "spaces": "  \u3000 ",
    "none": "",
}
VALIDITIES = ("2026年12月31日", "12月31日 23:59", "2026-12-31 23:59", "12月31日", "本周日")


@dataclass(frozen=True, slots=True)
class Person:
    """One of the set."""

    name: str
    content: Content
    is_cut_expected: bool = False


def _face(side: int) -> bytes:
    buffer = BytesIO()
    Image.radial_gradient("L").resize((side, side)).convert("RGB").save(buffer, "JPEG")
    return normalise_avatar(buffer.getvalue())


def people(template: Template) -> list[Person]:
    """Answer the set for a template, with its sample facts for what is not about the person."""
    sample = template.document.sample
    avatars = (None, _face(40), _face(2400), b"\xff\xd8\xff not a picture")
    found = []
    for number, (name, nickname) in enumerate(NICKNAMES.items()):
        validity = VALIDITIES[number % len(VALIDITIES)]
        content = Content(
            facts={**sample, "nickname": nickname, "valid_until": validity},
            payload=LINKS[number % len(LINKS)] if template.has_code else "",
            avatar=avatars[number % len(avatars)],
        )
        found.append(Person(name, content, name.startswith("sixty")))
    found.append(Person("no fact at all", Content(payload=LINKS[0] if template.has_code else "")))
    return found
