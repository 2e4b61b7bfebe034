"""Our own engine: known avatars, a nickname and a link that are new each time."""

import json
import sys
from itertools import count
from pathlib import Path

from bench.posters import ROOT, _link, _nickname
from wxapp_backend.drawing import Content, Renderer, get_template


def main() -> None:
    """Draw as many posters as the driver asks for."""
    folder = Path(sys.argv[1])
    people = json.loads((folder / "spec.json").read_text(encoding="utf-8"))["people"]
    renderer, template = Renderer(), get_template(ROOT, "new-customer-gift")
    faces = [(folder / f"avatar{number}.jpg").read_bytes() for number in range(4)]
    numbers = count(1)
    print("ready", flush=True)
    for line in sys.stdin:
        first, many = map(int, line.split())
        size = 0
        for at in range(first, first + many):
            number = next(numbers)
            facts = {**template.document.sample, "nickname": _nickname(number)}
            face = faces[at % len(people) % 4]
            content = Content(facts=facts, payload=_link(number), avatar=face)
            size = len(renderer.render(template, content).data)
        print(size, flush=True)


if __name__ == "__main__":
    main()
