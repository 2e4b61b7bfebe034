"""`python -m demo [--once]`: what `make demo` runs."""

from __future__ import annotations

import argparse
import os
import signal
import sys

import rich.console

from demo.launch import Launcher, NotReady, plan_of
from demo.story import StepFailed, play


def main() -> int:
    """Play the story; return 0 only if every step held."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument(
        "--once", action="store_true", help="play the story, check it, and stop everything"
    )
    once = parser.parse_args().once
    console = rich.console.Console(highlight=False)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop the processes then, too
    launcher = Launcher(plan_of(os.environ), console)  # noqa: TID251 # the one reader
    try:
        launcher.start()
        play(launcher.shop, console)
        launcher.show_links()
        if not once:
            launcher.open_phones()
            launcher.serve_until_stopped()
    except StepFailed as failure:
        console.print(f"\n[bold red]✗ {failure.step}[/]\n  {failure.reason}")
        return 1
    except NotReady as failure:
        console.print(f"\n[bold red]✗ {failure}[/]")
        return 1
    except KeyboardInterrupt:
        console.print()
    finally:
        launcher.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
