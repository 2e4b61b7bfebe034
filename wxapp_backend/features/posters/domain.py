"""What stands on a poster, and what its code says; no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from wxapp_backend.kernel.days import SHANGHAI

CodeKind = Literal["qr", "official_account", "mini_program"]

DEFAULT_TEMPLATE = "new-customer-gift"

RENEW_BEFORE = timedelta(days=5)
"""A code that ends sooner than this is made anew, and the posters that carry it."""

USED_UNTIL = timedelta(days=1)
"""Until so long before its end a code is put on posters while the next one is not made yet."""

WORTH_SAYING = timedelta(days=366)
"""An end further away than this says nothing to a reader, and is left out."""

_HINTS: dict[CodeKind, str] = {
    "qr": "微信扫一扫",
    "official_account": "长按识别二维码",
    "mini_program": "长按识别小程序码",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer asks for; `template` and `size` of None mean the default."""

    campaign_id: str
    template: str | None
    code_kind: CodeKind
    size: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Shop:
    """What every poster of the shop has in common."""

    name: str
    hours: str
    address: str
    link_base: str


@dataclass(frozen=True, slots=True)
class Code:
    """The code that a poster carries.

    Attributes:
        kind: which kind it is; "qr" while a wanted other kind is not made yet.
        payload: the text inside; of a mini-program code the scene.
        image_key: storage key of WeChat's own picture, if it must be drawn as it is.
        ends_at: when it stops working; None for never.
    """

    kind: CodeKind
    payload: str
    image_key: str | None = None
    ends_at: datetime | None = None


def plain_link(link_base: str, referral_code: str) -> str:
    """Return the link that a plain QR carries; the link rule makes it open the mini-program."""
    return f"{link_base}/r/{referral_code}"


def is_fresh(code: Code, now: datetime) -> bool:
    """Say whether a code lives long enough not to be made anew yet."""
    return code.ends_at is None or code.ends_at - now > RENEW_BEFORE


def day(instant: datetime) -> str:
    """Write a date as the shop's customers read it: 2026年3月5日."""
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"


def facts_for(
    *,
    nickname: str | None,
    offer: tuple[str, str],
    campaign_ends_at: datetime | None,
    code: Code,
    shop: Shop,
    now: datetime,
) -> dict[str, str]:
    """Gather the plain facts that templates may show; what is missing is left out.

    `offer` is what the friend gets, and its condition.
    """
    ends = [
        instant
        for instant in (campaign_ends_at, code.ends_at)
        if instant is not None and instant - now < WORTH_SAYING
    ]
    facts = {
        "nickname": nickname or "",
        "offer": offer[0],
        "offer_note": offer[1],
        "valid_until": day(min(ends)) if ends else "",
        "code_hint": _HINTS[code.kind],
        "shop_name": shop.name,
        "hours": shop.hours,
        "address": shop.address,
    }
    return {name: value for name, value in facts.items() if value}
