"""What happened to visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wxapp_backend.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecorded(DomainEvent):
    """A customer paid in a store.

    `number` is 1 for the person's first paid visit; 0 for a visit at which nothing was paid, such
    as a gift that was fetched. `paid_at` is RFC 3339.
    """

    name: ClassVar[str] = "visits.visit.recorded"

    visit_id: str
    person_id: str
    store_id: str
    number: int
    amount_fen: int
    paid_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCancelled(DomainEvent):
    """A visit was never one: the redemption that made it was undone.

    Treat it as refunded in full. Numbers of later visits stay; only if it was the newest, its
    number goes to the next visit, so that a corrected first visit is again the first.
    """

    name: ClassVar[str] = "visits.visit.cancelled"

    visit_id: str
    person_id: str
    store_id: str
    number: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRefunded(DomainEvent):
    """Part or all of a visit was paid back; `refunded_total_fen` counts all its refunds."""

    name: ClassVar[str] = "visits.visit.refunded"

    visit_id: str
    person_id: str
    refund_id: str
    amount_fen: int
    refunded_total_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSubmitted(DomainEvent):
    """A review has words that must pass WeChat's content check before anyone reads them."""

    name: ClassVar[str] = "visits.review.submitted"

    review_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewWritten(DomainEvent):
    """A review is published: it passed the check, or has no words to check."""

    name: ClassVar[str] = "visits.review.written"

    review_id: str
    visit_id: str
    person_id: str
    visit_number: int
    rating: int
    shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCheckDue(DomainEvent):
    """It is time to ask WeChat again about reviews that it could not judge."""

    name: ClassVar[str] = "visits.review_check.due"
