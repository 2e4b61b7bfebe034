"""What stores add to the application."""

from __future__ import annotations

from collections.abc import Sequence

import click

from wxapp_backend.declaration import Feature, Parts
from wxapp_backend.features.stores import commands, models


def _commands(parts: Parts) -> Sequence[click.Command]:
    return commands.make_commands(parts.db, usual_hours=parts.settings.brand.hours)


FEATURE = Feature(name="stores", tables=(models,), commands=_commands)
