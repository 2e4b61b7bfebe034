"""The demo's settings: written to a git-ignored file that every command reads, too."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARK = "# Written by `make demo`, again in each run. Delete it to use settings of your own."

_TEMPLATES = {"success": "推荐成功", "second_visit": "再次到店", "first_impression": "评价"}
"""What the sandbox's templates for our messages have in their titles."""


class ForeignSettings(RuntimeError):
    """The settings file is somebody's own: the demo must not overwrite it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where the demo runs, and on what.

    Attributes:
        settings: the file to write; the commands read it, too.
        data: folder for the embedded database and for posters and avatars.
        database_url: a real server's, or empty for the embedded database.
        redis_url: with it web, worker and scheduler are processes of their own.
    """

    backend: str
    sandbox: str
    settings: Path
    data: Path
    database_url: str = ""
    redis_url: str = ""
    log_level: str = "WARNING"

    @property
    def port(self) -> int:
        """Return the backend's port."""
        return int(self.backend.rpartition(":")[2])


def write_settings(plan: Plan, apps: list[dict[str, Any]]) -> None:
    """Write settings under which backend and CLI talk to the sandbox.

    Raises:
        ForeignSettings: there is a file that the demo did not write.
    """
    secret = secrets.token_hex(32)
    if plan.settings.exists():
        text = plan.settings.read_text(encoding="utf-8")
        if not text.startswith(MARK):
            raise ForeignSettings(f"{plan.settings} 里是你自己的设置;先把它移开,再运行演示")
        secret = _earlier_secret(text) or secret
    sections = _sections(plan, apps)
    sections["security"] = {"secret_key": secret}
    plan.settings.write_text(MARK + "\n\n" + _toml(sections), encoding="utf-8")
    plan.settings.chmod(0o600)


def _sections(plan: Plan, apps: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    database = plan.database_url or f"sqlite:///{plan.data / 'demo.db'}"
    sections: dict[str, dict[str, Any]] = {
        "server": {"port": plan.port, "link_base": plan.backend},
        "database": {"url": database},
        "redis": {"url": plan.redis_url},
        "work": {"mode": "queue" if plan.redis_url else "embedded", "namespace": _name(plan)},
        "storage": {
            "folder": str(plan.data / "demo-files"),
            "spool": str(plan.data / "demo-callbacks.db"),
        },
        "clock": {"url": f"{plan.sandbox}/_clock"},
        "log": {"level": plan.log_level},
        "wechat": {"base_url": plan.sandbox, "mp_base_url": plan.sandbox},
    }
    for app in apps:
        sections[f"wechat.{app['kind']}"] = {
            "appid": app["appid"],
            "secret": app["secret"],
            "original_id": app["original_id"],
            "token": app["token"],
            "encoding_aes_key": app["encoding_aes_key"],
        }
    for kind, title in _TEMPLATES.items():
        sections[f"wechat.templates.{kind}"] = {
            "official_id": _template(apps, "official_account", title),
            "mini_program_id": _template(apps, "mini_program", title),
        }
    return sections


def _name(plan: Plan) -> str:
    """Keep the queues of demos on different ports apart."""
    return f"demo-{plan.port}"


def _template(apps: list[dict[str, Any]], kind: str, title: str) -> str:
    for app in apps:
        for template in app["templates"] if app["kind"] == kind else ():
            if title in template["title"]:
                return str(template["template_id"])
    return ""


def _toml(sections: dict[str, dict[str, Any]]) -> str:
    # JSON's strings and integers are TOML's, too.
    return "\n".join(
        f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
        for name, values in sections.items()
    )


def _earlier_secret(text: str) -> str | None:
    """Keep the key of earlier runs: phones of the kept database are hashed with it."""
    for line in text.splitlines():
        name, _, value = line.partition(" = ")
        if name == "secret_key":
            return str(json.loads(value))
    return None
