"""The one story through real processes, also when they are killed in the middle of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import rich.console

from demo.story import Narrator, play, prepare, steps
from tests.conftest import REDIS_URL
from tests.e2e.running import running
from wxapp_backend.infra.outbox.claims import LEASE_SECONDS


def quiet() -> rich.console.Console:
    """Return a console that prints nothing."""
    return rich.console.Console(quiet=True)


def test_the_story_holds_on_sqlite_in_one_process(tmp_path: Path) -> None:
    """Poster, scan, claim, visit, rewards, both messages: embedded, with nothing else."""
    with running(tmp_path) as (launcher, _):
        play(launcher.shop, quiet())


@pytest.mark.skipif(not REDIS_URL, reason="TEST_REDIS_URL is not set")
def test_the_story_holds_with_processes_apart(tmp_path: Path, server_database_url: str) -> None:
    """The same on PostgreSQL and Redis with web, worker and scheduler as processes of their own."""
    with running(tmp_path, database_url=server_database_url, redis_url=REDIS_URL) as (launcher, _):
        play(launcher.shop, quiet())


def test_a_crash_between_any_two_steps_changes_nothing(tmp_path: Path) -> None:
    """The shop is killed right after each step: the story ends the same, nothing twice.

    The step that follows finds what the killed process had only begun: rewards to grant, messages
    to send, codes to make. What that process was at work on waits for the end of its lease.
    """
    told = Narrator(quiet())
    with running(tmp_path) as (launcher, _):
        patient = replace(launcher.shop, message_seconds=LEASE_SECONDS + 15)
        cast = prepare(patient)
        for title, act in steps():
            launcher.kill_backend()
            launcher.start_backend()
            with told.step(title):
                act(cast, told)


def test_no_secret_is_printed(tmp_path: Path) -> None:
    """Not one token, openid or secret stands in any line of any process, at the chattiest level."""
    with running(tmp_path, log_level="DEBUG") as (launcher, printed):
        play(launcher.shop, quiet())
        phones = requests.get(f"{launcher.shop.sandbox}/_phones", timeout=5).json()
        apps = requests.get(f"{launcher.shop.sandbox}/_apps", timeout=5).json()

    people = phones["items"] if isinstance(phones, dict) else phones
    secrets = {app[name] for app in apps for name in ("secret", "token", "encoding_aes_key")}
    secrets |= {openid for person in people for openid in person["openids"].values()}
    secrets |= {person["unionid"] for person in people}
    settings = (tmp_path / "settings.toml").read_text(encoding="utf-8")
    secrets |= {
        json.loads(found) for found in re.findall(r"^secret_key = (.*)$", settings, re.MULTILINE)
    }
    text = printed.read_text(encoding="utf-8", errors="replace")
    assert len(secrets) > 10
    assert len(text) > 1000, "the run must have printed something to search"
    assert [secret for secret in secrets if secret in text] == []
    assert not re.search(r"(access_token|session_key|Bearer )[=:\"' ]*[A-Za-z0-9_-]{16,}", text)
