"""Message values fit their keys, so that WeChat never refuses a message for one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxapp_backend.infra.wechat.errors import UnusableValue
from wxapp_backend.infra.wechat.fields import amount_value, fit, fit_all, plain, time_value, width


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("thing1", "李**", "李**"),
        ("thing1", "汉" * 20, "汉" * 20),
        ("thing1", "汉" * 21, "汉" * 19 + "…"),
        ("thing1", "好评\n非常\t棒  啊", "好评 非常 棒 啊"),
        ("thing1", "👍太好吃了😋", "太好吃了"),
        ("thing1", "👨‍👩‍👧 1️⃣ ★★★★☆", "1 ★★★★☆"),
        ("thing1", "🎉", "—"),
        ("thing1", "", "—"),
        ("thing1", "\u200b\u202e\x07", "—"),
        ("thing1", "𠮷" * 11, "𠮷" * 9 + "…"),
        ("thing1", "a" * 17 + "e\u0301" * 3, "a" * 17 + "é" * 3),
        ("remark", "汉" * 30, "汉" * 19 + "…"),
        ("character_string2", "NO.2026汉字-01", "NO.2026-01"),
        ("character_string2", "ＡＢ１２", "AB12"),
        ("character_string2", "x" * 33, "x" * 29 + "..."),
        ("character_string2", "汉字", "-"),
        ("name3", "李雷2号", "李雷号"),
        ("name3", "汉" * 11, "汉" * 10),
        ("name3", "Bartholomew Cubbins Smith", "Bartholomew Cubbins"),
        ("name3", "李abcdefghijk", "李abcdefghi"),
        ("name3", "123", "匿名"),
        ("phrase4", "已到账 ok", "已到账"),
        ("phrase4", "一二三四五六", "一二三四五"),
        ("letter5", "a1汉b", "ab"),
        ("symbol6", "★a*+-!?", "★*+-!"),
        ("number7", "1,234.50", "1234.50"),
        ("amount8", "¥12.50", "¥12.50"),
        ("amount8", "￥1,200元", "¥1200元"),
        ("time9", "2026年3月2日 11:04", "2026年3月2日 11:04"),
        ("time9", "18：30 ～ 19：00", "18:30~19:00"),
        ("date10", "2026-03-02", "2026-03-02"),
        ("date10", "3月2日~3月9日", "3月2日~3月9日"),
        ("phone_number11", "138****8000", "138****8000"),
        ("car_number12", "粤A 12345", "粤A12345"),
        ("const13", "已发放", "已发放"),
        ("enum_string14", "已发放", "已发放"),
    ],
)
def test_value_fits_its_key(key: str, value: str, expected: str) -> None:
    """Each kind of key gets what WeChat permits of the value."""
    assert fit(key, value) == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("amount1", "一千"),
        ("amount1", "12345678901"),
        ("amount1", ""),
        ("number1", "1.2.3"),
        ("time1", "25:00"),
        ("time1", "昨天"),
        ("time1", "10:00~11:00~12:00"),
        ("date1", "2026-03/02"),
        ("phone_number1", "1" * 18),
        ("car_number1", "粤A12345678"),
        ("phrase1", "ok123"),
        ("letter1", "汉"),
        ("symbol1", "汉"),
        ("const1", " "),
    ],
)
def test_facts_are_never_invented(key: str, value: str) -> None:
    """A value that says nothing usable is an error that names the key and not the value."""
    with pytest.raises(UnusableValue) as caught:
        fit(key, value)

    assert key in str(caught.value)
    assert not value.strip() or value not in str(caught.value)


@settings(deadline=None)
@given(st.text(), st.sampled_from(["thing1", "first", "character_string2", "name3"]))
def test_free_text_always_fits(text: str, key: str) -> None:
    """Whatever people write becomes one non-empty line within the limit; fitting twice is once."""
    found = fit(key, text)

    assert 0 < width(found) <= (32 if key == "character_string2" else 20)
    assert found == found.strip()
    assert found.isprintable()
    assert fit(key, found) == found


def test_accents_stay_with_their_letter() -> None:
    """A cut does not leave a letter without its marks."""
    assert fit("thing1", "a" * 18 + "x\u0323\u0307" + "b") == "a" * 18 + "…"


def test_all_values_of_a_message_are_fitted() -> None:
    """Keys stay as they are."""
    assert fit_all({"thing1": "a\nb", "phrase2": "已到账"}) == {
        "thing1": "a b",
        "phrase2": "已到账",
    }


def test_instants_are_written_in_shanghai() -> None:
    """UTC becomes the shop's wall clock, in a form that time and date keys take."""
    written = time_value(datetime(2026, 3, 1, 16, 4, 5, tzinfo=UTC))

    assert written == "2026年3月2日 00:04"
    assert fit("time1", written) == fit("date1", written) == written
    with pytest.raises(ValueError, match="time zone"):
        time_value(datetime(2026, 3, 1, 16, 4))  # noqa: DTZ001  # the mistake under test


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=9_999_999_999))
def test_amounts_are_exact(fen: int) -> None:
    """Every amount keeps its fen and fits an amount key."""
    written = amount_value(fen)

    assert int(written[1:].replace(".", "")) == fen
    assert fit("amount1", written) == written


@pytest.mark.parametrize("fen", [-1, 10**10])
def test_amounts_outside_of_wechats_range_are_refused(fen: int) -> None:
    """Negative and eleven-digit amounts have no form."""
    with pytest.raises(ValueError, match="amounts"):
        amount_value(fen)


def test_line_separators_are_spaces() -> None:
    """Every kind of line end separates words."""
    assert plain("a\u2028b\x85c\r\nd") == "a b c d"
