"""The sandbox as a program: how it starts, what it prints, and that it stands alone."""

import ast
import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from tests.sandbox.driver import Driver
from wxapp_backend.sandbox import server
from wxapp_backend.sandbox.__main__ import main
from wxapp_backend.sandbox.accounts import ACCOUNTS
from wxapp_backend.sandbox.released_pages import RELEASED_PAGES, read_pages

ROOT = Path(server.__file__).parent


def test_program_serves_and_prints_nothing_secret() -> None:
    """It says where it is, serves, and its output stays free of tokens and openids."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "wxapp_backend.sandbox", "--port", str(port)]
    program = subprocess.Popen(  # noqa: S603 # our own program
        [*command, "--backend", "http://127.0.0.1:9"],
        cwd=ROOT.parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert program.stdout is not None
        assert program.stdout.readline() == f"WeChat sandbox at http://127.0.0.1:{port}\n"
        sandbox = Driver(f"http://127.0.0.1:{port}")
        person = _when_up(sandbox)
        secrets = [
            person["unionid"],
            *person["openids"].values(),
            sandbox.token("mini_program"),
            sandbox.login(sandbox.act(person, "login-code")["code"])["session_key"],
            *(one.secret for one in ACCOUNTS.values()),
        ]
    finally:
        program.terminate()
        printed = program.communicate(timeout=60)[0]
    assert not [one for one in secrets if one in printed]
    assert printed == ""


def _when_up(sandbox: Driver) -> dict[str, dict[str, str]]:
    """Make a person as soon as the program listens."""
    session = requests.Session()
    retry = requests.adapters.Retry(total=20, backoff_factor=0.05, connect=20)
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
    with session:
        session.get(sandbox.url + "/_healthz", timeout=5)
    person: dict[str, dict[str, str]] = sandbox.person()
    return person


def test_other_addresses_than_loopback_are_refused() -> None:
    """It hands out accounts without a password, so nobody else may reach it."""
    assert main(["--host", "0.0.0.0", "--port", "0"]) == 2  # noqa: S104 # refused is the point


def test_started_in_a_thread_it_stops_and_frees_its_port() -> None:
    """After stop nothing listens, and the same port can be taken again."""
    first = server.start()
    port = int(first.url.rpartition(":")[2])
    first.stop()

    second = server.start(port=port, mode="plain")

    assert requests.get(second.url + "/_state", timeout=5).json()["mode"] == "plain"
    second.stop()


def test_many_phones_act_at_once(sandbox: Driver) -> None:
    """Forty simultaneous follows are forty events and forty followers."""
    people = [sandbox.person(str(number)) for number in range(40)]

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda person: sandbox.act(person, "follow"), people))

    assert sandbox.official("/cgi-bin/user/get")["total"] == 40


def test_pages_are_read_from_an_app_json(tmp_path: Path) -> None:
    """Main pages come first, those of subpackages with their folder after."""
    app_json = tmp_path / "app.json"
    packages = [{"root": "packages/share/", "pages": ["poster/index"]}]
    declared = {"pages": ["pages/home/index"], "subPackages": packages}
    app_json.write_text(json.dumps(declared), encoding="utf-8")

    assert read_pages(app_json) == ("pages/home/index", "packages/share/poster/index")


def test_landing_page_is_released() -> None:
    """The page that plain links open exists, and the home page comes first."""
    assert RELEASED_PAGES[0] == "pages/home/index"
    assert "pages/landing/index" in RELEASED_PAGES


def test_it_imports_nothing_of_the_backend() -> None:
    """Backend and sandbox meet over HTTP alone."""
    imported = {
        name
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }

    ours = {name for name in imported if name.startswith("wxapp_backend")}
    assert all(name.startswith("wxapp_backend.sandbox") for name in ours)
    assert "wechatpy" not in {name.partition(".")[0] for name in imported}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
