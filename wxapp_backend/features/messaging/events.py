"""Events of messaging: each asks for one attempt by one channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialAttemptDue(DomainEvent):
    """A message shall be tried as a template message of the official account."""

    name: ClassVar[str] = "messaging.official_attempt.due"

    message_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionAttemptDue(DomainEvent):
    """A message shall be tried as a subscription message of the mini-program."""

    name: ClassVar[str] = "messaging.subscription_attempt.due"

    message_id: str
    person_id: str
