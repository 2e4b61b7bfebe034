"""Rules of visits: what is the same order, and what a review may say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

Source = Literal["staff", "till", "redemption"]
SOURCES = ("staff", "till", "redemption")

ReviewState = Literal["checking", "published", "held"]
REVIEW_STATES = ("checking", "published", "held")
"""`checking` waits for WeChat; `held` was not passed, or could not be judged, and is not shown."""

MAX_AHEAD = timedelta(minutes=15)
"""How far a till's clock may run ahead of ours; a wrong time zone is an hour and more."""

RECHECK_AFTER = timedelta(hours=1)
RECHECK_FOR = timedelta(days=3)
"""WeChat judges texts of people who opened the mini-program within two hours; who does not come
back within three days keeps the review to the shop."""

SCAN_LIFE = timedelta(minutes=5)
"""How long a scanned customer code stays usable in that store, while the amount is typed."""


@dataclass(frozen=True, slots=True)
class Plausible:
    """What an order that is reported as it happens can be; `settings.visits`.

    Attributes:
        oldest: how long ago it may have been paid.
        most_fen: the most that it may come to.
    """

    oldest: timedelta = timedelta(days=90)
    most_fen: int = 5_000_000

    def faults(self, *, now: datetime, paid_at: datetime, amount_fen: int) -> dict[str, list[str]]:
        """Return what cannot be, by field; empty if all is well."""
        found: dict[str, list[str]] = {}
        if paid_at > now + MAX_AHEAD:
            found["paid_at"] = ["lies in the future"]
        elif paid_at < now - self.oldest:
            found["paid_at"] = [f"is more than {self.oldest.days} days ago"]
        if amount_fen > self.most_fen:
            found["amount_fen"] = [f"is more than {self.most_fen}, the most that is taken"]
        return found


USUAL = Plausible()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVisit:
    """A visit as it is reported.

    Attributes:
        amount_fen: what was paid, after discounts.
        gross_fen: the order before discounts, where it is known; the till may report either.
        items: lines of the order, JSON-ready.
    """

    person_id: str
    store_id: str
    amount_fen: int
    paid_at: datetime
    source: Source
    order_no: str | None = None
    gross_fen: int | None = None
    items: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit.

    Attributes:
        number: 1 for the person's first paid visit; 0 if nothing was paid.
        is_repeat: it had been reported before; nothing new happened.
    """

    id: str
    person_id: str
    store_id: str
    number: int
    order_no: str | None
    amount_fen: int
    refunded_fen: int
    paid_at: datetime
    recorded_at: datetime
    source: str
    is_cancelled: bool
    is_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRef:
    """How a till or a clerk names a customer; exactly one of the fields is set.

    Attributes:
        token: the customer's own rotating code, scanned at the counter.
    """

    customer_id: str | None = None
    phone: str | None = field(default=None, repr=False)
    openid: str | None = field(default=None, repr=False)
    unionid: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund, and all that was refunded of its visit so far."""

    id: str
    visit_id: str
    amount_fen: int
    refunded_total_fen: int
    is_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReview:
    """A review as its writer sends it; `shared` lets the referrer read the words."""

    person_id: str
    visit_id: str
    rating: int
    text: str = ""
    tags: tuple[str, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """One review."""

    id: str
    visit_id: str
    rating: int
    text: str
    tags: list[str]
    shared: bool
    state: str
    written_at: datetime

    @property
    def words(self) -> str:
        """Return what the writer said: the text, or else the chosen tags."""
        return self.text or "、".join(self.tags)


def amounts_agree(known: tuple[int, int], new: NewVisit) -> bool:
    """Say whether two reports of one order can be of the same money.

    A till may report an order before the coupon or after it; `known` is both, paid and gross.
    """
    gross = new.amount_fen if new.gross_fen is None else new.gross_fen
    return not {*known}.isdisjoint({new.amount_fen, gross})
