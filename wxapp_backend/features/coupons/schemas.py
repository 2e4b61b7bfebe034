"""Shapes of the coupon routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from wxapp_backend.features.coupons.api import CouponFacts
from wxapp_backend.infra.http.shapes import Fen, Id, Input, Output, Page, RawText, Text

Token = Annotated[RawText, Field(min_length=1, max_length=200)]
"""A scanned code; what is none of ours is answered with `unknown_token`, not with 422."""


class CouponOut(Output):
    """One coupon as a phone shows it."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: str
    title: str
    kind: str
    state: str
    valid_from: datetime
    valid_until: datetime
    threshold_fen: int
    discount_fen: int | None
    percent_off: int | None
    max_off_fen: int | None
    gift: str | None
    stores: list[str]
    terms: list[str]
    source: str | None
    used_at: datetime | None

    @classmethod
    def of(cls, facts: CouponFacts) -> CouponOut:
        """Show a coupon."""
        return cls.model_validate(facts)


class CouponPage(Page[CouponOut]):
    """Coupons: usable ones first, the soonest end before the others; then the rest."""


class CodeOut(Output):
    """A rotating code; `expires_in` counts whole seconds by the server's clock."""

    token: str
    expires_at: datetime
    expires_in: int


class ScanIn(Input):
    """A code that a clerk has scanned, and where."""

    token: Token
    store_id: Id


class ScannedCustomerOut(Output):
    """Whose code it is, masked, and how often the person has paid here before."""

    display_name: str
    visits: int


class ScanOut(Output):
    """What the scanned code is."""

    kind: str
    customer: ScannedCustomerOut
    coupon: CouponOut | None


class RedemptionIn(Input):
    """The order before the discount, and the scanned code."""

    token: Token
    store_id: Id
    order_amount_fen: Fen
    order_no: Annotated[Text, Field(min_length=1, max_length=64)] | None = None


class RedemptionVisitOut(Output):
    """The visit that belongs to the redemption; `number` 1 is the person's first paid one."""

    id: str
    number: int
    amount_fen: int


class RedemptionOut(Output):
    """A used coupon; `undo_seconds` counts by the server's clock."""

    id: str
    coupon: CouponOut
    discount_fen: int
    payable_fen: int
    visit: RedemptionVisitOut
    undo_until: datetime
    undo_seconds: int


class UndoOut(Output):
    """An undone redemption; the visit stays if the till had reported the order."""

    id: str
    undone_at: datetime
    visit_cancelled: bool


class TodayQuery(Input):
    """Which store; the clerk's first one if none is named."""

    store_id: Id | None = None


class StoreOut(Output):
    """A store's name."""

    id: str
    name: str


class VisitSumOut(Output):
    """How many visits, and what was paid, refunds taken off."""

    count: int
    amount_fen: int


class RedemptionSumOut(Output):
    """How many coupons were used, and what they took off."""

    count: int
    discount_fen: int


class RecentOut(Output):
    """One line of the day; `amount_fen` is the order before the discount."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: str
    kind: str
    at: datetime
    title: str
    customer: str
    amount_fen: int
    discount_fen: int | None
    undoable: bool
    undone: bool


class TodayOut(Output):
    """A store's day in Asia/Shanghai."""

    date: str
    store: StoreOut
    visits: VisitSumOut
    redemptions: RedemptionSumOut
    recent: list[RecentOut]
