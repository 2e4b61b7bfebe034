"""`python3 install.py runtime|dev|node`: the virtual environment, just as the lock names it.

Nothing is decided here: each lock is complete, so pip installs every line of it in that version and
with that hash, looks for nothing else (`--no-deps`), builds nothing (`--only-binary`), and is asked
afterwards whether all fits. It runs before anything is installed: the standard library alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
LOG = ROOT / "var" / "install.log"
LOCKS = {
    "runtime": ROOT / "requirements.txt",
    "dev": ROOT / "requirements-dev.txt",
    "node": ROOT / "requirements-node.txt",
}
PIP = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input")
INSTALL = ("install", "--no-deps", "--only-binary", ":all:", "--require-hashes", "-r")

_ONE_PACKAGE = ("Collecting ", "Requirement already satisfied")
_LAST_LINES = 6

ADVICE = (
    (r"No space left on device", "The disk is full: make room, then run the same command again."),
    (r"Permission denied", "No permission to write here: use a folder of your own."),
    (
        r"DO NOT MATCH THE HASHES",
        "A package is not the one that the lock names: do not trust this index.",
    ),
    (
        (
            r"NewConnectionError|NameResolutionError|ConnectTimeout|Read timed out|ProxyError"
            r"|SSLError|Connection (refused|aborted|reset)|Network is unreachable"
        ),
        (
            "The package index cannot be reached: check the network, or pip's index-url, then run"
            " the same command again."
        ),
    ),
    (
        r"No matching distribution found",
        (
            "The package index has not what the lock names: check pip's index-url, or take a"
            " CPython for which the packages are made."
        ),
    ),
)


class Stopped(Exception):
    """It cannot go on; the text says what to do."""


class Progress:
    """One step on one line; on a terminal its count runs."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._began = time.monotonic()
        self._is_terminal = sys.stdout.isatty()
        self._write(f"· {title} …")

    def count(self, done: int, total: int) -> None:
        """Show how much is done."""
        if self._is_terminal:
            self._write(f"\r· {self._title} … {done}/{total}")

    def end(self, result: str = "ok") -> None:
        """End the line."""
        self._write(f" {result}, {time.monotonic() - self._began:.0f} s\n")

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def main(wanted: str) -> int:
    """Prepare what is wanted, and return the exit code."""
    try:
        LOG.parent.mkdir(exist_ok=True)
        _make_venv()
        _install(LOCKS[wanted])
        (VENV / wanted).touch()
    except OSError as problem:
        sys.stderr.write(f"✗ {advice_for(str(problem)) or problem}\n")
        return 1
    except Stopped as problem:
        sys.stderr.write(f"✗ {problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n✗ Interrupted; the same command goes on from here.\n")
        return 1
    return 0


def advice_for(said: str) -> str | None:
    """Return what to do about what a command said, or None."""
    return next((words for pattern, words in ADVICE if re.search(pattern, said)), None)


def _make_venv() -> None:
    """Make the virtual environment, unless there is one that works."""
    if Path(PYTHON).exists() and _run([*PIP, "--version"])[0] == 0:
        return
    step = Progress("Python environment")
    code, said = _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if code:
        step.end("failed")
        raise Stopped(
            advice_for(said)
            or "This Python cannot make virtual environments: on Debian and Ubuntu install the"
            " package python3-venv, then run the same command again."
        )
    step.end()


def _install(lock: Path) -> None:
    total = len(re.findall(r"(?m)^[A-Za-z0-9].*==", lock.read_text(encoding="utf-8")))
    step = Progress(f"Packages of {lock.name}")
    done = 0

    def note(line: str) -> None:
        nonlocal done
        done += line.startswith(_ONE_PACKAGE)
        step.count(done, total)

    code, said = _run([*PIP, *INSTALL, str(lock)], note)
    if code == 0:
        code, said = _run([*PIP, "check"], note)
    if code:
        step.end("failed")
        lines = [each for each in said.splitlines() if not each.startswith("WARNING")]
        sys.stdout.write("".join(f"  | {each}\n" for each in lines[-_LAST_LINES:]))
        raise Stopped(advice_for(said) or f"pip could not install; all that it said: {LOG}")
    step.end()


def _run(command: list[str], note: Callable[[str], None] = lambda _line: None) -> tuple[int, str]:
    """Run a command; return its code and all it said, which the log keeps as well."""
    said: list[str] = []
    with (
        LOG.open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            said.append(line)
            note(line)
    return process.returncode, "".join(said)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
