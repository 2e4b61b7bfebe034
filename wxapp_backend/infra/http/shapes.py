"""Bases of request and answer shapes, and the field types that they share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictInt

from wxapp_backend.kernel.ids import ID_LENGTH
from wxapp_backend.kernel.money import MAX_FEN
from wxapp_backend.kernel.text import clean

ItemT = TypeVar("ItemT")

MAX_PAGE = 100


class Input(BaseModel):
    """A request: unknown fields are refused, so that a typo cannot pass unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


class PageQuery(Input):
    """Which part of a list is wanted."""

    cursor: str | None = Field(None, max_length=80)
    limit: int = Field(20, ge=1, le=MAX_PAGE)


class Page(Output, Generic[ItemT]):
    """Part of a list; `next_cursor` is null on the last page."""

    items: list[ItemT]
    next_cursor: str | None = None


class Nothing(Output):
    """An empty answer."""


def _string_only(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be a string")  # noqa: TRY004 # pydantic turns ValueError into a 422
    return value


def _no_surrogates(value: str) -> str:
    value.encode()  # raises UnicodeEncodeError, a ValueError, on a lone surrogate
    if "\0" in value:
        raise ValueError("must not contain NUL")
    return value


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("must have an offset, e.g. 2026-01-01T10:00:00+08:00")
    return value


RawText = Annotated[str, BeforeValidator(_string_only), AfterValidator(_no_surrogates)]
"""Text as given; add `Field(max_length=…)`."""

Text = Annotated[RawText, AfterValidator(clean)]
"""Text for people: control characters dropped, white space joined."""

Id = Annotated[RawText, Field(min_length=1, max_length=ID_LENGTH)]
"""An id as handed out by the API."""

Fen = Annotated[StrictInt, Field(ge=0, le=MAX_FEN)]
"""An amount in whole fen, 0 to ¥99,999,999.99."""

Instant = Annotated[datetime, AfterValidator(_aware)]
"""RFC 3339 with offset."""
