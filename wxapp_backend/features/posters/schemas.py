"""Shapes of posters at the edge."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from wxapp_backend.infra.http.shapes import Id, Input, Output, Page, RawText

Pixels = Annotated[StrictInt, Field(ge=1, le=10_000)]


class SizeShape(Input):
    """Width and height in px."""

    width: Pixels
    height: Pixels


class TemplateItem(Output):
    """A template that a customer may choose."""

    name: str
    title: str
    preview_url: str
    sizes: list[SizeShape]


class TemplatePage(Page[TemplateItem]):
    """All templates; there is one page."""


class PosterIn(Input):
    """Which poster is wanted; the default code is the plain QR."""

    campaign_id: Id
    template: Annotated[RawText, Field(max_length=40)] | None = None
    code_kind: Literal["qr", "official_account", "mini_program"] = "qr"
    size: SizeShape | None = None


class PosterOut(Output):
    """A finished poster; `payload` is the text inside its code."""

    id: str
    image_url: str
    width: int
    height: int
    payload: str
    code_kind: Literal["qr", "official_account", "mini_program"]
    template: str
