"""The rules of visits, without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wxapp_backend.features.visits.domain import NewVisit, Review, amounts_agree
from wxapp_backend.kernel.days import bounds_of, day_of

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("paid", "gross", "agree"),
    [
        (10800, None, True),  # the till counts the coupon
        (12800, None, True),  # the till does not know of the coupon
        (10800, 12800, True),  # the counter reports it after the till
        (12000, 12800, True),
        (9900, None, False),
        (9900, 11900, False),
    ],
)
def test_an_order_may_be_reported_before_or_after_its_discount(
    paid: int, gross: int | None, *, agree: bool
) -> None:
    """¥128 less ¥20 is the same order as ¥128 and as ¥108, and no other."""
    new = NewVisit(
        person_id="p",
        store_id="s",
        amount_fen=paid,
        gross_fen=gross,
        paid_at=NOON,
        source="till",
    )

    assert amounts_agree((10800, 12800), new) is agree


def test_the_words_of_a_review_are_its_text_or_else_its_tags() -> None:
    """Chosen tags speak where nothing was written."""
    facts = (True, "published", NOON)

    assert Review("r", "v", 5, "多亏朋友推荐", ["味道好"], *facts).words == "多亏朋友推荐"
    assert Review("r", "v", 5, "", ["味道好", "上菜快"], *facts).words == "味道好、上菜快"
    assert not Review("r", "v", 5, "", [], *facts).words


def test_a_shops_day_ends_at_midnight_in_shanghai() -> None:
    """16:00 UTC is the first instant of the next day."""
    start, end = bounds_of(day_of(NOON))

    assert (start, end) == (
        datetime(2026, 3, 1, 16, tzinfo=UTC),
        datetime(2026, 3, 2, 16, tzinfo=UTC),
    )
    assert day_of(end) != day_of(NOON)
