"""What the official account says; no I/O.

Texts may lead into the mini-program with WeChat's own link form (WeChat: 发送客服消息, 文本消息).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

Topic = Literal["help", "points", "referrals", "coupons", "rules", "stores", "poster"]

MAX_REPLY_BYTES = 2048
"""Longest text that WeChat takes as an answer (WeChat: 被动回复用户消息)."""

_WORDS: dict[Topic, tuple[str, ...]] = {
    "points": ("积分", "我的积分", "查积分", "points"),
    "referrals": ("我的推荐", "推荐", "推荐记录", "推荐进度", "referrals"),
    "coupons": ("优惠券", "券", "我的券", "我的优惠券", "卡券", "券包", "coupons"),
    "rules": ("规则", "活动规则", "推荐规则", "活动", "rules"),
    "stores": ("门店", "地址", "电话", "营业时间", "stores"),
    "poster": ("海报", "我的海报", "分享", "分享海报", "poster"),
}
"""What people type, or a menu key says; anything else gets the help text."""

_HOME = "pages/home/index"
_REFERRALS = "pages/referrals/index"
_COUPONS = "pages/coupons/index"
_LANDING = "pages/landing/index"
_POINTS = "packages/wallet/points/index"
_POSTER = "packages/share/poster/index"
_RULES = "packages/share/rules/index"
_STORES = "packages/account/stores/index"

_COUPONS_SHOWN = 5
_NAMELESS = "***"


@dataclass(frozen=True, slots=True)
class Links:
    """How texts lead into the mini-program: its appid, and an address for older WeChats."""

    appid: str
    fallback: str

    def to(self, page: str, words: str) -> str:
        """Return a link that opens `page`."""
        return (
            f'<a href="{escape(self.fallback)}" data-miniprogram-appid="{escape(self.appid)}" '
            f'data-miniprogram-path="{escape(page)}">{escape(words)}</a>'
        )


def topic_of(text: str) -> Topic:
    """Return what a text or a menu key asks for; signs and blanks around it do not matter."""
    word = unicodedata.normalize("NFKC", text).casefold()
    word = "".join(character for character in word if character.isalnum())
    for topic, words in _WORDS.items():
        if word in words:
            return topic
    return "help"


def help_text(shop: str) -> str:
    """Say what can be asked."""
    return (
        f"你好，这里是{shop}。回复下面的词，马上告诉你：\n"
        "· 积分：看看攒了多少\n"
        "· 我的推荐：朋友们到哪一步了\n"
        "· 优惠券：还有哪些能用\n"
        "· 海报：生成你的专属海报\n"
        "· 规则：推荐有礼怎么算\n"
        "· 门店：地址和营业时间"
    )


def welcome(shop: str, links: Links, *, is_new: bool) -> str:
    """Greet somebody who came by themselves, or by a code that is nobody's."""
    hello = f"欢迎来到{shop}！" if is_new else f"你好，这里是{shop}。"
    return f"{hello}\n{links.to(_HOME, '进店看看')}，或者回复“帮助”，看看我能为你做什么。"


def recommended(
    shop: str, referrer: str, offer: str | None, code: str, links: Links, *, is_new: bool
) -> str:
    """Greet somebody who came by a friend's code; `offer` is what can be claimed, if anything."""
    hello = f"欢迎来到{shop}！\n" if is_new else ""
    name = "朋友" if referrer == _NAMELESS else referrer
    if offer is None:
        return f"{hello}是{name}推荐你来的，见到你真好。\n{links.to(_HOME, '进店看看')}"
    page = f"{_LANDING}?c={code}"
    return f"{hello}是{name}推荐你来的，还为你准备了{offer}。\n{links.to(page, '点这里领取')}"


def claimed_before(referrer: str, links: Links) -> str:
    """Greet somebody who has this friend's gift already."""
    name = "朋友" if referrer == _NAMELESS else referrer
    return f"{name}送你的新客礼已经在券包里了。\n{links.to(_COUPONS, '打开券包')}"


def own_code(links: Links) -> str:
    """Tell somebody that it is their own code."""
    poster = links.to(_POSTER, "生成海报")
    return f"这是你自己的推荐码，发给朋友吧：朋友来店消费，你也有奖励。\n{poster}"


def points(available: int, pending: int, links: Links) -> str:
    """Say how many points there are."""
    waiting = f"，另有 {pending} 积分待生效" if pending else ""
    return f"你有 {available} 积分可用{waiting}。\n{links.to(_POINTS, '看明细')}"


