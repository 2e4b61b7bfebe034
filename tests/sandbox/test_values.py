"""Values of message templates by the type in their key."""

import pytest

from wxapp_backend.sandbox.wechat.values import is_valid, without_emoji


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", "二十个字刚刚好" + "，" * 13),
        ("number2", "12.5"),
        ("letter3", "abcXYZ"),
        ("symbol1", "#@!"),
        ("character_string4", "NO-2026/11 #7"),
        ("time3", "12:30"),
        ("time3", "9:05:59"),
        ("time3", "2026年11月22日 12:30"),
        ("time3", "2026-11-22 12:30:00"),
        ("time3", "2026/11/22 12:30~13:30"),
        ("time3", "11月22日 08:00 ~ 11月23日 09:00"),
        ("date5", "2026年11月22日"),
        ("date5", "2026.11.22 12:30"),
        ("date5", "2026年11月"),
        ("date5", "2026-11-22 ~ 2026-11-30"),
        ("amount6", "¥20.00"),
        ("amount6", "20元"),
        ("phone_number7", "+86 199-0000-0000"),
        ("car_number8", "粤A12345"),
        ("name9", "王小美"),
        ("name9", "Mary Smith"),
        ("phrase10", "已到店"),
    ],
)
def test_fitting_values_pass(key: str, value: str) -> None:
    """What WeChat's table allows is allowed."""
    assert is_valid(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", "字" * 21),
        ("thing1", "两\n行"),
        ("thing1", "铃\x07声"),
        ("number2", "十二"),
        ("number2", "1" * 33),
        ("letter3", "abc1"),
        ("symbol1", "######"),
        ("symbol1", "a"),
        ("character_string4", "编号1"),
        ("character_string4", "1" * 33),
        ("time3", "2026年11月22日"),
        ("time3", "24:00"),
        ("time3", "12:60"),
        ("time3", "昨天 12:30"),
        ("time3", "2026-11/22 12:30"),
        ("date5", "12:30"),
        ("amount6", "¥12345678901"),
        ("amount6", "二十元"),
        ("phone_number7", "1" * 18),
        ("car_number8", "粤A12345678"),
        ("name9", "王" * 11),
        ("name9", "a" * 21),
        ("name9", "李4"),
        ("phrase10", "已经到店了吗"),
        ("phrase10", "OK"),
        ("unknown1", "x"),
        ("thing", "x"),
    ],
)
def test_other_values_are_refused(key: str, value: str) -> None:
    """What it does not allow is refused, also one character too many."""
    assert not is_valid(key, value)


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("李静🎉来了", "李静来了"),
        ("太好吃了👍🏽❤️", "太好吃了"),
        ("一家👨‍👩‍👧", "一家"),
        ("★五星★ 100%", "★五星★ 100%"),
        ("𠮷野家", "𠮷野家"),
        ("8️⃣折", "8折"),
    ],
)
def test_emoji_are_dropped_and_nothing_else(given: str, left: str) -> None:
    """Pictures and their joiners go; rare Chinese characters stay."""
    assert without_emoji(given) == left
