"""What a poster shall show, and what is recorded of it; all in the caller's transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from sqlalchemy import bindparam, delete, update

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.posters.domain import (
    Code,
    CodeKind,
    Shop,
    Wish,
    facts_for,
    is_fresh,
    plain_link,
)
from wxapp_backend.features.posters.events import CodeMade, CodeWanted
from wxapp_backend.features.posters.models import CodeRow, PosterRow
from wxapp_backend.features.posters.ports import ScanCode
from wxapp_backend.features.posters.queries import (
    find_by_image,
    find_code,
    find_poster,
    list_ending,
    list_waiting,
    posters_of,
)
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id

RENEWED_AT_ONCE = 200
"""Codes that one run of the job asks for: far below WeChat's 100,000 a day."""


# Built once: building these took longer than running them.
_OF_ID = update(PosterRow).where(PosterRow.id == bindparam("of_id"))
_CHANGE_CODE = _OF_ID.values(referral_code=bindparam("new_code"))
_RECORD = _OF_ID.values(
    content_key=bindparam("new_key"),
    code_kind=bindparam("new_kind"),
    payload=bindparam("new_payload"),
    made_at=bindparam("at"),
)


@dataclass(frozen=True, slots=True)
class Commission:
    """A poster to draw: everything on it, and what is known of the picture that is kept."""

    poster_id: str
    image_key: str
    template: str
    size: tuple[int, int]
    facts: dict[str, str]
    avatar_key: str | None
    code: Code
    content_key: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where codes lead and what the shop is called; from the settings.

    Attributes:
        code_target: page and version that mini-program codes open.
        prepared_kind: which code is made as soon as somebody shares.
    """

    shop: Shop
    code_target: str
    prepared_kind: CodeKind


def commission(tx: Tx, person_id: str, wish: Wish, *, place: Place) -> Commission:
    """Find or begin the poster that `wish` describes; its template and size are known to exist.

    Where WeChat's own code is wanted and not made yet, the poster gets the plain QR, and is re-made
    when the code is there.

    Raises:
        NotFound: there is no such campaign.
        CampaignEnded: it does not run any more.
    """
    assert wish.template is not None
    assert wish.size is not None
    campaign = campaigns.get_running(tx, wish.campaign_id)
    row = _find_or_begin(tx, person_id, wish, referrals.code_of(tx, person_id))
    return _describe(tx, row, campaign, place)


def find_commission(tx: Tx, person_id: str, wish: Wish, *, place: Place) -> Commission | None:
    """Return the poster that was begun before, or None if anything has to be written for it.

    Raises:
        NotFound: there is no such campaign.
        CampaignEnded: it does not run any more.
    """
    row = find_poster(tx, person_id, wish) if wish.code_kind == "qr" else None
    if row is None or row.referral_code != referrals.find_code(tx, person_id):
        return None
    return _describe(tx, row, campaigns.get_running(tx, row.campaign_id), place)


def _find_or_begin(tx: Tx, person_id: str, wish: Wish, referral_code: str) -> PosterRow:
    """Return the poster's row; it is no part of the session, so changes are written at once."""
    assert wish.template is not None
    assert wish.size is not None
    width, height = wish.size
    row = find_poster(tx, person_id, wish)
    if row is None:
        row = PosterRow(
            id=new_id(tx.now),
            person_id=person_id,
            campaign_id=wish.campaign_id,
            referral_code=referral_code,
            template=wish.template,
            width=width,
            height=height,
            wanted_kind=wish.code_kind,
            code_kind="qr",
            payload="",
            image_key=secrets.token_hex(16),
            created_at=tx.now,
        )
        tx.insert(row)  # a rival's row for the same poster shows itself here, and we try again
    elif row.referral_code != referral_code:
        tx.execute(_CHANGE_CODE, of_id=row.id, new_code=referral_code)
        row.referral_code = referral_code
    return row


def _describe(tx: Tx, row: PosterRow, campaign: campaigns.CampaignView, place: Place) -> Commission:
    person = identity.get_person(tx, row.person_id)
    code = _choose_code(tx, row, place)
    return Commission(
        poster_id=row.id,
        image_key=row.image_key,
        template=row.template,
        size=(row.width, row.height),
        facts=facts_for(
            nickname=person.nickname,
            offer=(campaign.friend_value, campaign.friend_condition),
            campaign_ends_at=campaign.ends_at,
            code=code,
            shop=place.shop,
            now=tx.now,
        ),
        avatar_key=person.avatar_key,
        code=code,
        content_key=row.content_key,
    )


def _describe_known(tx: Tx, row: PosterRow, place: Place) -> Commission:
    return _describe(tx, row, campaigns.get_campaign(tx, row.campaign_id), place)


