"""What people read about a campaign: natural Chinese, true to the document."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.campaigns.documents import document
from wxapp_backend.features.campaigns.domain.wording import (
    friend_offer,
    friend_value,
    referrer_offer,
    reward_phrase,
    rules,
)

GIFT = {
    "kind": "coupon",
    "coupon": {"title": "招牌小菜一份", "kind": "gift", "cost_fen": 800, "valid_days": 30},
}
PERCENT = {
    "kind": "coupon",
    "coupon": {
        "title": "新客折扣券",
        "kind": "percent_off",
        "percent_off": 12,
        "most_off_fen": 5000,
        "valid_days": 7,
    },
}
POINTS = {"kind": "points", "points": 200}


def test_the_default_offers() -> None:
    """Short phrases, for posters and cards."""
    default = document()

    assert friend_offer(default) == "¥20 新客券，满 ¥100 可用"
    assert friend_value(default) == ("立减 ¥20", "满 ¥100 可用")
    assert referrer_offer(default) == "朋友首次到店消费后，你得 200 积分和 ¥10 券"


def test_the_default_rules_say_all_that_must_be_said() -> None:
    """Who, how, how much, when, limits, refunds, dates: each in a full sentence."""
    sentences = rules(document())

    assert len(sentences) == 8
    assert all(sentence.endswith("。") for sentence in sentences)
    text = "".join(sentences)
    for part in (
        "从未在本店消费过的新朋友",
        "「新客立减券」一张（立减 ¥20，满 ¥100 可用，30 天内有效）",
        "朋友领取后 30 天内首次到店消费后，你获得 200 积分，以及「老友答谢券」一张",
        "消费完成后立即到账",
        "每位朋友只有一位推荐人",
        "分享本身没有奖励",
        "发完即止",
        "2026年1月1日至2036年12月31日",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"new_customer__no_visit_in_days": 180}, "最近 180 天没有在本店消费过的朋友"),
        ({"attribution__touch": "first"}, "30 天内第一次打开的为准"),
        ({"qualify__minimum_fen": 8800}, "首次到店消费满 ¥88 后"),
        ({"qualify__visit_number": 2}, "第 2 次到店消费后"),
        ({"qualify__stores": ["s1"]}, "在指定门店首次到店消费"),
        ({"holdback_days": 7}, "先显示为待生效，消费满 7 天且没有退款后到账"),
        ({"caps__referrer_daily": 3}, "每人每天最多奖励 3 位新朋友"),
        ({"caps__referrer_total": 30}, "活动期间每人最多奖励 30 位新朋友"),
        ({"friend__on_qualify": [POINTS]}, "完成下面所说的消费后，再得 200 积分"),
        ({"friend__on_claim": [PERCENT]}, "8.8 折，最多减 ¥50，无门槛，7 天内有效"),
    ],
)
def test_a_rule_that_is_set_is_told(changes: dict[str, Any], part: str) -> None:
    """What the evaluator will insist on, people have read before."""
    assert part in "".join(rules(document(**changes)))


@pytest.mark.parametrize(
    ("rewards", "phrase"),
    [
        ([POINTS], "200 积分"),
        ([POINTS, GIFT], "200 积分和招牌小菜一份"),
        ([POINTS, PERCENT], "200 积分和 8.8 折券"),
        ([POINTS, PERCENT, GIFT], "200 积分、8.8 折券和招牌小菜一份"),
    ],
)
def test_rewards_are_joined_as_people_say_them(rewards: list[Any], phrase: str) -> None:
    """One list of rewards, in one breath."""
    assert reward_phrase(document(referrer__on_qualify=rewards).referrer.on_qualify) == phrase
