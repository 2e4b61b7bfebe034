"""The guard: what WeChat's rules and the law forbid, found in a document before it may run.

It reads the raw document, so that a forbidden idea is answered with the clause that forbids it and
not merely with "unknown field". Clauses: 《微信小程序平台运营规范》 as read on `AS_OF`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

AS_OF = date(2026, 7, 30)
"""The day of the rules' text that these clauses were taken from."""

_RULES = "《微信小程序平台运营规范》"
_TEAM_LIMIT = 5


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that may not be: where it stands, which clause forbids it, and what to do."""

    field: str
    clause: str
    message: str

    def __str__(self) -> str:
        """Write the refusal on one line."""
        return f"{self.field}: {self.clause} {self.message}"


_SHARE_MOMENTS = {"on_share", "on_forward", "on_repost"}
_SHALLOW_MOMENTS = {"on_touch", "on_open", "on_click", "on_claim", "on_register", "on_follow"}
_CHANCE = {"chance", "chance_percent", "probability", "lottery", "draw", "random"}
_LEVELS = {"levels", "level", "upline", "second_level", "indirect", "grandparent"}
_FEES = {"entry_fee", "fee_fen", "join_fee_fen"}
_GATES = {"require_share", "share_to_unlock", "unlock_by_sharing"}
_FOLLOW = {"require_follow", "require_subscribe", "must_follow"}
_INDUCING_WORDS = ("朋友圈", "转发", "分享即", "分享得", "分享就送", "集赞", "不转不")


def inspect(raw: Mapping[str, Any]) -> list[Refusal]:
    """Return everything in the document that the rules forbid, in the document's order."""
    return [refusal for path, key, value in _walk(raw, ()) for refusal in _judge(path, key, value)]


def _judge(path: tuple[str, ...], key: str, value: object) -> Iterator[Refusal]:
    field = ".".join((*path, key))
    side = path[0] if path else ""
    if key in _SHARE_MOMENTS and value:
        yield Refusal(
            field, f"{_RULES}5.3.1", "不得因转发或分享本身给予利益，请改为 referrer.on_qualify"
        )
    if key in _SHALLOW_MOMENTS and side == "referrer" and value:
        yield Refusal(
            field,
            f"{_RULES}5.1.4",
            "好友仅打开、注册或领取属于浅层互动，此时不得给推荐人利益；"
            "请放到好友实际消费之后：referrer.on_qualify",
        )
    if key in _FOLLOW and value:
        yield Refusal(field, f"{_RULES}5.1.1", "不得以关注或订阅作为领取条件，请删除此项")
    if key in _GATES and value:
        yield Refusal(field, f"{_RULES}5.1.1", "不得强制分享后才能继续，请删除此项")
    if key in _CHANCE and value:
        yield Refusal(field, f"{_RULES}5.1.6", "分享获得的利益不得取决于运气，请写明固定的奖励")
    if key == "team_size" and isinstance(value, int) and value > _TEAM_LIMIT:
        yield Refusal(field, f"{_RULES}5.1.8", f"组队人数连同分享者不得超过 {_TEAM_LIMIT} 人")
    if key in _LEVELS and value not in (None, 0, 1, False):
        yield Refusal(
            field, f"{_RULES}5.9、《禁止传销条例》第七条", "只奖励直接推荐人一级，不得多级计酬"
        )
    if key in _FEES and value:
        yield Refusal(field, "《禁止传销条例》第七条", "不得要求交费才能参加推荐")
    if isinstance(value, str):
        yield from _judge_words(field, value)


def _judge_words(field: str, words: str) -> Iterator[Refusal]:
    for word in _INDUCING_WORDS:
        if word in words:
            yield Refusal(field, f"{_RULES}5.1.3", f"文案不得诱导分享，请去掉“{word}”")


def _walk(node: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, object]]:
    """Yield every key of the document with its path and value, lists by position."""
    if isinstance(node, Mapping):
        entries = [(str(key), value) for key, value in node.items()]
    elif isinstance(node, list):
        entries = [(str(position), value) for position, value in enumerate(node)]
    else:
        return
    for key, value in entries:
        yield path, key, value
        yield from _walk(value, (*path, key))
