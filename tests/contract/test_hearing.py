"""The page that says who hears what is true."""

from __future__ import annotations

from pathlib import Path

from tests.settings import make_settings
from wxapp_backend.cli import ASSEMBLY, app_with_commands
from wxapp_backend.cli.hearing import page

PAGE = Path("docs/who-hears-what.md")


def test_the_page_is_what_the_application_is() -> None:
    """Events, subscribers and their order, jobs, routes and commands: none moves unseen.

    If this change is meant: `.venv/bin/flask --app wsgi who-hears-what > docs/who-hears-what.md`.
    """
    app = app_with_commands(make_settings())

    written = page(app.extensions[ASSEMBLY], app)

    assert written == PAGE.read_text(encoding="utf-8")
