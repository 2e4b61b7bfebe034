"""What other features may use of visits."""

from __future__ import annotations

from wxapp_backend.features.visits.domain import (
    CustomerRef,
    NewReview,
    NewVisit,
    Plausible,
    Refund,
    Review,
    Visit,
)
from wxapp_backend.features.visits.errors import (
    AlreadyReviewed,
    OrderMismatch,
    RefundMismatch,
    RefundTooLarge,
    UnknownCustomer,
    UnknownOrder,
)
from wxapp_backend.features.visits.queries.visits import (
    LAST_PAID_AT,
    DayTotal,
    Figures,
    Spending,
    count_paid,
    find_by_order,
    get_figures,
    get_visit,
    last_paid_at,
    list_for,
    list_of_day,
    revenue_of,
    spending,
    total_of_day,
)
from wxapp_backend.features.visits.queries.words import latest_words, words_for
from wxapp_backend.features.visits.service.customers import note_customer_scan
from wxapp_backend.features.visits.service.merging import export_for, forget, merge
from wxapp_backend.features.visits.service.recording import cancel, record
from wxapp_backend.features.visits.service.refunding import refund
from wxapp_backend.features.visits.service.reporting import (
    Order,
    report_by_staff,
    report_by_till,
)
from wxapp_backend.features.visits.service.reviewing import (
    ask_again,
    settle_check,
    text_to_check,
    write_review,
)

__all__ = [
    "LAST_PAID_AT",
    "AlreadyReviewed",
    "CustomerRef",
    "DayTotal",
    "Figures",
    "NewReview",
    "NewVisit",
    "Order",
    "OrderMismatch",
    "Plausible",
    "Refund",
    "RefundMismatch",
    "RefundTooLarge",
    "Review",
    "Spending",
    "UnknownCustomer",
    "UnknownOrder",
    "Visit",
    "ask_again",
    "cancel",
    "count_paid",
    "export_for",
    "find_by_order",
    "forget",
    "get_figures",
    "get_visit",
    "last_paid_at",
    "latest_words",
    "list_for",
    "list_of_day",
    "merge",
    "note_customer_scan",
    "record",
    "refund",
    "report_by_staff",
    "report_by_till",
    "revenue_of",
    "settle_check",
    "spending",
    "text_to_check",
    "total_of_day",
    "words_for",
    "write_review",
]
