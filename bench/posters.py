"""What a poster costs, as ratios to Pillow's own encode of the same pixels in the same run.

Run: `python -m bench.posters`. Blocks of a few posters per contender come in a freshly shuffled
order every round, so that a busy machine slows all alike; the figure is the median of CPU time.
"""

import gc
import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251 - shuffles blocks, with a fixed seed

from PIL import Image, ImageDraw, ImageFilter

from wxapp_backend.drawing import Content, Renderer, Template, get_template, list_templates
from wxapp_backend.drawing.images import normalise_avatar
from wxapp_backend.drawing.jpeg import encode

ROOT = Path(__file__).parents[1] / "poster_templates"
ROUNDS = 20
BLOCK = 12
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = "小明静伟芳娜敏丽强磊军洋勇艳杰娟涛超秀霞平刚桂英华建文辉玲宁雪晨佳怡梓涵欣"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `must` and `aim` are upper bounds of `measured`."""

    name: str
    measured: float
    must: float | None
    aim: float | None
    note: str


def _face(seed: int) -> bytes:
    picture = Image.new("HSV", (132, 132), (seed * 37 % 256, 90, 220)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((26, 82, 106, 170), fill=(60, 70, 120 + seed % 80))
    draw.ellipse((40, 26, 92, 88), fill=(238, 204, 178))
    buffer = io.BytesIO()
    grain = Image.effect_noise(picture.size, 30).convert("RGB")
    Image.blend(picture.filter(ImageFilter.GaussianBlur(1)), grain, 0.08).save(
        buffer, "JPEG", quality=88
    )
    return buffer.getvalue()


def _nickname(number: int) -> str:
    given = _GIVEN[number * 7 % len(_GIVEN)] + _GIVEN[number * 11 // 3 % len(_GIVEN)]
    return _FAMILY[number % len(_FAMILY)] + given + ("🌸" if number % 5 == 0 else "")


def _link(number: int) -> str:
    return f"https://shop.example.com/r/{number * 2654435761 % 10**8:08d}"


class Contenders:
    """The ways of making a poster of one template that are compared."""

    def __init__(self, template: Template, size: tuple[int, int], numbers: Iterator[int]) -> None:
        self.template = template
        self.size = size
        self.numbers = numbers
        self.renderer = Renderer()
        self.bare = Renderer(store_bytes=0)
        self.faces = [normalise_avatar(_face(i)) for i in range(2)]
        self.small = [_face(i) for i in range(16)]
        self.ready = [
            self.renderer.picture(template, self._content(i, "王小美"), size=size) for i in range(4)
        ]

    def _content(self, number: int, nickname: str, avatar: bytes | None = None) -> Content:
        facts = {**self.template.document.sample, "nickname": nickname}
        return Content(
            facts=facts,
            payload=_link(number) if self.template.has_code else "",
            avatar=avatar or self.faces[number % len(self.faces)],
        )

    def floor(self) -> None:
        """Encode pixels that are ready: the work that no way of drawing can avoid."""
        encode(self.ready[next(self.numbers) % len(self.ready)], restarts=False)

    def returning(self) -> None:
        """Draw for a customer who was here before, with a new link."""
        number = next(self.numbers)
        self.renderer.render(self.template, self._content(number, "王小美"), size=self.size)

    def new_name(self) -> None:
        """Draw for a known avatar with a nickname and a link never seen."""
        number = next(self.numbers)
        content = self._content(number, _nickname(number))
        self.renderer.render(self.template, content, size=self.size)

    def new_customer(self) -> None:
        """Draw for somebody never seen whose avatar is a 132 px JPEG."""
        number = next(self.numbers)
        avatar = self.small[number % len(self.small)] + number.to_bytes(4, "big")
        content = self._content(number, _nickname(number), avatar)
        self.renderer.render(self.template, content, size=self.size)

    def all_drawn(self) -> None:
        """Draw every element, as for a first poster of a campaign."""
        number = next(self.numbers)
        content = self._content(number, _nickname(number))
        self.bare.render(self.template, content, size=self.size)

    def png_floor(self) -> None:
        """Encode ready pixels as PNG at Pillow's usual level 6."""
        self.ready[0].save(io.BytesIO(), "PNG")

    def png(self) -> None:
        """Draw a PNG for a known avatar with a new nickname and link."""
        number = next(self.numbers)
        content = self._content(number, _nickname(number))
        self.renderer.render(self.template, content, size=self.size, format="png")


