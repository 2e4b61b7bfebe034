"""What the official account's conversation adds to the application."""

from __future__ import annotations

from collections.abc import Sequence

import click

from wxapp_backend.declaration import Feature, Outside, Parts, Subscription, Web, on
from wxapp_backend.features.bot import commands, handlers, jobs, models, routes
from wxapp_backend.features.bot.api import Messenger, intake_of, links_of
from wxapp_backend.features.bot.events import (
    CleaningDue,
    FollowerSeen,
    LateReplyDue,
    MessageFinished,
    PosterWanted,
)
from wxapp_backend.features.posters import api as posters
from wxapp_backend.infra.http.blueprint import Blueprint


def _subscriptions(outside: Outside) -> Sequence[Subscription]:
    account = outside.accounts.official_account
    return (
        on(MessageFinished, "bot.on_message_finished", handlers.on_message_finished),
        on(CleaningDue, "bot.on_cleaning_due", handlers.on_cleaning_due),
        Subscription(FollowerSeen, "bot.recognise_follower", handlers.recognise_follower(account)),
        Subscription(LateReplyDue, "bot.send_late_reply", handlers.send_late_reply(account)),
        Subscription(PosterWanted, "bot.send_poster", handlers.send_poster(_messenger(outside))),
    )


def _messenger(outside: Outside) -> Messenger:
    def renderer() -> posters.PosterRenderer:
        return posters.renderer_of(outside.parts())

    accounts = outside.accounts
    return Messenger(
        accounts.official_account, renderer, accounts.cache, links_of(outside.settings)
    )


def _blueprints(web: Web) -> Sequence[Blueprint]:
    return (routes.make_blueprint(web.pipeline, intake_of(web.parts)),)


def _commands(parts: Parts) -> Sequence[click.Command]:
    return commands.make_commands(parts.accounts.official_account, links_of(parts.settings))


def _take_in_what_is_kept(parts: Parts) -> None:
    intake_of(parts).wake()


FEATURE = Feature(
    name="bot",
    tables=(models,),
    subscriptions=_subscriptions,
    jobs=jobs.JOBS,
    blueprints=_blueprints,
    commands=_commands,
    when_serving=_take_in_what_is_kept,
)
