"""What the value of each template key may be.

WeChat: 发送订阅消息, 参数值内容限制说明; the official account's category templates share it.
"""

import re
import unicodedata
from collections.abc import Callable

_KEY = re.compile(r"([a-z_]+?)\d+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TIME = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_DATE = (
    r"(\d{4}年\d{1,2}月(\d{1,2}日)?|\d{1,2}月\d{1,2}日"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2})"
)
_MOMENT = rf"({_DATE}\s*)?{_TIME}(\s*~\s*({_DATE}\s*)?{_TIME})?"
_DAY = rf"{_DATE}(\s*{_TIME})?(\s*~\s*{_DATE}(\s*{_TIME})?)?"
_MOST_NAME_CHINESE, _MOST_NAME_LETTERS = 10, 20
_TYPED_STARS = "★☆✓✗"  # among the pictures in Unicode's table, but plain characters
_MOST_SYMBOLS, _MOST_STRING = 5, 32


def _at_most(limit: int) -> Callable[[str], bool]:
    return lambda value: len(value) <= limit


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _is_chinese(value: str) -> bool:
    return any("\u3400" <= one <= "\u9fff" or "\uf900" <= one <= "\ufaff" for one in value)


def _is_name(value: str) -> bool:
    limit = _MOST_NAME_CHINESE if _is_chinese(value) else _MOST_NAME_LETTERS
    return len(value) <= limit and not any(one.isdigit() for one in value)


def _is_symbols(value: str) -> bool:
    return len(value) <= _MOST_SYMBOLS and not any(one.isalnum() for one in value)


def _is_plain_string(value: str) -> bool:
    return len(value) <= _MOST_STRING and not _is_chinese(value)


RULES: dict[str, Callable[[str], bool]] = {
    "thing": _at_most(20),
    "number": _like(r"-?(?=[\d.]{1,32}$)\d+(\.\d+)?"),
    "letter": _like(r"[A-Za-z]{1,32}"),
    "symbol": _is_symbols,
    "character_string": _is_plain_string,
    "time": _like(_MOMENT),
    "date": _like(_DAY),
    "amount": _like(r"[¥￥$€£]?\d{1,10}(\.\d+)?元?"),
    "phone_number": _like(r"[\d+\-() ]{1,17}"),
    "car_number": _at_most(8),
    "name": _is_name,
    "phrase": _like(r"[\u3400-\u9fff]{1,5}"),
}


def is_valid(key: str, value: str) -> bool:
    """Whether a value may stand under a key such as `thing1`; control characters never may."""
    match = _KEY.fullmatch(key)
    rule = RULES.get(match[1]) if match else None
    return rule is not None and not _CONTROL.search(value) and rule(value)


def without_emoji(value: str) -> str:
    """Drop the emoji, as the official account's templates do since 2023-05-04."""
    return "".join(one for one in value if not _is_emoji(one))


def _is_emoji(one: str) -> bool:
    """Whether a character is a picture, or one of the marks that join pictures."""
    if one in "\u200d\ufe0f\u20e3":
        return True
    if one in _TYPED_STARS:
        return False
    astral = "\U0001f000" <= one <= "\U0001faff" or "\U000e0020" <= one <= "\U000e007f"
    return astral or ("\u2600" <= one <= "\u27bf" and unicodedata.category(one) == "So")
