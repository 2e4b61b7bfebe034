"""Starts the sandbox and the shop's processes, waits until they can serve, and stops them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import requests
import rich.console
from flask.testing import FlaskCliRunner

from demo.phones import NoPhones, Phones
from demo.settings import ForeignSettings, Plan, write_settings
from demo.shop import Shop
from wxapp_backend.assembly import Assembly
from wxapp_backend.cli import ASSEMBLY, app_with_commands
from wxapp_backend.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
_FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
_READY_SECONDS = 90
_STOP_SECONDS = 10


class NotReady(RuntimeError):
    """Something did not start; the text says what, and what to do."""


def plan_of(environment: Mapping[str, str]) -> Plan:
    """Return the plan that the environment asks for: ports, real servers, settings file."""
    return Plan(
        backend=f"http://127.0.0.1:{environment.get('PORT') or 8000}",
        sandbox=f"http://127.0.0.1:{environment.get('SANDBOX_PORT') or 9000}",
        settings=Path(environment.get("YINJIAN_SETTINGS") or ROOT / "config" / "local.toml"),
        data=ROOT / "var",
        database_url=environment.get("DATABASE_URL", ""),
        redis_url=environment.get("REDIS_URL", ""),
    )


class Launcher:
    """The processes of one demo."""

    def __init__(
        self, plan: Plan, console: rich.console.Console, *, output: IO[bytes] | None = None
    ) -> None:
        """Prepare to launch; `output` takes what the processes print, else the terminal does."""
        self._plan = plan
        self._console = console
        self._output = output
        self._backend: list[subprocess.Popen[bytes]] = []
        self._sandbox: subprocess.Popen[bytes] | None = None
        self._cli: FlaskCliRunner | None = None
        self._parts: Assembly | None = None
        self._phones = Phones(backend=plan.backend, sandbox=plan.sandbox)
        self.shop = Shop(plan.backend, plan.sandbox, self._command)

    def start(self) -> None:
        """Start everything on an up-to-date database.

        Raises:
            NotReady: a port is taken, or a process died.
        """
        plan = self._plan
        with self._console.status("正在启动离线微信沙箱…"):
            self._refuse_taken_ports()
            port = plan.sandbox.rpartition(":")[2]
            program = [sys.executable, "-m", "wxapp_backend.sandbox"]
            self._sandbox = self._spawn([*program, "--port", port, "--backend", plan.backend])
            self._wait_for(f"{plan.sandbox}/_healthz")
        with self._console.status("正在准备数据库…"):
            plan.data.mkdir(parents=True, exist_ok=True)
            self._write_settings()
            self._command("db", "upgrade")
            self._command("seed", "--store", "静安寺店", "--address", "上海市南京西路 1618 号")
        with self._console.status("正在启动小店…"):
            self.start_backend()

    def start_backend(self) -> None:
        """Start the shop's processes and wait until they can serve."""
        programs = ["serve", "worker", "scheduler"] if self._plan.redis_url else ["serve"]
        self._backend = [self._spawn([*_FLASK, program]) for program in programs]
        self._wait_for(f"{self._plan.backend}/readyz")

    def kill_backend(self) -> None:
        """Kill the shop's processes as a crash would (SIGKILL); the sandbox lives on."""
        for process in self._backend:
            process.kill()
        for process in self._backend:
            process.wait()

    def show_links(self) -> None:
        """Print where to look."""
        plan = self._plan
        self._console.print(
            "[bold]接着逛逛[/]\n"
            f"  接口文档   {plan.backend}/docs\n"
            f"  运行状况   {plan.backend}/readyz\n"
            "  命令行     .venv/bin/flask --app wsgi funnel\n"
            f"  微信沙箱   [bold]{plan.sandbox}/[/]"
        )

    def open_phones(self) -> None:
        """Put the mini-program on the sandbox's phones; without it they still show the chats."""
        try:
            with self._console.status("") as status:
                self._phones.start(status.update)
        except NoPhones as problem:
            self._console.print(f"[yellow]手机上暂时打不开小程序:[/]{problem}")
            return
        self._console.print(
            "\n几部手机并排放好了:打开上面的微信沙箱,新建手机、扫海报、点消息,亲手把故事走一遍。"
        )

    def serve_until_stopped(self) -> None:
        """Keep everything running until Ctrl-C.

        Raises:
            NotReady: a process ended by itself.
        """
        self._console.print("\n[dim]服务运行中,按 Ctrl-C 结束。[/]")
        while True:
            time.sleep(1)
            self._check_alive()

    def stop(self) -> None:
        """Stop all processes, the sandbox last."""
        self._phones.stop()
        if self._parts is not None:
            self._parts.db.engine.dispose()
        _end(self._backend)
        if self._sandbox is not None:
            _end([self._sandbox])  # its clock must tick until the shop has closed

    def _write_settings(self) -> None:
        apps = requests.get(f"{self._plan.sandbox}/_apps", timeout=5).json()
        try:
            write_settings(self._plan, apps)
        except ForeignSettings as problem:
            raise NotReady(str(problem)) from None

    def _command(self, *arguments: str) -> str:
        """Run a command of the CLI and return what it prints on standard output.

        It runs in this process: starting Python anew for each would take longer than the story.
        """
        if self._cli is None:
            settings = load_settings({"YINJIAN_SETTINGS": str(self._plan.settings)})
            app = app_with_commands(settings)
            self._cli, self._parts = app.test_cli_runner(), app.extensions[ASSEMBLY]
        done = self._cli.invoke(args=arguments)
        if done.exit_code != 0:
            name = " ".join(arguments[:2])
            raise NotReady(
                f"flask {name} 未能完成:\n{done.stderr.strip()[-2000:]}\n{done.exception!r}"
            )
        return done.stdout.strip()

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 # our own programs
            command, cwd=ROOT, env=self._environment(), stdout=self._output, stderr=self._output
        )

    def _environment(self) -> dict[str, str]:
        """Return the environment without what would override the settings file."""
        ours = {"PORT", "DATABASE_URL", "REDIS_URL"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}  # noqa: TID251 # handed on
        return kept | {"YINJIAN_SETTINGS": str(self._plan.settings)}

    def _all(self) -> list[subprocess.Popen[bytes]]:
        return [*self._backend, *([self._sandbox] if self._sandbox else [])]

    def _refuse_taken_ports(self) -> None:
        for name, url in (("PORT", self._plan.backend), ("SANDBOX_PORT", self._plan.sandbox)):
            try:
                requests.get(url, timeout=1)
            except requests.ConnectionError:
                continue
            except requests.RequestException:
                pass
            raise NotReady(f"{url} 已被占用;换一个端口:make demo {name}=…")

    def _wait_for(self, url: str) -> None:
        end = time.monotonic() + _READY_SECONDS
        while time.monotonic() < end:
            self._check_alive()
            try:
                if requests.get(url, timeout=2).ok:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.05)
        raise NotReady(f"{url} 在 {_READY_SECONDS} 秒内没有就绪")

    def _check_alive(self) -> None:
        for process in self._all():
            if process.poll() is not None:
                raise NotReady(f"一个进程意外退出(状态 {process.returncode}),原因见上方输出")


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask processes to stop, and kill those that do not."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
