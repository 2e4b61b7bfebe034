"""Runs one shop with its sandbox for the browser's tests until its input is closed."""

from __future__ import annotations

import json
import socket
import sys
import tempfile
from pathlib import Path

import rich.console

from demo.launch import Launcher
from demo.settings import Plan


def _free_address() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def main() -> None:
    """Serve until standard input ends; the first line of standard output is JSON."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(
            backend=_free_address(),
            sandbox=_free_address(),
            settings=Path(folder) / "settings.toml",
            data=Path(folder) / "data",
        )
        quiet = rich.console.Console(stderr=True)
        launcher = Launcher(plan, quiet, output=sys.stderr.buffer)
        try:
            launcher.start()
            store = launcher.shop.call("GET", "/api/v1/stores")["items"][0]["id"]
            printed = launcher.shop.command("staff-invite", "--store", store, "--role", "clerk")
            told = {
                "backend": plan.backend,
                "sandbox": plan.sandbox,
                "invitation": printed.splitlines()[-1],
            }
            print(json.dumps(told), flush=True)  # noqa: T201 # the test reads it
            sys.stdin.read()
        finally:
            launcher.stop()


if __name__ == "__main__":
    main()
