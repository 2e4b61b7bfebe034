"""Names that others see, and phone numbers as they are compared."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from wxapp_backend.features.identity.domain import (
    NameForm,
    Person,
    display_name,
    normalise_phone,
)


def person(nickname: str | None, style: NameForm) -> Person:
    """Return somebody of that name."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Person("1", nickname, None, style, None, None, None, at, at)


@pytest.mark.parametrize(
    ("nickname", "style", "shown"),
    [
        ("李静", "masked", "李**"),
        ("李静", "ms", "李女士"),
        ("李静", "mr", "李先生"),
        ("zoe", "masked", "Z**"),
        ("zoe", "ms", "Z女士"),
        ("🌸李静", "ms", "***"),
        ("1号", "mr", "***"),
        (None, "ms", "***"),
        ("", "masked", "***"),
        ("محمد", "masked", "م**"),
    ],
)
def test_a_name_is_shown_by_its_first_letter(
    nickname: str | None, style: NameForm, shown: str
) -> None:
    """Never more of a name than its first letter, whatever form was chosen."""
    assert display_name(person(nickname, style)) == shown


@pytest.mark.parametrize("style", get_args(NameForm))
def test_no_form_shows_a_second_letter(style: NameForm) -> None:
    """The rest of a name appears in no form."""
    assert not set("小美丽") & set(display_name(person("王小美丽", style)))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800138000", "+8613800138000"),
        ("86 138 0013 8000", "+8613800138000"),
        ("+86-138-0013-8000", "+8613800138000"),
        ("+852 5123 4567", "+85251234567"),
        ("+14155550123", "+14155550123"),
        ("1380013800", None),
        ("12800138000", None),
        ("010-12345678", None),
        ("+8601012345678", None),
        ("+1415555", "+1415555"),
        ("+141555", None),
        ("+1234567890123456", None),
        ("１３８００１３８０００", None),
        ("138００１３８０００", None),
    ],
)
def test_phone_numbers_have_one_form(text: str, number: str | None) -> None:
    """Spellings of one number are equal; what is none is refused."""
    assert normalise_phone(text) == number
