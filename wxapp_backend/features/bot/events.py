"""Events of the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerSeen(DomainEvent):
    """A person follows or spoke; WeChat can tell by which unionid the person goes elsewhere."""

    name: ClassVar[str] = "bot.follower.seen"

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFinished(DomainEvent):
    """WeChat reported how a message ended that it had accepted; `channel` as in messaging."""

    name: ClassVar[str] = "bot.message.finished"

    channel: str
    wechat_id: str
    status: str
    received_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReplyDue(DomainEvent):
    """A callback was understood only after its own response: the answer follows as a message."""

    name: ClassVar[str] = "bot.late_reply.due"

    person_id: str
    dedupe_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterWanted(DomainEvent):
    """Somebody asked the account for the own poster: the picture follows as a message."""

    name: ClassVar[str] = "bot.poster.wanted"

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CleaningDue(DomainEvent):
    """Old callbacks may be forgotten."""

    name: ClassVar[str] = "bot.cleaning.due"
