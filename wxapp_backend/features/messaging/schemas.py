"""Shapes of messaging at the edge."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from wxapp_backend.infra.http.shapes import Id, Input, Output, Page, RawText

_MAX_TEMPLATES = 5
"""Templates that one consent dialog may show (WeChat: wx.requestSubscribeMessage)."""


class MessageItem(Output):
    """One message in the inbox; `page` opens what it speaks of."""

    id: str
    kind: str
    title: str
    body: str
    created_at: datetime
    read_at: datetime | None
    page: str | None


class MessagePage(Page[MessageItem]):
    """The inbox, newest first."""


class ReadIn(Input):
    """Which messages were read."""

    ids: list[Id] = Field(min_length=1, max_length=100)


class ReadOut(Output):
    """How many are still unread."""

    unread: int


class SubscriptionsIn(Input):
    """What the consent dialog answered, by template."""

    template_results: dict[
        Annotated[RawText, Field(max_length=64)], Annotated[RawText, Field(max_length=24)]
    ] = Field(max_length=_MAX_TEMPLATES)


class SubscriptionsOut(Output):
    """How many messages each template may still send to this person."""

    remaining: dict[str, int]
