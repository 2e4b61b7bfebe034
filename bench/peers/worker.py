"""The loop of every Python engine: draw as many posters as the driver asks for, line by line."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Person = dict[str, Any]


def serve(start: Callable[[dict[str, Any], Path], Callable[[Person], bytes]]) -> None:
    """Prepare once, then answer each line `FIRST COUNT` with the bytes of the last poster."""
    folder = Path(sys.argv[1])
    spec = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
    draw = start(spec, folder)
    print("ready", flush=True)
    for line in sys.stdin:
        first, number = map(int, line.split())
        data = b""
        for at in range(first, first + number):
            data = draw(spec["people"][at % len(spec["people"])])
        print(len(data), flush=True)
