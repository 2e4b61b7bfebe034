"""Readiness: what must be there, and what is only reported."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from tests.settings import make_settings
from wxapp_backend.app import build_app
from wxapp_backend.assembly import Assembly, assemble
from wxapp_backend.features.identity.events import PersonErased
from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.migrate import upgrade
from wxapp_backend.infra.outbox.rows import DeliveryRow


def make_assembly(folder: Path, **overrides: str) -> Assembly:
    """Return the parts of a process on a SQLite database of its own."""
    return assemble(
        make_settings(
            DATABASE__URL=f"sqlite:///{folder / 'health.db'}",
            STORAGE__FOLDER=str(folder / "files"),
            WECHAT__BASE_URL="http://127.0.0.1:1",
            **overrides,
        )
    )


def ready(assembly: Assembly) -> tuple[int, dict[str, Any]]:
    """Ask whether the shop is ready."""
    answer = build_app(assembly).test_client().get("/readyz")
    return answer.status_code, answer.get_json()


def test_a_database_without_tables_is_not_ready(tmp_path: Path) -> None:
    """A forgotten migration keeps the balancer away."""
    status, body = ready(make_assembly(tmp_path))

    assert (status, body["ready"], body["checks"]["database"]) == (503, False, "failed")


def test_wechat_and_redis_may_be_away(tmp_path: Path) -> None:
    """They are reported as degraded; the shop serves."""
    assembly = make_assembly(tmp_path, REDIS__URL="redis://127.0.0.1:1/0")
    upgrade(assembly.settings.database.url)

    status, body = ready(assembly)

    assert status == 200
    assert body["checks"] == {
        "database": "ok",
        "queue": "ok",
        "redis": "degraded",
        "wechat": "degraded",
    }


def test_work_that_nobody_does_is_reported(tmp_path: Path) -> None:
    """A delivery that is due for minutes means that no worker runs."""
    assembly = make_assembly(tmp_path)
    upgrade(assembly.settings.database.url)
    erased = PersonErased(person_id="nobody", avatar_key=None)
    assembly.db.run(lambda tx: tx.emit(erased))
    past = system_clock() - timedelta(minutes=5)
    assembly.db.run(lambda tx: tx.session.execute(update(DeliveryRow).values(run_at=past)))

    assert ready(assembly)[1]["checks"]["queue"] == "degraded"