def referrals(counts: Mapping[Any, int], links: Links) -> str:
    """Say how far the friends have come."""
    opened, waiting = counts.get("touched", 0), counts.get("claimed", 0)
    came = sum(counts.get(state, 0) for state in ("qualified", "pending", "rewarded", "reversed"))
    if not opened + waiting + came:
        poster = links.to(_POSTER, "生成海报")
        return f"还没有朋友通过你来过。{poster}，把喜欢的店告诉朋友吧。"
    steps = ((came, "已到店"), (waiting, "已领券"), (opened, "看过你的分享"))
    told = "，".join(f"{count} 位朋友{step}" for count, step in steps if count)
    return f"你的推荐：{told}。\n{links.to(_REFERRALS, '看看每位朋友的进展')}"


def coupons(titles: Sequence[str], links: Links) -> str:
    """Say which coupons can be used."""
    if not titles:
        return "现在没有可用的优惠券。推荐朋友来，朋友到店消费后你也会收到奖励。"
    shown = [f"· {title}" for title in titles[:_COUPONS_SHOWN]]
    more = len(titles) - len(shown)
    last = f"还有 {more} 张，{links.to(_COUPONS, '打开券包')}" if more else ""
    return fit(["可用的优惠券：", *shown], last or links.to(_COUPONS, "打开券包"))


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one campaign, sentence by sentence."""

    campaign_id: str
    name: str
    sentences: Sequence[str]


def rules(running: Sequence[Rules], links: Links) -> str:
    """Read the rules of all running campaigns out, as far as there is room."""
    if not running:
        return "现在没有进行中的推荐活动，有新活动会第一时间在小程序里告诉你。"
    lines: list[str] = []
    for each in running:
        lines.append(f"【{each.name}】")
        lines += [f"{number}. {text}" for number, text in enumerate(each.sentences, 1)]
    page = f"{_RULES}?campaign_id={running[0].campaign_id}"
    return fit(lines, links.to(page, "看完整规则"))


def stores(places: Sequence[tuple[str, str, str, str]], links: Links) -> str:
    """List stores as (name, address, hours, phone); what is empty is left out."""
    if not places:
        return "门店信息正在准备中，稍后再来看看吧。"
    blocks = ["\n".join(part for part in place if part) for place in places]
    return fit(blocks, links.to(_STORES, "看全部门店"), between="\n\n")


def poster_coming(links: Links, *, is_named: bool) -> str:
    """Say that the poster is on its way, and where one is made by hand."""
    if not is_named:
        own = links.to(_POSTER, "到小程序里补上")
        return (
            f"你的专属海报马上发到这里。\n海报上还没有你的名字，{own}，朋友一眼就认出是你推荐的。"
        )
    maker = links.to(_POSTER, "自己挑一张")
    return f"你的专属海报马上发到这里。\n想换个样式，或者没有收到？{maker}，两步就好。"


def poster_instead(links: Links) -> str:
    """Lead to the poster maker, because the picture could not be sent."""
    return f"海报没能发到这里。{links.to(_POSTER, '点这里生成')}，两步就好。"


def no_poster(links: Links) -> str:
    """Say that there is nothing that a poster could offer now."""
    return f"现在没有进行中的推荐活动，有新活动再来做海报吧。\n{links.to(_HOME, '进店看看')}"


def fit(parts: Iterable[str], last: str, *, between: str = "\n") -> str:
    """Join as many parts as WeChat's limit has room for; `last` always stands at the end."""
    kept = ""
    for part in parts:
        longer = kept + part + between
        if len((longer + last).encode()) > MAX_REPLY_BYTES:
            break
        kept = longer
    return kept + last


def menu(links: Links) -> list[dict[str, object]]:
    """Return the official account's menu as WeChat takes it (WeChat: 创建自定义菜单)."""

    def opens(name: str, page: str) -> dict[str, object]:
        return {
            "type": "miniprogram",
            "name": name,
            "appid": links.appid,
            "pagepath": page,
            "url": links.fallback,
        }

    def asks(name: str, key: str) -> dict[str, object]:
        return {"type": "click", "name": name, "key": key}

    return [
        {
            "name": "推荐有礼",
            "sub_button": [
                opens("生成海报", _POSTER),
                opens("我的推荐", _REFERRALS),
                asks("海报发到这里", "海报"),
                asks("活动规则", "规则"),
            ],
        },
        {
            "name": "我的",
            "sub_button": [
                opens("券包", _COUPONS),
                asks("查积分", "积分"),
                asks("可用优惠券", "优惠券"),
            ],
        },
        {
            "name": "门店",
            "sub_button": [
                opens("进店看看", _HOME),
                asks("地址和营业时间", "门店"),
                asks("帮助", "帮助"),
            ],
        },
    ]
