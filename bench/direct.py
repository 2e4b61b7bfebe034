"""A process that does operations without HTTP: `python -m bench.direct DATABASE_URL`.

It reads one JSON line for each block, `{"operation", "threads", "calls"}`, and answers each with
the seconds that the block took.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson

from bench.operations import OPERATIONS, Call
from bench.shop import environment
from wxapp_backend.assembly import assemble
from wxapp_backend.infra.db import Database
from wxapp_backend.settings import load_settings


def run_block(db: Database, pool: ThreadPoolExecutor, block: dict[str, Any]) -> float:
    """Do every call of the block and return the seconds that it took in all."""
    operation = OPERATIONS[block["operation"]]
    calls = [Call(**each) for each in block["calls"]]
    begun = time.perf_counter()
    statuses = set(pool.map(lambda call: operation.run(db, call), calls))
    took = time.perf_counter() - begun
    if statuses - {200}:
        raise SystemExit(f"{operation.name} was answered {statuses}")
    return took


def main(url: str, threads: int) -> None:
    """Answer blocks until the input ends."""
    db = assemble(load_settings(environment(url, Path("unused")))).db
    with ThreadPoolExecutor(threads) as pool:
        for line in sys.stdin.buffer:
            took = run_block(db, pool, orjson.loads(line))
            sys.stdout.write(f"{took}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
