"""Shapes of the visit routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from wxapp_backend.features.visits.api import CustomerRef, Figures, Review, Visit
from wxapp_backend.infra.http.shapes import Fen, Id, Input, Instant, Output, Page, RawText, Text
from wxapp_backend.kernel.money import MAX_FEN

PaidFen = Annotated[StrictInt, Field(ge=1, le=MAX_FEN)]
"""What was paid: at least one fen."""

OrderNo = Annotated[Text, Field(min_length=1, max_length=64)]
Tag = Annotated[Text, Field(min_length=1, max_length=20)]
Name = Annotated[RawText, Field(min_length=1, max_length=128)]

_ONE_NAME = "exactly one of the ways to name a customer is needed"


class CustomerIn(Input):
    """Who bought: exactly one of the fields."""

    customer_id: Name | None = None
    phone: Name | None = None
    openid: Name | None = None
    unionid: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError(_ONE_NAME)
        return self

    def ref(self) -> CustomerRef:
        """Return it as the service takes it."""
        return CustomerRef(**self.model_dump())


class ItemIn(Input):
    """One line of an order."""

    sku: Annotated[Text, Field(min_length=1, max_length=64)]
    product_line: Annotated[Text, Field(max_length=64)] | None = None
    quantity: Annotated[StrictInt, Field(ge=1, le=100_000)] = 1
    amount_fen: Fen


Items = Annotated[list[ItemIn], Field(max_length=200)]


class OrderIn(Input):
    """A paid order from the till."""

    order_no: OrderNo
    store_id: Id
    customer: CustomerIn
    amount_fen: PaidFen
    paid_at: Instant
    items: Items = []


class RefundIn(Input):
    """Money that was paid back."""

    refund_no: OrderNo
    amount_fen: PaidFen


class RefundOut(Output):
    """A refund, and all that was refunded of the order so far."""

    id: str
    visit_id: str
    amount_fen: int
    refunded_total_fen: int
    is_repeat: bool


class ReportedVisitOut(Output):
    """A visit; `number` 1 is the person's first paid one."""

    id: str
    number: int
    amount_fen: int

    @classmethod
    def of(cls, visit: Visit) -> ReportedVisitOut:
        """Show a visit."""
        return cls(id=visit.id, number=visit.number, amount_fen=visit.amount_fen)


class OrderOut(Output):
    """The visit that the order is; `is_repeat` says that it had been reported before."""

    visit: ReportedVisitOut
    customer_id: str
    is_repeat: bool


class CustomerOut(Output):
    """What a till may know of a customer."""

    id: str
    display_name: str
    phone_masked: str | None
    visits: int
    spent_fen: int
    last_paid_at: datetime | None

    @classmethod
    def of(cls, figures: Figures) -> CustomerOut:
        """Show a customer's figures."""
        return cls(
            id=figures.customer_id,
            display_name=figures.display_name,
            phone_masked=figures.phone_masked,
            visits=figures.spending.visits,
            spent_fen=figures.spending.amount_fen,
            last_paid_at=figures.spending.last_paid_at,
        )


class StaffVisitIn(Input):
    """A purchase that a clerk records; the customer's own code, or a phone number."""

    customer_token: Name | None = None
    phone: Name | None = None
    store_id: Id
    amount_fen: PaidFen
    order_no: OrderNo | None = None
    items: Items = []

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.customer_token is None) == (self.phone is None):
            raise ValueError("exactly one of customer_token and phone is needed")
        return self


class StaffCustomerOut(Output):
    """The customer, masked."""

    display_name: str


class StaffVisitOut(ReportedVisitOut):
    """The recorded visit, and whose it is."""

    customer: StaffCustomerOut


class StaffVisitAnswer(Output):
    """The answer to a clerk."""

    visit: StaffVisitOut


class StoreOut(Output):
    """A store's name."""

    id: str
    name: str


class OwnReviewOut(Output):
    """What the customer wrote."""

    rating: int
    text: str
    tags: list[str]
    state: str


class MyVisitOut(Output):
    """One of the customer's own visits."""

    id: str
    store: StoreOut
    amount_fen: int
    refunded_fen: int
    number: int
    at: datetime
    reviewable: bool
    review: OwnReviewOut | None

    @classmethod
    def of(cls, visit: Visit, review: Review | None, names: dict[str, str]) -> MyVisitOut:
        """Show a visit with its review."""
        return cls(
            id=visit.id,
            store=StoreOut(id=visit.store_id, name=names.get(visit.store_id, "")),
            amount_fen=visit.amount_fen,
            refunded_fen=visit.refunded_fen,
            number=visit.number,
            at=visit.paid_at,
            reviewable=review is None,
            review=None
            if review is None
            else OwnReviewOut(
                rating=review.rating, text=review.text, tags=review.tags, state=review.state
            ),
        )


class MyVisitPage(Page[MyVisitOut]):
    """Visits, newest first."""


class ReviewIn(Input):
    """What the customer thinks of one visit; `share_with_referrer` lets the referrer read it."""

    visit_id: Id
    rating: Annotated[StrictInt, Field(ge=1, le=5)]
    text: Annotated[Text, Field(max_length=500)] | None = None
    tags: Annotated[
        list[Annotated[Text, Field(min_length=1, max_length=20)]], Field(max_length=8)
    ] = []
    share_with_referrer: StrictBool = False


class ReviewOut(Output):
    """The review; words wait in state `checking` for WeChat's content check."""

    id: str
    state: str
