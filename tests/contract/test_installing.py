"""Installing decides nothing: the lock does, whatever an index has besides."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.markers import Marker

import install

PIPS = install.VENV / "pips"
NEWER = "9999.1"
_LINE = re.compile(r"(?m)^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;]+)(?P<marker> ; [^\\\n]+)?")


class Locked(NamedTuple):
    """One line of a lock."""

    name: str
    version: str
    marker: str


def lines_of(lock: Path) -> list[Locked]:
    """Return what a lock names."""
    found = _LINE.finditer(lock.read_text(encoding="utf-8"))
    return [Locked(each["name"], each["version"], (each["marker"] or "").strip()) for each in found]


def needs_of(name: str) -> list[str]:
    """Return what the real package asks for; nothing where it is not installed here."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def make_wheel(folder: Path, name: str, version: str, needs: list[str]) -> Path:
    """Write an empty package that asks for what the real one does."""
    stem = f"{re.sub(r'[-_.]+', '_', name)}-{version}"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    about += "".join(f"Requires-Dist: {each}\n" for each in needs)
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", about)
        tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr(f"{stem}.dist-info/WHEEL", tags)
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return path


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index in which every locked package has a newer release that cannot be used."""
    folder = tmp_path_factory.mktemp("index")
    for each in lines_of(install.LOCKS["dev"]):
        make_wheel(folder, each.name, each.version, needs_of(each.name))
        make_wheel(folder, each.name, NEWER, ["what-nobody-has"])
    return folder


def lock_for(index: Path, lock: Path, folder: Path) -> Path:
    """Return the lock with the hashes of that index."""
    made = folder / lock.name
    with made.open("w", encoding="utf-8") as out:
        for each in lines_of(lock):
            stem = f"{re.sub(r'[-_.]+', '_', each.name)}-{each.version}"
            wheel = (index / f"{stem}-py3-none-any.whl").read_bytes()
            digest = hashlib.sha256(wheel).hexdigest()
            out.write(f"{each.name}=={each.version} {each.marker} --hash=sha256:{digest}\n")
    return made


def applies(marker: str) -> bool:
    """Say whether a line is for the Python that runs this."""
    if not marker:
        return True
    return Marker(marker.removeprefix("; ")).evaluate()


@pytest.mark.parametrize("age", ["oldest", "newest"])
@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_a_newer_release_of_everything_changes_nothing(
    tmp_path: Path, index: Path, name: str, age: str
) -> None:
    """By the oldest pip that Python 3.11 has shipped, and by a new one, just the lock is there."""
    [pip] = (PIPS / age).glob("pip-*.whl")  # `make .venv/pips` fetches them
    lock = lock_for(index, install.LOCKS[name], tmp_path)
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)  # noqa: S603 # a venv of its own
    python = [str(venv / "bin" / "python"), "-I", f"{pip}/pip", "--isolated"]
    where = ["--no-index", "--find-links", str(index), "--no-compile", "--no-cache-dir"]

    command, *options = install.INSTALL
    done = subprocess.run(  # noqa: S603 # the very options that the make targets use
        [*python, command, *where, *options, str(lock)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]

    listed = subprocess.run(  # noqa: S603 # the same pip
        [*python, "list", "--format", "json"], capture_output=True, text=True, check=True
    )
    there = {each["name"].lower(): each["version"] for each in json.loads(listed.stdout)}
    named = lines_of(install.LOCKS[name])
    wanted = {each.name: each.version for each in named if applies(each.marker)}
    assert {name: version for name, version in there.items() if name != "pip"} == wanted
    assert subprocess.run([*python, "check"], check=False).returncode == 0  # noqa: S603 # as before


def test_the_lock_names_what_an_older_python_needs() -> None:
    """Debian 12's Python is 3.11.2, and redis asks for more below 3.11.3."""
    [needed] = [each for each in lines_of(install.LOCKS["runtime"]) if each.name == "async-timeout"]

    assert needed.marker == "; python_full_version < '3.11.3'"


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("OSError: [Errno 28] No space left on device: '/x'", "The disk is full"),
        ("… NewConnectionError(…): Failed to establish a new connection", "cannot be reached"),
        (
            "ERROR: No matching distribution found for alembic==1.20.1",
            "has not what the lock names",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE", "do not trust this index"),
    ],
)
def test_what_goes_wrong_ends_with_what_to_do(said: str, advice: str) -> None:
    """One sentence, in the words of who installs."""
    assert advice in (install.advice_for(said) or "")
