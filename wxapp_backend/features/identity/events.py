"""What happened to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonJoined(DomainEvent):
    """Somebody came through one of our WeChat accounts for the first time."""

    name: ClassVar[str] = "identity.person.joined"
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMerged(DomainEvent):
    """Two records turned out to be one person: what hangs on `from_id` belongs to `into_id`."""

    name: ClassVar[str] = "identity.person.merged"
    from_id: str
    into_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased(DomainEvent):
    """A person asked to be forgotten: personal data about them goes, the ledger stays.

    `avatar_key` names the picture that is left in the file storage.
    """

    name: ClassVar[str] = "identity.person.erased"
    person_id: str
    avatar_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingChanged(DomainEvent):
    """A person began or ceased to follow the official account."""

    name: ClassVar[str] = "identity.following.changed"
    person_id: str
    following: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CleaningDue(DomainEvent):
    """It is time to forget ended sessions and to look after late merges."""

    name: ClassVar[str] = "identity.cleaning.due"
