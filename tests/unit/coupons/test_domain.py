"""What coupons are worth and when they hold, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxapp_backend.features.coupons.domain.specs import (
    CouponSpec,
    as_json,
    discount,
    fingerprint,
    fold,
    from_json,
    shown_state,
    terms,
    validity,
)
from wxapp_backend.kernel.days import SHANGHAI
from wxapp_backend.kernel.money import MAX_FEN

WELCOME = CouponSpec(
    title="新人立减券",
    kind="amount_off",
    amount_off_fen=2000,
    threshold_fen=10000,
    valid_days=30,
)
TWELVE_OFF = CouponSpec(title="88 折券", kind="percent_off", percent_off=12, valid_days=7)
NOON = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)


def test_an_amount_comes_off_as_it_stands() -> None:
    """¥20 off is ¥20 off, but never more than the bill."""
    assert discount(WELCOME, 10000) == 2000
    assert discount(WELCOME, 1500) == 1500


def test_a_percentage_is_rounded_down_to_whole_fen() -> None:
    """12 % of ¥9.99 is 119.88 fen: the shop gives 119."""
    assert discount(TWELVE_OFF, 999) == 119


def test_a_percentage_can_have_a_ceiling() -> None:
    """No more comes off than the template allows."""
    capped = CouponSpec(
        title="88 折券", kind="percent_off", percent_off=12, max_off_fen=1000, valid_days=7
    )

    assert discount(capped, 100_000) == 1000


@given(amount=st.integers(0, MAX_FEN), off=st.integers(1, MAX_FEN), percent=st.integers(1, 100))
def test_a_discount_is_never_below_zero_nor_above_the_order(
    amount: int, off: int, percent: int
) -> None:
    """Whatever the coupon, the customer pays between nothing and the whole bill."""
    specs = (
        CouponSpec(title="券", kind="amount_off", amount_off_fen=off, valid_days=1),
        CouponSpec(title="券", kind="percent_off", percent_off=percent, valid_days=1),
        CouponSpec(title="券", kind="gift", gift="小菜", valid_days=1),
    )

    assert all(0 <= discount(each, amount) <= amount for each in specs)


def test_days_count_to_the_end_of_the_last_one_in_the_shops_time() -> None:
    """Thirty days from noon of 2 March end with 1 April, at 23:59:59 in Shanghai."""
    start, end = validity(WELCOME, NOON, NOON)

    assert start == NOON
    assert end == datetime(2026, 4, 1, 23, 59, 59, tzinfo=SHANGHAI)


def test_dates_are_days_of_the_shop() -> None:
    """A coupon for 5 to 6 March begins and ends with these days in Shanghai."""
    spec = CouponSpec(
        title="周末券",
        kind="gift",
        gift="小菜",
        starts_on=date(2026, 3, 5),
        ends_on=date(2026, 3, 6),
    )

    start, end = validity(spec, NOON, NOON)

    assert start == datetime(2026, 3, 4, 16, tzinfo=UTC)
    assert end == datetime(2026, 3, 6, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stored", "at", "shown"),
    [
        ("available", NOON, "available"),
        ("available", datetime(2026, 3, 1, tzinfo=UTC), "pending"),
        ("available", datetime(2026, 5, 1, tzinfo=UTC), "expired"),
        ("expired", NOON, "expired"),
        ("used", datetime(2026, 5, 1, tzinfo=UTC), "used"),
        ("void", NOON, "void"),
    ],
)
def test_the_state_is_as_of_now(stored: str, at: datetime, shown: str) -> None:
    """A coupon past its end reads as expired even before the job has marked it."""
    start, end = validity(WELCOME, NOON, NOON)

    assert shown_state(stored, start, end, at) == shown


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"kind": "amount_off"}, "amount_off_fen"),
        ({"kind": "percent_off", "percent_off": 101}, "percent_off"),
        ({"kind": "gift"}, "gift"),
        ({"kind": "gift", "gift": "小菜", "valid_days": None}, "valid_days"),
        ({"kind": "gift", "gift": "小菜", "ends_on": date(2026, 1, 1)}, "ends_on"),
        ({"kind": "gift", "gift": "小菜", "stock": -1}, "stock"),
        ({"kind": "gift", "gift": "小菜", "title": ""}, "title"),
        ({"kind": "gift", "gift": "小菜", "amount_off_fen": 5}, "amount_off_fen"),
    ],
)
def test_a_spec_that_does_not_fit_names_the_field(fields: dict[str, object], named: str) -> None:
    """A template that makes no sense cannot be written."""
    with pytest.raises(ValueError, match=named):
        CouponSpec(**({"title": "券", "valid_days": 7} | fields))  # type: ignore[arg-type] # wrong on purpose


def test_a_spec_survives_storage() -> None:
    """What is read back equals what was stored, and has the same fingerprint."""
    spec = CouponSpec(
        title="券", kind="gift", gift="小菜", ends_on=date(2026, 3, 6), stores=("a", "b")
    )

    assert from_json(as_json(spec)) == spec
    assert fingerprint(from_json(as_json(spec))) == fingerprint(spec)


def test_terms_read_naturally() -> None:
    """The customer reads the threshold, the discount, the places and what to do."""
    assert terms(WELCOME, ["西湖店"]) == [
        "单笔消费满 ¥100 可用。",
        "结账时直接减 ¥20，不找零、不兑现。",
        "仅限西湖店使用。",
        "请在结账前向店员出示券码，每笔消费限用一张。",
    ]
    assert terms(TWELVE_OFF, [])[1] == "结账时享 8.8 折。"


def test_percentages_are_said_as_chinese_shops_do() -> None:
    """12 % off is 8.8 折, 20 % off is 8 折, all off is 免单."""
    assert [fold(12), fold(20), fold(100)] == ["8.8 折", "8 折", "免单"]
