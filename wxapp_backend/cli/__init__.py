"""Composition root of the commands: `flask --app wsgi …`, each with `--help`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import click
from apiflask import APIFlask
from sqlalchemy.exc import SQLAlchemyError

from wxapp_backend.app import build_app
from wxapp_backend.assembly import assemble
from wxapp_backend.cli import database, doctor, hearing, processes
from wxapp_backend.declaration import Feature
from wxapp_backend.infra.clock import ClockUnreachable
from wxapp_backend.kernel.errors import AppError
from wxapp_backend.settings import Settings
from wxapp_backend.wiring import FEATURES

ASSEMBLY = "yinjian.assembly"
"""Where the application keeps its parts, for who must close them."""


def app_with_commands(settings: Settings, features: Sequence[Feature] = FEATURES) -> APIFlask:
    """Build the web application and give it the commands; nothing is started."""
    assembly = assemble(settings, features)
    app = build_app(assembly)
    app.extensions[ASSEMBLY] = assembly
    for module in (database, doctor):
        for command in module.make_commands(assembly):
            app.cli.add_command(_plainly(command))
    for feature in features:
        for command in feature.commands(assembly.parts):
            app.cli.add_command(_plainly(command))
    for joined in (hearing, processes):
        for command in joined.make_commands(assembly, app):
            app.cli.add_command(command)
    return app


def _plainly(command: click.Command) -> click.Command:
    """Make expected failures of a command one sentence instead of a traceback."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _plainly(each)
    elif command.callback is not None:
        command.callback = _explaining(command.callback)
    return command


def _explaining(callback: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return callback(*args, **kwargs)
        except AppError as error:
            raise click.ClickException(f"{error.message} ({error.code})") from None
        except ClockUnreachable as error:
            raise click.ClickException(f"{error}; is the demo still running?") from None
        except SQLAlchemyError as error:
            kind = type(error).__name__
            advice = "is the database running, and `flask db upgrade` done?"
            raise click.ClickException(f"the database refused ({kind}); {advice}") from None

    return run