def measure(ways: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Answer median CPU milliseconds of one call, by name."""
    shuffler = Random(7)  # noqa: S311 - an order, not a secret
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        for _ in range(2):
            way()
    gc.collect()
    for _ in range(rounds):
        names = list(ways)
        shuffler.shuffle(names)
        for name in names:
            for _ in range(BLOCK):
                start = time.process_time_ns()
                ways[name]()
                taken[name].append((time.process_time_ns() - start) / 1e6)
    return {name: statistics.median(times) for name, times in taken.items()}


_MEMORY_PROBE = """
from pathlib import Path
from wxapp_backend.drawing import Content, Renderer, get_template
from bench.posters import ROOT, _face, _link, _nickname
renderer = Renderer()
template = get_template(ROOT, "new-customer-gift")
for number in range(600):
    facts = {**template.document.sample, "nickname": _nickname(number)}
    renderer.render(template, Content(facts=facts, payload=_link(number), avatar=_face(number)))
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""


def memory_mb() -> float:
    """Answer the peak memory of a process that only renders 750x1334, 600 new customers."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", _MEMORY_PROBE], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _ms(value: float) -> str:
    return f"{value:.3f} ms"


def rows(rounds: int = ROUNDS) -> list[Row]:
    """Measure everything; takes well under a minute on an idle core."""
    numbers = count(1)
    gift = get_template(ROOT, "new-customer-gift")
    small = Contenders(gift, (750, 1334), numbers)
    large = Contenders(gift, (1080, 1920), numbers)
    ways: dict[str, Callable[[], None]] = {
        "floor": small.floor,
        "returning": small.returning,
        "new name": small.new_name,
        "new customer": small.new_customer,
        "large floor": large.floor,
        "large": large.returning,
    }
    others = [t for t in list_templates(ROOT) if not t.is_print]
    for template in others:
        size = (template.sizes[0].width, template.sizes[0].height)
        each = Contenders(template, size, numbers)
        ways[f"floor {template.name}"] = each.floor
        ways[f"all {template.name}"] = each.all_drawn
    taken = measure(ways, rounds)
    png = measure({"floor": small.png_floor, "ours": small.png}, max(2, rounds // 10))
    floor = taken["floor"]
    note = f"floor {_ms(floor)}"
    found = [
        Row("returning customer, new link", taken["returning"] / floor, 0.06, 0.04, note),
        Row("known avatar, new nickname, link", taken["new name"] / floor, 0.24, 0.18, note),
        Row("new customer, 132 px avatar", taken["new customer"] / floor, 0.55, 0.40, note),
        Row(
            "1080x1920, elements cached",
            taken["large"] / taken["large floor"],
            0.40,
            0.33,
            f"floor {_ms(taken['large floor'])}",
        ),
    ]
    for template in others:
        own = taken[f"floor {template.name}"]
        ratio = taken[f"all {template.name}"] / own
        found.append(Row(f"all drawn: {template.name}", ratio, 0.70, 0.60, f"floor {_ms(own)}"))
    found.append(Row("PNG", png["ours"] / png["floor"], 0.025, 0.02, f"floor {_ms(png['floor'])}"))
    found.append(Row("PNG bytes", _png_bytes(small), 1.05, None, "of Pillow level 6"))
    found.append(Row("memory, MB", memory_mb(), 120, 80, "600 new customers at 750x1334"))
    return found


def _png_bytes(contender: Contenders) -> float:
    content = contender._content(1, "王小美")  # noqa: SLF001 - same module
    buffer = io.BytesIO()
    contender.renderer.picture(contender.template, content).save(buffer, "PNG")
    ours = contender.renderer.render(contender.template, content, format="png")
    return len(ours.data) / len(buffer.getvalue())


def main() -> None:
    """Print the table."""
    print(f"{'poster':40} {'ratio':>8} {'must':>7} {'aim':>7}")
    for row in rows():
        must = "" if row.must is None else f"{row.must:g}"
        aim = "" if row.aim is None else f"{row.aim:g}"
        mark = " " if row.must is None or row.measured <= row.must else "!"
        print(f"{row.name:40} {row.measured:8.3f} {must:>7} {aim:>7} {mark} {row.note}")


if __name__ == "__main__":
    main()
