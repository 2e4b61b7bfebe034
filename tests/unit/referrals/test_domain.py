"""Codes, attribution and the timeline's words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from string import Formatter
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxapp_backend.features.referrals.domain import timeline
from wxapp_backend.features.referrals.domain.attribution import TouchSeen, attribute
from wxapp_backend.features.referrals.domain.codes import ALPHABET, LENGTH, make_code, normalise

NOW = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = timedelta(days=30)

PARAMS: dict[str, dict[str, Any]] = {
    "touched": {},
    "claimed": {"offer": "¥20 新客券，满 ¥100 可用"},
    "visit_not_counted": {"reason": "单次消费满 ¥100 才计入活动"},
    "visit_counted": {"number": 1, "missing": 1},
    "qualified": {},
    "pending": {"reward": "200 积分", "day": "2026年3月9日"},
    "rewarded": {"reward": "200 积分"},
    "friend_returned": {"number": 2},
    "visit_withdrawn": {"reason": "这次消费已退款"},
    "rejected": {"reason": "你已达到上限"},
    "expired": {},
}


def test_codes_have_the_promised_form() -> None:
    """Eight characters of an alphabet without look-alikes, no two alike."""
    codes = {make_code() for _ in range(500)}

    assert len(codes) == 500
    assert all(re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", code) for code in codes)
    assert ALPHABET == "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_a_code_is_the_same_in_any_case(code: str) -> None:
    """People type as they like, blanks around it included."""
    assert normalise(f" {code.lower()}\n") == code


@given(st.text())
def test_only_codes_are_taken_for_codes(text: str) -> None:
    """Whatever a scan brings, nothing but a code reaches the database."""
    code = normalise(text)

    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET))


@pytest.mark.parametrize(
    ("policy", "expected"), [("last", "presented"), ("first", "earliest inside")]
)
def test_first_or_last_touch_decides(policy: str, expected: str) -> None:
    """Under "first" an older touch within the window goes before the code that is claimed."""
    touches = [
        TouchSeen("too old", NOW - timedelta(days=40), NOW - timedelta(days=31)),
        TouchSeen("earliest inside", NOW - timedelta(days=20), NOW - timedelta(days=20)),
        TouchSeen("presented", NOW - timedelta(days=1), NOW),
    ]

    found = attribute(
        touches,
        "presented",
        policy="first" if policy == "first" else "last",
        window=WINDOW,
        at=NOW,
    )

    assert found == expected


def test_a_claim_without_any_touch_is_its_own_touch() -> None:
    """A code typed at the counter needs no scan before it."""
    assert attribute([], "presented", policy="first", window=WINDOW, at=NOW) == "presented"


@pytest.mark.parametrize("viewer", ["referrer", "friend"])
@pytest.mark.parametrize("event", get_args(timeline.Event))
def test_every_step_has_words_for_both_sides(
    event: timeline.Event, viewer: timeline.Viewer
) -> None:
    """No step is silent, none shows a hole, and none says what the two messages promise to say."""
    words = timeline.say(event, PARAMS[event], viewer=viewer, other="李**")

    assert words
    assert not list(filter(None, (field for _, field, _, _ in Formatter().parse(words))))
    assert "推荐成功" not in words
    assert "再次到店" not in words
