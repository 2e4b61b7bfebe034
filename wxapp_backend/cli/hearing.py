"""The page that says who hears what, what runs when and what is reached where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import click
from apiflask import APIFlask

from wxapp_backend.assembly import Assembly
from wxapp_backend.declaration import Subscription
from wxapp_backend.infra.outbox.handlers import Effect
from wxapp_backend.infra.ticks import Job
from wxapp_backend.kernel.events import DomainEvent

_OURS = "wxapp_backend."
_START = """\
# Who hears what

Written by `flask --app wsgi who-hears-what > docs/who-hears-what.md`; a test compares it with the
application. Names begin with their feature, and are stored: a renamed one needs a migration.
"""
_EVENTS = """
## Events

Subscribers in the order in which their deliveries are written; ↗ calls the outside.

| event | heard by |
|---|---|
"""
_JOBS = """
## Jobs

What the clock emits, and how often.

| job | every | event |
|---|---|---|
"""
_COMMANDS = """
## Commands

| `flask --app wsgi …` | of | |
|---|---|---|
"""


def make_commands(assembly: Assembly, app: APIFlask) -> Sequence[click.Command]:
    """Return `who-hears-what`."""

    @click.command("who-hears-what")
    def who_hears_what() -> None:
        """Print which feature hears which event, what runs by the clock, routes and commands."""
        click.echo(page(assembly, app), nl=False)

    return (who_hears_what,)


def page(assembly: Assembly, app: APIFlask) -> str:
    """Return the page about an application, in Markdown."""
    return "".join(
        (
            _START,
            _EVENTS,
            *_events(assembly.subscriptions),
            _JOBS,
            *_jobs(assembly.jobs),
            "\n## Routes\n",
            *_routes(app),
            _COMMANDS,
            *_commands("", app.cli.commands.values()),
        )
    )


def _events(subscriptions: Sequence[Subscription]) -> Iterator[str]:
    for event in sorted({each.event.name for each in subscriptions} | _names_of_events()):
        heard = [
            f"`{each.name}`" + (" ↗" if isinstance(each.handler, Effect) else "")
            for each in subscriptions
            if each.event.name == event
        ]
        yield f"| `{event}` | {'<br>'.join(heard) or 'nobody'} |\n"


def _names_of_events() -> set[str]:
    """Return the names of the events that the package defines."""
    found: set[str] = set()
    waiting: list[type[DomainEvent]] = [DomainEvent]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith(_OURS):
                found.add(kind.name)
    return found


def _jobs(jobs: Iterable[Job]) -> Iterator[str]:
    for job in sorted(jobs, key=lambda each: each.name):
        yield f"| `{job.name}` | {_period(job.every)} | `{job.event().name}` |\n"


def _period(every: timedelta) -> str:
    for unit, name in ((timedelta(days=1), "d"), (timedelta(hours=1), "h")):
        if every % unit == timedelta():
            return f"{every // unit} {name}"
    return f"{every // timedelta(minutes=1)} min"


def _routes(app: APIFlask) -> Iterator[str]:
    found = defaultdict(list)
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        audience = getattr(view, "audience", None)
        if audience is not None:  # the others are the framework's own
            methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            found[_owner(view)].append((rule.rule, methods, audience, rule.endpoint))
    for owner, routes in sorted(found.items()):
        yield f"\n### {owner}\n\n| route | | for | endpoint |\n|---|---|---|---|\n"
        for path, methods, audience, endpoint in sorted(routes):
            yield f"| `{path}` | {methods} | {audience} | `{endpoint}` |\n"


def _owner(made: Callable[..., Any]) -> str:
    """Return the feature in whose module it stands, or the part of the house."""
    parts = made.__module__.removeprefix(_OURS).split(".")
    return parts[1] if parts[0] == "features" else parts[0]


def _commands(before: str, commands: Iterable[click.Command]) -> Iterator[str]:
    for command in sorted(commands, key=lambda each: each.name or ""):
        if not (command.callback and command.callback.__module__.startswith(_OURS)):
            continue  # the framework's own
        name = f"{before}{command.name}"
        if isinstance(command, click.Group):
            yield from _commands(f"{name} ", command.commands.values())
        else:
            meaning = command.get_short_help_str(limit=100)
            yield f"| `{name}` | {_owner(command.callback)} | {meaning} |\n"
