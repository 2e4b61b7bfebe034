"""What the official account says fits into WeChat's limits and leads to pages that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from wxapp_backend.features.bot import domain
from wxapp_backend.features.bot.domain import Links, Topic

LINKS = Links("wx1", "https://shop.example")
APP = Path("miniprogram/src/app.json")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("积分", "points"),
        (" 积分？ ", "points"),
        ("我的推荐", "referrals"),
        ("优惠券", "coupons"),
        ("规则。", "rules"),
        ("门店", "stores"),
        ("「海报」", "poster"),
        ("ＰＯＩＮＴＳ", "points"),
        ("帮助", "help"),
        ("你们好", "help"),
        ("", "help"),
        ("积分" * 500, "help"),
    ],
)
def test_a_word_is_understood_with_signs_and_blanks_around_it(text: str, topic: Topic) -> None:
    """Anything else gets the help text."""
    assert domain.topic_of(text) == topic


def texts() -> list[str]:
    """Return every text, the long ones as long as they can get."""
    sentences = ["朋友首次到店消费满 100 元，双方都有奖励，以活动页面公布的规则为准。"] * 30
    long = domain.rules([domain.Rules("01c", "老带新", sentences)] * 4, LINKS)
    return [
        long,
        domain.rules([], LINKS),
        domain.stores(
            [("西湖店", "杭州市西湖区很长很长的路 1 号", "10:00–22:00", "0571")] * 60, LINKS
        ),
        domain.stores([], LINKS),
        domain.coupons([f"第 {n} 张名字特别特别特别长的优惠券" for n in range(20)], LINKS),
        domain.coupons([], LINKS),
        domain.points(120, 0, LINKS),
        domain.points(120, 200, LINKS),
        domain.referrals({}, LINKS),
        domain.referrals({"touched": 2, "claimed": 1, "rewarded": 3}, LINKS),
        domain.poster_coming(LINKS, is_named=True),
        domain.poster_coming(LINKS, is_named=False),
        domain.poster_instead(LINKS),
        domain.no_poster(LINKS),
        domain.own_code(LINKS),
        domain.claimed_before("王**", LINKS),
        domain.welcome("青禾小馆", LINKS, is_new=True),
        domain.welcome("青禾小馆", LINKS, is_new=False),
        domain.recommended("青禾小馆", "王**", "¥20 券", "ABCDEFGH", LINKS, is_new=True),
        domain.recommended("青禾小馆", "***", None, "ABCDEFGH", LINKS, is_new=False),
        domain.help_text("青禾小馆"),
    ]


@pytest.mark.parametrize("text", texts())
def test_texts_fit_and_their_links_are_whole(text: str) -> None:
    """At most 2,048 bytes, cut between lines only; every page is one of the mini-program."""
    assert 0 < len(text.encode()) <= domain.MAX_REPLY_BYTES
    assert text.count("<a ") == text.count("</a>")
    assert "***" not in text
    app = json.loads(APP.read_text(encoding="utf-8"))
    pages = set(app["pages"]) | {
        f"{part['root']}/{page}" for part in app["subPackages"] for page in part["pages"]
    }
    assert set(re.findall(r'miniprogram-path="([^"?]+)', text)) <= pages


def test_what_is_cut_says_where_the_rest_is() -> None:
    """A reader of half the rules knows it."""
    assert texts()[0].endswith(">看完整规则</a>")
    assert texts()[4].endswith("还有 15 张，" + LINKS.to("pages/coupons/index", "打开券包"))


def test_the_referrals_are_counted_in_plain_words() -> None:
    """Only what there is is said."""
    text = domain.referrals({"claimed": 1, "rewarded": 2, "pending": 1}, LINKS)
    assert text.startswith("你的推荐：3 位朋友已到店，1 位朋友已领券。\n")
