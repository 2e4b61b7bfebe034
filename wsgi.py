"""WSGI entry point: `gunicorn wsgi:app`, and `flask --app wsgi …` for the commands."""

from __future__ import annotations

import os

from wxapp_backend.cli import app_with_commands
from wxapp_backend.infra.logs import configure_logs
from wxapp_backend.settings import SettingsFault, load_settings

try:
    settings = load_settings(os.environ)  # noqa: TID251 # the one reader
except SettingsFault as fault:
    raise SystemExit(str(fault)) from None
configure_logs(settings.log.level)
app = app_with_commands(settings)
