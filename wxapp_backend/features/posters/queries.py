"""Reads of posters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from wxapp_backend.features.posters.domain import RENEW_BEFORE, USED_UNTIL, Code, CodeKind, Wish
from wxapp_backend.features.posters.models import CodeRow, PosterRow
from wxapp_backend.infra.batched import QueryPart
from wxapp_backend.infra.db import Tx

_COLUMNS = select(
    PosterRow.id,
    PosterRow.person_id,
    PosterRow.campaign_id,
    PosterRow.referral_code,
    PosterRow.template,
    PosterRow.width,
    PosterRow.height,
    PosterRow.wanted_kind,
    PosterRow.image_key,
    PosterRow.content_key,
)
_HAS_IMAGE = PosterRow.image_key == bindparam("image_key")
_WANTED = (
    _COLUMNS.where(PosterRow.person_id == bindparam("of_person"))
    .where(PosterRow.campaign_id == bindparam("of_campaign"))
    .where(PosterRow.template == bindparam("of_template"))
    .where(PosterRow.wanted_kind == bindparam("of_kind"))
    .where(PosterRow.width == bindparam("of_width"), PosterRow.height == bindparam("of_height"))
)


def find_code(tx: Tx, kind: CodeKind, referral_code: str, target: str) -> Code | None:
    """Return WeChat's code of this kind if it is made and can still be handed out, else None."""
    row = tx.session.get(CodeRow, (kind, referral_code, target))
    if row is None or (row.ends_at is not None and row.ends_at - tx.now <= USED_UNTIL):
        return None
    return Code(kind, row.payload, row.image_key, row.ends_at)


class PosterView(NamedTuple):
    """What is written of one poster; `content_key` is that of the kept picture, if one is kept."""

    id: str
    person_id: str
    campaign_id: str
    referral_code: str
    template: str
    width: int
    height: int
    wanted_kind: CodeKind
    image_key: str
    content_key: str | None = None


def find_poster(tx: Tx, person_id: str, wish: Wish) -> PosterView | None:
    """Return a person's poster of this kind, or None."""
    width, height = wish.size or (0, 0)
    found = tx.execute(
        _WANTED,
        of_person=person_id,
        of_campaign=wish.campaign_id,
        of_template=wish.template,
        of_kind=wish.code_kind,
        of_width=width,
        of_height=height,
    ).one_or_none()
    return PosterView._make(found) if found is not None else None


BY_IMAGE = QueryPart(_COLUMNS.where(_HAS_IMAGE), PosterView._make)
"""The poster whose picture has the address `image_key`."""

PERSON_ID = select(PosterRow.person_id).where(_HAS_IMAGE).scalar_subquery()
CAMPAIGN_ID = select(PosterRow.campaign_id).where(_HAS_IMAGE).scalar_subquery()


def list_waiting(tx: Tx, code: Code, referral_code: str) -> Sequence[PosterView]:
    """Return posters with a kept picture that want this code and show another, oldest first."""
    rows = tx.execute(
        _COLUMNS.where(PosterRow.referral_code == referral_code, PosterRow.content_key.is_not(None))
        .where(PosterRow.wanted_kind == code.kind)
        .where(or_(PosterRow.code_kind != code.kind, PosterRow.payload != code.payload))
        .order_by(PosterRow.id)
    )
    return [PosterView._make(row) for row in rows]


def list_ending(tx: Tx, campaign_ids: Sequence[str], *, limit: int) -> Sequence[CodeRow]:
    """Return codes that end soon and stand on posters of these campaigns, the soonest first."""
    on_posters = select(PosterRow.referral_code).where(
        PosterRow.campaign_id.in_(campaign_ids), PosterRow.wanted_kind == CodeRow.kind
    )
    return tx.session.scalars(
        select(CodeRow)
        .where(CodeRow.ends_at <= tx.now + RENEW_BEFORE)
        .where(CodeRow.referral_code.in_(on_posters))
        .order_by(CodeRow.ends_at)
        .limit(limit)
    ).all()


def posters_of(tx: Tx, person_id: str) -> Sequence[PosterRow]:
    """Return a person's posters."""
    statement = select(PosterRow).where(PosterRow.person_id == person_id)
    return tx.session.scalars(statement.order_by(PosterRow.id)).all()
