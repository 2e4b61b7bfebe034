"""A referral's steps in plain, warm words, for each of its two sides.

Names come in when the steps are read, so that a changed or erased name is shown as it is now; what
a friend spent is never told to the referrer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Viewer = Literal["referrer", "friend"]
Event = Literal[
    "touched",
    "claimed",
    "visit_not_counted",
    "visit_counted",
    "qualified",
    "pending",
    "rewarded",
    "friend_returned",
    "visit_withdrawn",
    "rejected",
    "expired",
]

_FOR_REFERRER: dict[Event, str] = {
    "touched": "{other}打开了你的分享",
    "claimed": "{other}领取了「{offer}」",
    "visit_not_counted": "{other}到店消费了，不过这次没有计入活动：{reason}",
    "visit_counted": "{other}到店消费了，再来 {missing} 次就达到活动要求",
    "qualified": "{other}到店消费了，达到了活动要求",
    "pending": "你的奖励（{reward}）已记下，{day}生效",
    "rewarded": "你的奖励已到账：{reward}。谢谢你的推荐",
    "friend_returned": "{other}又来光顾了，这是第 {number} 次",
    "visit_withdrawn": "{other}的这次消费不再计入：{reason}。下次到店消费仍然有效",
    "rejected": "很抱歉，这次推荐没有奖励：{reason}",
    "expired": "{other}没有在期限内到店消费，这次推荐已过期",
}
_FOR_FRIEND: dict[Event, str] = {
    "touched": "你打开了{other}的分享",
    "claimed": "你领取了「{offer}」",
    "visit_not_counted": "你到店消费了，不过这次没有计入活动：{reason}",
    "visit_counted": "你到店消费了，再来 {missing} 次就达到活动要求",
    "qualified": "你到店消费了，达到了活动要求",
    "pending": "推荐你的{other}将得到一份答谢",
    "rewarded": "推荐你的{other}得到了一份答谢",
    "friend_returned": "你又来光顾了，这是第 {number} 次，欢迎常来",
    "visit_withdrawn": "这次消费不再计入：{reason}。下次到店消费仍然有效",
    "rejected": "这次推荐没有计入活动，不影响你已领取的优惠",
    "expired": "活动要求的到店期限已过，欢迎随时再来",
}


def say(event: Event, params: Mapping[str, Any], *, viewer: Viewer, other: str) -> str:
    """Return one step's sentence for one side; `other` is the other side's shown name."""
    words = _FOR_REFERRER if viewer == "referrer" else _FOR_FRIEND
    return words[event].format(other=other, **params)
