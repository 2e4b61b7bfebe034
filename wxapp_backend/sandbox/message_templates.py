"""The message templates of the two accounts: the same three for each, with ids of their own.

The words 推荐成功 stand in the first alone and 再次到店 in the second alone, so that nobody takes
one message for another.
"""

import base64
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keyword:
    """One line of a template: the key a sender fills and the label people read."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A message template as an account's console lists it."""

    template_id: str
    title: str
    keywords: tuple[Keyword, ...]


_TITLES: dict[str, tuple[Keyword, ...]] = {
    "推荐成功通知": (
        Keyword("thing1", "好友昵称"),
        Keyword("thing2", "获得奖励"),
        Keyword("time3", "达成时间"),
        Keyword("thing4", "温馨提示"),
    ),
    "好友再次到店通知": (
        Keyword("thing1", "好友昵称"),
        Keyword("thing2", "好友的话"),
        Keyword("time3", "到店时间"),
        Keyword("thing4", "到店门店"),
    ),
    "好友评价通知": (
        Keyword("thing1", "好友昵称"),
        Keyword("thing2", "评价内容"),
        Keyword("time3", "评价时间"),
    ),
}


def templates_of(kind: str) -> tuple[MessageTemplate, ...]:
    """List the templates of the account of this kind."""
    return tuple(
        MessageTemplate(_template_id(kind, title), title, keywords)
        for title, keywords in _TITLES.items()
    )


def _template_id(kind: str, title: str) -> str:
    """Make the 43 characters of a template id, the same in every run."""
    digest = hashlib.sha256(f"yinjian sandbox {kind} {title}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
