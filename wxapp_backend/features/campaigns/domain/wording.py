"""A campaign in plain Chinese: its rules as full sentences, its offers as short phrases.

All of it is generated from the document, so that what people read is what the evaluator does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from wxapp_backend.features.campaigns.domain.document import (
    CampaignDocument,
    CouponReward,
    CouponTerms,
    PointsReward,
)
from wxapp_backend.kernel.money import yuan

SHOP_ZONE = ZoneInfo("Asia/Shanghai")
"""Mainland China has one time zone."""


def coupon_value(terms: CouponTerms) -> str:
    """Say what a coupon gives: `立减 ¥20`, `8.8 折`, `招牌小菜一份`."""
    if terms.amount_off_fen is not None:
        return f"立减 {yuan(terms.amount_off_fen)}"
    if terms.percent_off is not None:
        return f"{_fold(terms.percent_off)} 折"
    return terms.title


def coupon_condition(terms: CouponTerms) -> str:
    """Say on which order a coupon may be used: `满 ¥100 可用`, `无门槛`."""
    if terms.threshold_fen:
        return f"满 {yuan(terms.threshold_fen)} 可用"
    return "到店即可领取" if terms.kind == "gift" else "无门槛"


def reward_phrase(rewards: Sequence[PointsReward | CouponReward]) -> str:
    """Join rewards as people say them: `200 积分和 ¥10 券`."""
    names = [_reward_name(reward) for reward in rewards]
    if len(names) < 2:  # noqa: PLR2004 # a list of one needs no "and"
        return "".join(names)
    return "、".join(names[:-1]) + "和" + _joint(names[-1])


def friend_offer(document: CampaignDocument) -> str:
    """Say in one short phrase what the friend gets by claiming: `¥20 新客券，满 ¥100 可用`."""
    rewards = document.friend.on_claim
    coupons = [reward.coupon for reward in rewards if isinstance(reward, CouponReward)]
    if len(rewards) == 1 and coupons:
        (coupon,) = coupons
        return f"{_coupon_name(coupon, '新客券')}，{coupon_condition(coupon)}"
    return reward_phrase(rewards)


def friend_value(document: CampaignDocument) -> tuple[str, str]:
    """Return the friend's offer in two parts, value and condition: `立减 ¥20`, `满 ¥100 可用`."""
    rewards = document.friend.on_claim
    if len(rewards) == 1 and isinstance(rewards[0], CouponReward):
        coupon = rewards[0].coupon
        return coupon_value(coupon), coupon_condition(coupon)
    return reward_phrase(rewards), ""


def referrer_offer(document: CampaignDocument) -> str:
    """Say in one short sentence what the referrer gets, and for what."""
    return f"{_deed(document)}后，你得 {reward_phrase(document.referrer.on_qualify)}"


def rules(document: CampaignDocument) -> tuple[str, ...]:
    """Return the campaign's rules: who, how, how much, when, limits, expiry, refunds.

    WeChat 运营规范 5.1.5 wants them clear, complete and visible before sharing.
    """
    return (
        _who(document),
        _how(document),
        _friend_gets(document),
        _referrer_gets(document),
        *_limits(document),
        _refunds(document),
        _period(document),
    )


def on_day(instant: datetime) -> str:
    """Write the day of an instant as the shop's calendar has it: `2026年3月2日`."""
    day = instant.astimezone(SHOP_ZONE)
    return f"{day.year}年{day.month}月{day.day}日"


def _who(document: CampaignDocument) -> str:
    days = document.new_customer.no_visit_in_days
    new = "从未在本店消费过的新朋友" if days is None else f"最近 {days} 天没有在本店消费过的朋友"
    return f"所有顾客都可以推荐；被推荐的须是{new}，不能推荐自己。"


def _how(document: CampaignDocument) -> str:
    which = "最后一次" if document.attribution.touch == "last" else "第一次"
    return (
        "把你的专属海报、卡片或链接发给朋友，朋友打开后领取优惠即算接受推荐；"
        f"朋友收到多人推荐时，以 {document.attribution.window_days} 天内{which}打开的为准，"
        "每位朋友只有一位推荐人。分享本身没有奖励。"
    )


