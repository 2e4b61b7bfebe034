"""What the composition roots use of the conversation."""

from __future__ import annotations

from wxapp_backend.declaration import Parts
from wxapp_backend.features.bot.domain import Links, menu
from wxapp_backend.features.bot.service.answers import ReplyBuilder
from wxapp_backend.features.bot.service.chat_posters import Messenger
from wxapp_backend.features.bot.service.intake import CallbackIntake, Inboxes
from wxapp_backend.infra.spool import Spool
from wxapp_backend.settings import Settings

__all__ = [
    "CallbackIntake",
    "Inboxes",
    "Links",
    "Messenger",
    "ReplyBuilder",
    "intake_of",
    "links_of",
    "menu",
]


def links_of(settings: Settings) -> Links:
    """Return where the links in answers lead."""
    return Links(settings.wechat.mini_program.appid, settings.server.link_base)


def intake_of(parts: Parts) -> CallbackIntake:
    """Return who takes WeChat's callbacks in; there is one in each process."""
    return parts.own(_make_intake)


def _make_intake(parts: Parts) -> CallbackIntake:
    settings, accounts = parts.settings, parts.accounts
    return CallbackIntake(
        parts.db,
        Spool(settings.storage.spool),
        Inboxes(accounts.official_account_inbox, accounts.mini_program_inbox),
        ReplyBuilder(settings.brand.name, links_of(settings)),
    )