def _choose_code(tx: Tx, row: PosterRow, place: Place) -> Code:
    plain = Code("qr", plain_link(place.shop.link_base, row.referral_code))
    kind = cast("CodeKind", row.wanted_kind)
    if kind == "qr":
        return plain
    want_code(tx, kind, row.referral_code, place=place)
    return find_code(tx, kind, row.referral_code, _target(kind, place)) or plain


def describe_again(tx: Tx, image_key: str, *, place: Place) -> Commission | None:
    """Return what a poster shall show now whose picture has this address, or None."""
    row = find_by_image(tx, image_key)
    return _describe_known(tx, row, place) if row is not None else None


def want_code(tx: Tx, kind: CodeKind, referral_code: str, *, place: Place) -> None:
    """Ask for a code that only WeChat can make, unless there is one that lives on."""
    if kind != "qr" and is_code_missing(tx, kind, referral_code, place=place):
        tx.emit(CodeWanted(kind=kind, referral_code=referral_code))


def order_again(tx: Tx, code: Code, *, place: Place) -> None:
    """Have a code made anew whose kept picture is lost or cannot be drawn."""
    row = tx.session.get(CodeRow, (code.kind, code.payload, _target(code.kind, place)))
    if row is not None:
        tx.session.delete(row)
        tx.session.flush()
    want_code(tx, code.kind, code.payload, place=place)


def renew_codes(tx: Tx, *, place: Place) -> None:
    """Ask for new codes in place of those on posters that end soon, some at a time."""
    running = [campaign.id for campaign in campaigns.list_running(tx)]
    for row in list_ending(tx, running, limit=RENEWED_AT_ONCE):
        want_code(tx, cast("CodeKind", row.kind), row.referral_code, place=place)


def record_picture(tx: Tx, made: Commission, content_key: str) -> bool:
    """Note which picture is kept for the poster now; False: the poster is no more."""
    changed = tx.execute(
        _RECORD,
        of_id=made.poster_id,
        new_key=content_key,
        new_kind=made.code.kind,
        new_payload=made.code.payload,
        at=tx.now,
    )
    return changed.rowcount == 1


def is_code_missing(tx: Tx, kind: CodeKind, referral_code: str, *, place: Place) -> bool:
    """Say whether WeChat has to make this code, for the first time or anew."""
    code = find_code(tx, kind, referral_code, _target(kind, place))
    return code is None or not is_fresh(code, tx.now)


def record_code(
    tx: Tx, kind: CodeKind, referral_code: str, made: str | ScanCode, *, place: Place
) -> None:
    """Note a code that WeChat made: the storage key of its picture, or a scene code."""
    row = CodeRow(
        kind=kind,
        referral_code=referral_code,
        target=_target(kind, place),
        payload=referral_code if isinstance(made, str) else made.url,
        image_key=made if isinstance(made, str) else None,
        ends_at=None if isinstance(made, str) else tx.now + timedelta(seconds=made.seconds),
        made_at=tx.now,
    )
    tx.session.merge(row)
    tx.emit(CodeMade(kind=kind, referral_code=referral_code))


def commissions_waiting(
    tx: Tx, kind: CodeKind, referral_code: str, *, place: Place
) -> list[Commission]:
    """Return the posters that can now get the code that they wanted."""
    code = find_code(tx, kind, referral_code, _target(kind, place))
    if code is None:
        return []
    return [_describe_known(tx, row, place) for row in list_waiting(tx, code, referral_code)]


def move_posters(tx: Tx, from_id: str, into_id: str) -> list[str]:
    """Hand posters over to who a person proved to be; their addresses stay.

    Returns:
        The addresses of those that the other has as well: they are to be deleted.
    """
    theirs = {_what(row) for row in posters_of(tx, into_id)}
    left = []
    for row in posters_of(tx, from_id):
        if _what(row) in theirs:
            left.append(row.image_key)
        else:
            row.person_id = into_id
    tx.session.flush()
    return left


def forget_posters(tx: Tx, person_id: str) -> None:
    """Forget a person's posters; their pictures are deleted already."""
    tx.session.execute(delete(PosterRow).where(PosterRow.person_id == person_id))


def _what(row: PosterRow) -> tuple[str, str, int, int, str]:
    return row.campaign_id, row.template, row.width, row.height, row.wanted_kind


def _target(kind: CodeKind, place: Place) -> str:
    return place.code_target if kind == "mini_program" else ""


def with_plain_code(made: Commission, *, place: Place) -> Commission:
    """Return the same poster with the plain QR, for when the picture of its code is lost."""
    return replace(made, code=Code("qr", plain_link(place.shop.link_base, made.code.payload)))
