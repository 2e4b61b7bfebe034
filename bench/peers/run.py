"""Other engines beside ours, in one run: CPU of each engine's whole process tree, per poster.

Run: `python -m bench.peers.run`, after `bench/peers/install.sh`. What is not installed is named and
left out. Blocks come in a freshly shuffled order each round.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251 - shuffles blocks, with a fixed seed

from bench.peers.spec import write_spec
from bench.posters import ROOT
from wxapp_backend.drawing import Content, Renderer, get_template

HERE = Path(__file__).parent
PYTHON = HERE / ".venv" / "bin" / "python"
ROUNDS = 12
BLOCK = 10
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class _Peer:
    name: str
    process: "subprocess.Popen[str]"
    seconds: float = 0.0
    posters: int = 0
    size: int = 0

    def draw(self, first: int, count: int) -> None:
        """Let it draw a block and note the CPU its process tree used."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        before = _tree_seconds(self.process.pid)
        self.process.stdin.write(f"{first} {count}\n")
        self.process.stdin.flush()
        self.size = int(self.process.stdout.readline())
        self.seconds += _tree_seconds(self.process.pid) - before
        self.posters += count


def _tree_seconds(root: int) -> float:
    """Answer user and system time of a process and its descendants, ended ones included."""
    children: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # ended meanwhile
        children.setdefault(int(fields[1]), []).append(int(entry.name))
        used[int(entry.name)] = sum(map(int, fields[11:15]))
    waiting, total = [root], 0
    while waiting:
        process = waiting.pop()
        total += used.get(process, 0)
        waiting += children.get(process, [])
    return total / _TICKS


def _commands(folder: Path) -> dict[str, list[str]]:
    """Answer how each engine is started, as far as it is installed."""
    where = str(folder)
    commands = {
        "floor: Pillow encode only": [sys.executable, "-m", "bench.peers.peer_floor", where],
        "ours, new nickname and link": [sys.executable, "-m", "bench.peers.peer_ours", where],
    }
    if PYTHON.exists():
        for name, script in (
            ("Pillow, naive", "peer_pillow.py"),
            ("skia-python, cached", "peer_skia.py"),
            ("pyvips, cached", "peer_vips.py"),
        ):
            commands[name] = [str(PYTHON), str(HERE / script), where]
    if (HERE / "node_modules").exists():
        commands["node canvas, cached"] = ["node", str(HERE / "canvas.mjs"), where]
        commands["Chromium, warm page"] = ["node", str(HERE / "chromium.mjs"), where]
    return commands


def _started(name: str, command: list[str]) -> _Peer | None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "VIPS_CONCURRENCY": "1"}  # noqa: TID251 - handed on to children
    process = subprocess.Popen(  # noqa: S603 - our own programs
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        print(f"{name}: could not be started, left out")
        process.kill()
        return None
    return _Peer(name, process)


def _write_whole(folder: Path) -> None:
    template = get_template(ROOT, "new-customer-gift")
    content = Content(facts=template.document.sample, payload="https://shop.example.com/r/00000001")
    Renderer().picture(template, content).save(folder / "whole.png")


def measure(rounds: int = ROUNDS) -> list[_Peer]:
    """Let all engines draw in shuffled blocks; answer them, quickest first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_spec(folder)
        _write_whole(folder)
        started = [_started(label, command) for label, command in _commands(folder).items()]
        peers = [peer for peer in started if peer is not None]
        for peer in peers:
            peer.draw(0, 16)
            peer.seconds, peer.posters = 0.0, 0
        shuffler = Random(3)  # noqa: S311 - an order, not a secret
        for number in range(rounds):
            shuffler.shuffle(peers)
            for peer in peers:
                peer.draw(number * BLOCK, BLOCK)
        for peer in peers:
            assert peer.process.stdin is not None
            peer.process.stdin.close()
            peer.process.wait(20)
    return sorted(peers, key=lambda peer: peer.seconds / peer.posters)


def main() -> None:
    """Print the table."""
    peers = measure()
    floor = next(p.seconds / p.posters for p in peers if p.name.startswith("floor"))
    print(f"{'750x1334, JPEG quality 85':32} {'ms':>8} {'x floor':>8} {'KB':>6}")
    for peer in peers:
        each = peer.seconds / peer.posters
        print(f"{peer.name:32} {each * 1000:8.2f} {each / floor:8.2f} {peer.size / 1000:6.1f}")


if __name__ == "__main__":
    main()
