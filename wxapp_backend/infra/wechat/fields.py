"""Makes message values fit WeChat's rules for their keys, without inventing facts.

The rules are WeChat's 发送订阅消息 (parameter limits by key type); category templates of official
accounts have the same. A value that breaks its rule makes WeChat refuse the whole message (47003).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from wxapp_backend.infra.wechat.errors import UnusableValue

SHANGHAI = ZoneInfo("Asia/Shanghai")
ELLIPSIS = "…"
NOTHING = "—"  # for free text: WeChat refuses an empty value

_MAX_DIGITS = 10  # of an amount
_EMOJI_BLOCKS = ((0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F000, 0x1FFFF))
_KEPT_SYMBOLS = frozenset("★☆♀♂℃")  # old text symbols that every phone shows as text
_JOINERS = frozenset({0x200D, 0x20E3, 0xFE0E, 0xFE0F})
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_DAY = r"(?:\d{4}(?:年\d{1,2}月(?:\d{1,2}日)?|([-/.])\d{1,2}\1\d{1,2})|\d{1,2}月\d{1,2}日)"
_TIME = re.compile(rf"(?:{_DAY} ?)?{_CLOCK}")
_DATE = re.compile(rf"{_DAY}(?: ?{_CLOCK})?")
_NUMBER = re.compile(r"-?\d{1,32}(?:\.\d{1,31})?")
_AMOUNT = re.compile(r"[¥￥$€£]?\d{1,10}(?:\.\d{1,10})?元?")
_PHONE = re.compile(r"[0-9+\-() *]{1,17}")


def fit(key: str, value: str) -> str:
    """Return `value` as the template key's type permits it, such as 20 characters for `thing1`.

    Keys of no known type are treated as `thing`, the strictest of the free texts in use.

    Raises:
        UnusableValue: a number, amount, time, date, phone number or car number is none.

    """
    kind = key.rstrip("0123456789")
    return _FITTERS.get(kind, _thing)(key, plain(value))


def fit_all(values: Mapping[str, str]) -> dict[str, str]:
    """Return all values of a message fitted to their keys.

    Raises:
        UnusableValue: as in `fit`.

    """
    return {key: fit(key, value) for key, value in values.items()}


def time_value(instant: datetime) -> str:
    """Write an aware instant for a `time` or `date` key: `2026年11月22日 18:30` in Shanghai."""
    if instant.tzinfo is None:
        raise ValueError("an instant has a time zone")
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def amount_value(fen: int) -> str:
    """Write an amount of fen, not negative, for an `amount` key: `¥12.50`."""
    yuan, rest = divmod(fen, 100)
    if fen < 0 or len(str(yuan)) > _MAX_DIGITS - 2:
        raise ValueError("WeChat's amounts are positive and have at most ten digits")
    return f"¥{yuan}.{rest:02}"


def plain(text: str) -> str:
    """Return one line without emoji, control and invisible characters; spaces are single."""
    text = "".join(" " if char in "\r\n\t\v\f\x85\u2028\u2029" else char for char in text)
    kept = "".join(char for char in unicodedata.normalize("NFC", text) if not _is_unshown(char))
    return " ".join(kept.split())


def width(text: str) -> int:
    """Count characters as WeChat's own (JavaScript) code does: rare characters are two."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int, *, end: str = ELLIPSIS) -> str:
    """Return the text within `limit` characters, `end` included; accents stay with their letter."""
    if width(text) <= limit:
        return text
    room = limit - width(end)
    kept = ""
    for char in text:
        if width(kept + char) > room:
            if unicodedata.combining(char):
                kept = kept[:-1]
            break
        kept += char
    return kept.rstrip() + end


def _is_unshown(char: str) -> bool:
    code = ord(char)
    if char in _KEPT_SYMBOLS:
        return False
    if code in _JOINERS or any(first <= code <= last for first, last in _EMOJI_BLOCKS):
        return True
    return unicodedata.category(char) in _INVISIBLE


def _is_han(char: str) -> bool:
    return "CJK UNIFIED" in unicodedata.name(char, "") or char == "〇"


def _thing(_: str, text: str) -> str:
    return cut(text, 20) or NOTHING


def _character_string(_: str, text: str) -> str:
    ascii_only = "".join(char for char in unicodedata.normalize("NFKC", text) if char.isascii())
    return cut(" ".join(ascii_only.split()), 32, end="...") or "-"


def _name(_: str, text: str) -> str:
    """At most 10 characters once one is Chinese, else 20; WeChat permits no digits."""
    letters = " ".join("".join(char for char in text if not char.isdigit()).split())
    limit = 20 if letters.isascii() else 10
    return cut(letters, limit, end="") or "匿名"


def _phrase(key: str, text: str) -> str:
    """At most 5 characters, all Chinese: a status word, so there is no neutral stand-in."""
    return "".join(char for char in text if _is_han(char))[:5] or _refuse(key, "phrase")


def _letter(key: str, text: str) -> str:
    letters = "".join(char for char in text if char.isascii() and char.isalpha())
    return letters[:32] or _refuse(key, "letter")


def _symbol(key: str, text: str) -> str:
    symbols = "".join(char for char in text if unicodedata.category(char)[0] in "PS")
    return symbols[:5] or _refuse(key, "symbol")


def _choice(key: str, text: str) -> str:
    """Return an enumeration's value as it is: only the template's own words are accepted."""
    return text or _refuse(key, "choice")


def _matching(pattern: re.Pattern[str], kind: str) -> Callable[[str, str], str]:
    def fitted(key: str, text: str) -> str:
        text = unicodedata.normalize("NFKC", text).replace(",", "")
        return text if pattern.fullmatch(text) else _refuse(key, kind)

    return fitted


def _spanning(pattern: re.Pattern[str], kind: str) -> Callable[[str, str], str]:
    def fitted(key: str, text: str) -> str:
        parts = [part.strip() for part in unicodedata.normalize("NFKC", text).split("~")]
        if len(parts) > 2 or not all(pattern.fullmatch(part) for part in parts):  # noqa: PLR2004  # from ~ to
            _refuse(key, kind)
        return "~".join(parts)

    return fitted


def _car_number(key: str, text: str) -> str:
    text = text.replace(" ", "")
    return text if 0 < width(text) <= 8 else _refuse(key, "car number")  # noqa: PLR2004  # WeChat's limit


def _refuse(key: str, kind: str) -> str:
    raise UnusableValue(key, kind)


_FITTERS: dict[str, Callable[[str, str], str]] = {
    "thing": _thing,
    "number": _matching(_NUMBER, "number"),
    "letter": _letter,
    "symbol": _symbol,
    "character_string": _character_string,
    "time": _spanning(_TIME, "time"),
    "date": _spanning(_DATE, "date"),
    "amount": _matching(_AMOUNT, "amount"),
    "phone_number": _matching(_PHONE, "phone number"),
    "car_number": _car_number,
    "name": _name,
    "phrase": _phrase,
    "enum": _choice,
    "enum_string": _choice,
    "const": _choice,
}
