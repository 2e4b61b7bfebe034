"""How often each account called each path: by day in China and by minute."""

from wxapp_backend.sandbox.accounts import Kind

_CHINA_SECONDS = 8 * 3600
DAY_SECONDS = 86400
DAILY_DEFAULT = 5_000_000
# WeChat: the page of each call; "usual" figures where the page gives none.
DAILY: dict[str, int] = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/message/subscribe/send": 10_000_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
    "/wxa/msg_sec_check": 2_000_000,
}
A_MINUTE: dict[str, int] = {
    "/wxa/getwxacodeunlimit": 5_000,
    "/wxa/msg_sec_check": 4_000,
    "/cgi-bin/stable_token": 10_000,
}
CLEARS_A_MONTH = 10  # WeChat: clear_quota


class ClearsUsedUp(Exception):
    """The month's calls of clear_quota are used up."""


class Quotas:
    """Counters; times are seconds since 1970."""

    def __init__(self) -> None:
        self._by_day: dict[tuple[Kind, str, int], int] = {}
        self._by_minute: dict[tuple[Kind, str, int], int] = {}
        self._clears: dict[tuple[Kind, str], int] = {}

    def count(self, kind: Kind, path: str, now: float) -> int | None:
        """Count a call and answer the errcode that refuses it, if any."""
        day, minute = _day(now), int(now // 60)
        used = self._by_day[kind, path, day] = self._by_day.get((kind, path, day), 0) + 1
        if used > self.limit(path):
            return 45009
        now_used = self._by_minute.get((kind, path, minute), 0) + 1
        self._by_minute[kind, path, minute] = now_used
        return 45011 if now_used > A_MINUTE.get(path, now_used) else None

    def used(self, kind: Kind, path: str, now: float) -> int:
        """Tell how many calls of a path were made today."""
        return self._by_day.get((kind, path, _day(now)), 0)

    def limit(self, path: str) -> int:
        """Tell how many calls of a path a day allows."""
        return DAILY.get(path, DAILY_DEFAULT)

    def clear(self, kind: Kind, month: str) -> None:
        """Set all counters of an account to zero.

        Raises:
            ClearsUsedUp: it was done ten times in this month.

        """
        if self._clears.get((kind, month), 0) >= CLEARS_A_MONTH:
            raise ClearsUsedUp
        self._clears[kind, month] = self._clears.get((kind, month), 0) + 1
        self._by_day = {key: used for key, used in self._by_day.items() if key[0] != kind}


def _day(now: float) -> int:
    return int((now + _CHINA_SECONDS) // DAY_SECONDS)
