"""The words of each message, and the channels that carry it; no I/O.

Only the success message says 推荐成功, and only the second-visit message 再次到店: people, and the
shop's own checks, tell them apart by these words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from wxapp_backend.kernel.days import SHANGHAI

Kind = Literal[
    "success",
    "second_visit",
    "first_impression",
    "friend_claimed",
    "reward_again",
    "reward_released",
    "reward_withdrawn",
    "coupon_received",
    "friend_rewarded",
]
Channel = Literal["official_account", "mini_program"]

OVER_WECHAT: frozenset[Kind] = frozenset({"success", "second_visit", "first_impression"})
"""Kinds that go out through WeChat; the others wait in the inbox, so as not to be a nuisance."""

Result = Literal["sent", "refused", "misconfigured", "invalid"]

REFERRALS_PAGE = "pages/referrals/index"
COUPONS_PAGE = "pages/coupons/index"
COUPON_PAGE = "packages/wallet/coupon/index"

DEDUPED_FOR = timedelta(minutes=9)
"""WeChat drops a repeated `client_msg_id` for ten minutes; a later repeat might be a second one."""

_NAMELESS = "***"
_LEFT_OUT = "……"


def _mark(phrase: str) -> re.Pattern[str]:
    """Match the phrase also with signs, blanks or invisible characters inside: those get lost."""
    return re.compile(r"[\W_]*".join(phrase))


_MARKS: dict[Kind, re.Pattern[str]] = {
    "success": _mark("推荐成功"),
    "second_visit": _mark("再次到店"),
}
"""What one kind says and no other may, whatever the words are that it quotes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it is addressed.

    Attributes:
        values: what WeChat's templates may show, by our own names.
        words: what the friend said, as it came; None when nothing is quoted.
    """

    kind: Kind
    title: str
    body: str
    values: dict[str, str] = field(default_factory=dict)
    page: str = REFERRALS_PAGE
    words: str | None = None


def name_of(display_name: str) -> str:
    """Return how a message calls a friend whose masked name is this; one without a name too."""
    return "你的朋友" if display_name == _NAMELESS else display_name


def success(
    *, friend: str, reward: str, words: str | None, at: datetime, available_at: datetime | None
) -> Draft:
    """Tell the referrer that the friend came and what that earned.

    Args:
        friend: masked name.
        reward: what the referrer gets, as people say it.
        words: what the friend let the referrer read.
        at: when it was earned.
        available_at: until when the reward waits; None: it is there.
    """
    reward, quote = _tame("success", reward), _quote("success", words)
    day = _day(available_at) if available_at else None
    arrival = f"将于{day}到账" if day else "已经到账"
    thanks = f"TA说：“{quote}”" if quote else "谢谢你把我们介绍给朋友。"
    note = f"推荐成功，奖励将于{day}到账" if day else "推荐成功，奖励已到账"
    return Draft(
        "success",
        "推荐成功",
        f"推荐成功！{friend}来店里消费了，你的 {reward}{arrival}。{thanks}",
        {
            "title": "推荐成功",
            "friend": friend,
            "reward": f"{day}到账：{reward}" if day else reward,
            "at": _moment(at),
            "note": f"TA说：{quote}" if quote else note,
        },
        words=words,
    )


def second_visit(*, friend: str, store: str, words: str | None, at: datetime) -> Draft:
    """Tell the referrer that the friend came again."""
    store, quote = _tame("second_visit", store), _quote("second_visit", words)
    thanks = f"TA说：“{quote}”" if quote else "TA喜欢这里，多亏有你推荐。"
    return Draft(
        "second_visit",
        "朋友再次到店",
        f"{friend}再次到店，又来了{store}。{thanks}",
        {
            "title": "朋友再次到店",
            "friend": friend,
            "words": quote or "再次到店，多亏你的推荐",
            "at": _moment(at),
            "store": store,
        },
        words=words,
    )


def first_impression(*, friend: str, words: str, at: datetime) -> Draft | None:
    """Tell the referrer what the friend said; None when nothing of it can be quoted."""
    quote = _quote("first_impression", words)
    if quote is None:
        return None
    return Draft(
        "first_impression",
        "朋友的评价",
        f"{friend}想对你说：“{quote}”",
        {"title": "朋友的评价", "friend": friend, "words": quote, "at": _moment(at)},
        words=words,
    )


def friend_claimed(*, friend: str) -> Draft:
    """Tell the referrer that the friend took the offer."""
    body = f"{friend}领取了你送的新客礼，等TA来店里消费，你就会收到奖励。"
    return Draft("friend_claimed", "朋友领券了", body)


def reward_again(*, friend: str, reward: str, available_at: datetime | None) -> Draft:
    """Tell the referrer of the reward for another visit, after one that was taken back."""
    arrival = f"将于{_day(available_at)}到账" if available_at else "已经到账"
    reward = _tame("reward_again", reward)
    return Draft("reward_again", "奖励有着落了", f"{friend}又来消费了，你的 {reward}{arrival}。")


def reward_released(*, friend: str, reward: str) -> Draft:
    """Tell the referrer that a reward which had waited is there."""
    reward = _tame("reward_released", reward)
    return Draft("reward_released", "奖励到账了", f"{friend}带来的 {reward}已经到账，谢谢你。")


def reward_withdrawn(*, friend: str) -> Draft:
    """Tell the referrer that a reward which waited will not come for this visit."""
    return Draft(
        "reward_withdrawn",
        "奖励有变化",
        f"{friend}的这次消费已退款或撤销，待到账的奖励随之取消；TA再来消费，奖励还会有的。",
    )


def coupon_received(*, referrer: str, offer: str, coupon_id: str | None) -> Draft:
    """Tell the friend what was claimed."""
    page = f"{COUPON_PAGE}?id={coupon_id}" if coupon_id else COUPONS_PAGE
    offer = _tame("coupon_received", offer)
    body = f"{referrer}送你的「{offer}」已放进券包，到店出示券码就能用。"
    return Draft("coupon_received", "新客礼已到手", body, page=page)


def friend_rewarded(*, reward: str, available_at: datetime | None) -> Draft:
    """Tell the friend what the visit earned besides."""
    reward = _tame("friend_rewarded", reward)
    arrival = f"将于{_day(available_at)}到账" if available_at else "已经到账"
    return Draft("friend_rewarded", "谢谢光临", f"这次到店，也有一份心意给你：{reward}{arrival}。")


def _tame(kind: Kind, text: str) -> str:
    """Leave out of a text that is quoted what only another kind of message may say."""
    text = unicodedata.normalize("NFC", text)
    for owner, mark in _MARKS.items():
        if owner != kind:
            text = mark.sub(_LEFT_OUT, text)
    return text


def _quote(kind: Kind, words: str | None) -> str | None:
    """Return what can be quoted of a friend's words, or None when nothing of them is left."""
    quote = _tame(kind, words or "")
    is_whole = _LEFT_OUT not in quote
    is_worth_it = is_whole or any(character.isalnum() for character in quote)
    return quote if quote and is_worth_it else None


def _day(instant: datetime) -> str:
    """Write the shop's day of an instant: 3月9日."""
    local = instant.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日"


def _moment(at: datetime) -> str:
    """Write an instant as WeChat's `time` keys take it, in the shop's time."""
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One message on its way: to whom, by which template, with which values by its keys."""

    message_id: str
    openid: str = field(repr=False)
    template_id: str
    values: Mapping[str, str] = field(repr=False)
    page: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What WeChat said: `code` is its error code, `wechat_id` its name for the message."""

    result: Result
    code: int | None = None
    wechat_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelTemplate:
    """The template of one channel for one kind of message, and which value goes under which key."""

    template_id: str
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Channels:
    """What the settings say about templates: by kind of message."""

    official: Mapping[str, ChannelTemplate]
    mini_program: Mapping[str, ChannelTemplate]
