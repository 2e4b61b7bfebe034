"""What the composition roots use of the conversation."""

from __future__ import annotations

from wxapp_backend.features.bot.domain import Links, menu
from wxapp_backend.features.bot.service.answers import Voice
from wxapp_backend.features.bot.service.chat_posters import Messenger
from wxapp_backend.features.bot.service.keeping import Inboxes, Keeper

__all__ = ["Inboxes", "Keeper", "Links", "Messenger", "Voice", "menu"]