def _friend_gets(document: CampaignDocument) -> str:
    sentence = f"朋友领取后立即获得{_all_in_full(document.friend.on_claim)}"
    if document.friend.on_qualify:
        sentence += f"；完成下面所说的消费后，再得{_all_in_full(document.friend.on_qualify)}"
    return sentence + "。"


def _referrer_gets(document: CampaignDocument) -> str:
    gets = _all_in_full(document.referrer.on_qualify)
    return f"{_deed(document, in_full=True)}后，你获得{gets}，{_when(document)}。"


def _when(document: CampaignDocument) -> str:
    if document.holdback_days:
        return f"先显示为待生效，消费满 {document.holdback_days} 天且没有退款后到账"
    return "消费完成后立即到账"


def _limits(document: CampaignDocument) -> tuple[str, ...]:
    caps = document.caps
    each = []
    if caps.referrer_daily is not None:
        each.append(f"每人每天最多奖励 {caps.referrer_daily} 位新朋友")
    if caps.referrer_total is not None:
        each.append(f"活动期间每人最多奖励 {caps.referrer_total} 位新朋友")
    own = "，".join(each) if each else "可推荐的朋友数量不限"
    return (
        f"{own}；每位新朋友只奖励一次。",
        "活动奖励总额有限，发完即止；朋友已成功领取的，双方奖励都已预留，不受影响。",
    )


def _refunds(document: CampaignDocument) -> str:
    least = document.qualify.minimum_fen
    short = f"不足 {yuan(least)}" if least > 1 else "没有实付金额"
    return f"奖励发放前退款或撤销的消费，退款后{short}的，不计入活动。"


def _period(document: CampaignDocument) -> str:
    return (
        f"活动时间：{on_day(document.starts_at)}至{on_day(document.ends_at)}；"
        "活动结束前领取的优惠，仍按领取时的规则兑现。活动由本店举办，有疑问请随时联系店员。"
    )


def _deed(document: CampaignDocument, *, in_full: bool = False) -> str:
    qualify = document.qualify
    times = "首次" if qualify.visit_number == 1 else f"第 {qualify.visit_number} 次"
    least = f"满 {yuan(qualify.minimum_fen)} " if qualify.minimum_fen > 1 else ""
    if not in_full:
        return f"朋友{times}到店消费{least}"
    where = "在指定门店" if qualify.stores else ""
    return f"朋友领取后 {qualify.within_days} 天内{where}{times}到店消费{least}"


def _all_in_full(rewards: Sequence[PointsReward | CouponReward]) -> str:
    return "，以及".join(_in_full(reward) for reward in rewards)


def _in_full(reward: PointsReward | CouponReward) -> str:
    if isinstance(reward, PointsReward):
        return f" {reward.points} 积分"
    coupon = reward.coupon
    where = "，限指定门店" if coupon.stores else ""
    most = f"，最多减 {yuan(coupon.most_off_fen)}" if coupon.most_off_fen else ""
    return (
        f"「{coupon.title}」一张（{coupon_value(coupon)}{most}，{coupon_condition(coupon)}"
        f"{where}，{coupon.valid_days} 天内有效）"
    )


def _reward_name(reward: PointsReward | CouponReward) -> str:
    if isinstance(reward, PointsReward):
        return f"{reward.points} 积分"
    return _coupon_name(reward.coupon, "券")


def _coupon_name(coupon: CouponTerms, noun: str) -> str:
    if coupon.amount_off_fen is not None:
        return f"{yuan(coupon.amount_off_fen)} {noun}"
    if coupon.percent_off is not None:
        return f"{_fold(coupon.percent_off)} 折{noun}"
    return coupon.title


def _joint(name: str) -> str:
    """Part "和" from a figure by a blank, as Chinese typography does: 和 ¥10 券, 和招牌小菜."""
    return name if "\u4e00" <= name[0] <= "\u9fff" else f" {name}"


def _fold(percent_off: int) -> str:
    """Write a percentage off as 折: 12 % off is 8.8, 20 % off is 8."""
    tens, ones = divmod(100 - percent_off, 10)
    return f"{tens}.{ones}" if ones else str(tens)
