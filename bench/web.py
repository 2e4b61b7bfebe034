"""The web part alone, for measuring: deliveries stay where they are.

`python -m bench.web URL FOLDER PORT THREADS` serves it with waitress;
gunicorn's argument is `bench.web:make("URL", "FOLDER")`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import waitress
from apiflask import APIFlask

from bench.shop import environment
from wxapp_backend.app import create_app
from wxapp_backend.infra.logs import configure_logs
from wxapp_backend.settings import load_settings


def make(url: str, folder: str) -> APIFlask:
    """Build the application."""
    settings = load_settings(environment(url, Path(folder)))
    configure_logs(settings.log.level)
    return create_app(settings)


if __name__ == "__main__":
    waitress.serve(
        make(sys.argv[1], sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[3]),
        threads=int(sys.argv[4]),
        ident=None,
        _quiet=True,
    )
