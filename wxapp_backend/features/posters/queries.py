"""Reads of posters."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, or_, select

from wxapp_backend.features.posters.domain import RENEW_BEFORE, USED_UNTIL, Code, CodeKind, Wish
from wxapp_backend.features.posters.models import CodeRow, PosterRow
from wxapp_backend.infra.db import Tx

_WANTED = (
    select(*PosterRow.__table__.columns)
    .where(PosterRow.person_id == bindparam("of_person"))
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


def find_poster(tx: Tx, person_id: str, wish: Wish) -> PosterRow | None:
    """Return a person's poster of this kind, outside the session: changes in it are not written."""
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
    return PosterRow(**found._mapping) if found is not None else None  # noqa: SLF001 # SQLAlchemy's public way


def find_by_image(tx: Tx, image_key: str) -> PosterRow | None:
    """Return the poster whose picture has this address, if it is drawn."""
    statement = select(PosterRow).where(PosterRow.image_key == image_key)
    row = tx.session.scalar(statement)
    return row if row is not None and row.content_key is not None else None


def list_waiting(tx: Tx, code: Code, referral_code: str) -> Sequence[PosterRow]:
    """Return the drawn posters that want a code of this kind and carry another, oldest first."""
    return tx.session.scalars(
        select(PosterRow)
        .where(PosterRow.referral_code == referral_code, PosterRow.content_key.is_not(None))
        .where(PosterRow.wanted_kind == code.kind)
        .where(or_(PosterRow.code_kind != code.kind, PosterRow.payload != code.payload))
        .order_by(PosterRow.id)
    ).all()


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
