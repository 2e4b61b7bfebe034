"""What the composition roots use of the conversation."""

from __future__ import annotations

from wxapp_backend.features.bot.domain import Links, menu
from wxapp_backend.features.bot.service.answers import ReplyBuilder
from wxapp_backend.features.bot.service.chat_posters import Messenger
from wxapp_backend.features.bot.service.intake import CallbackIntake, Inboxes

__all__ = ["CallbackIntake", "Inboxes", "Links", "Messenger", "ReplyBuilder", "menu"]
