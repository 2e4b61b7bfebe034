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
    BY_IMAGE,
    CAMPAIGN_ID,
    PERSON_ID,
    PosterView,
    find_code,
    find_poster,
    list_ending,
    list_waiting,
    posters_of,
)
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.infra.batched import BatchedQuery
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.ids import new_id

RENEWED_AT_ONCE = 200
"""Codes that one run of the job asks for: far below WeChat's 100,000 a day."""


# Built once: building these took longer than running them.
_OF_ID = update(PosterRow).where(PosterRow.id == bindparam("of_id"))
_CHANGE_CODE = _OF_ID.values(referral_code=bindparam("new_code"))
_PERSON = identity.person_part(PERSON_ID)
_CAMPAIGN = campaigns.campaign_part(CAMPAIGN_ID)
_SHOWN = BatchedQuery(BY_IMAGE, _PERSON, _CAMPAIGN)
_RECORD = _OF_ID.values(
    content_key=bindparam("new_key"),
    code_kind=bindparam("new_kind"),
    payload=bindparam("new_payload"),
    made_at=bindparam("at"),
)


@dataclass(frozen=True, slots=True)
class PosterRequest:
    """A poster to draw: everything on it, and the name of the picture that is kept, if one is."""

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


def request_poster(tx: Tx, person_id: str, wish: Wish, *, place: Place) -> PosterRequest:
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
    poster = _find_or_begin(tx, person_id, wish, referrals.code_of(tx, person_id))
    want_code(tx, poster.wanted_kind, poster.referral_code, place=place)
    return _describe(tx, poster, campaign, place)


def find_request(tx: Tx, person_id: str, wish: Wish, *, place: Place) -> PosterRequest | None:
    """Return the poster that was begun before, or None if anything has to be written for it.

    Raises:
        NotFound: there is no such campaign.
        CampaignEnded: it does not run any more.
    """
    poster = find_poster(tx, person_id, wish) if wish.code_kind == "qr" else None
    if poster is None or poster.referral_code != referrals.find_code(tx, person_id):
        return None
    return _describe(tx, poster, campaigns.get_running(tx, poster.campaign_id), place)


def _find_or_begin(tx: Tx, person_id: str, wish: Wish, referral_code: str) -> PosterView:
    """Return the poster, with the code that the person has now."""
    assert wish.template is not None
    assert wish.size is not None
    poster = find_poster(tx, person_id, wish)
    if poster is None:
        width, height = wish.size
        poster = PosterView(
            id=new_id(tx.now),
            person_id=person_id,
            campaign_id=wish.campaign_id,
            referral_code=referral_code,
            template=wish.template,
            width=width,
            height=height,
            wanted_kind=wish.code_kind,
            image_key=secrets.token_hex(16),
        )
        # A rival's row for the same poster shows itself here, and we try again.
        tx.insert(PosterRow(**poster._asdict(), code_kind="qr", payload="", created_at=tx.now))
    elif poster.referral_code != referral_code:
        tx.execute(_CHANGE_CODE, of_id=poster.id, new_code=referral_code)
        poster = poster._replace(referral_code=referral_code)
    return poster


def _describe(
    tx: Tx, poster: PosterView, campaign: campaigns.CampaignView, place: Place
) -> PosterRequest:
    return _show(tx, poster, identity.get_person(tx, poster.person_id), campaign, place)


def _show(
    tx: Tx,
    poster: PosterView,
    person: identity.Person,
    campaign: campaigns.CampaignView,
    place: Place,
) -> PosterRequest:
    code = _choose_code(tx, poster, place)
    return PosterRequest(
        poster_id=poster.id,
        image_key=poster.image_key,
        template=poster.template,
        size=(poster.width, poster.height),
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
        content_key=poster.content_key,
    )


def _describe_known(tx: Tx, poster: PosterView, place: Place) -> PosterRequest:
    return _describe(tx, poster, campaigns.get_campaign(tx, poster.campaign_id), place)


def _choose_code(tx: Tx, poster: PosterView, place: Place) -> Code:
    plain = Code("qr", plain_link(place.shop.link_base, poster.referral_code))
    kind = poster.wanted_kind
    if kind == "qr":
        return plain
    return find_code(tx, kind, poster.referral_code, _target(kind, place)) or plain


def describe_by_image(tx: Tx, image_key: str, *, place: Place) -> PosterRequest | None:
    """Return what a poster shall show now whose picture has this address, or None; only reads."""
    found = _SHOWN.find(tx, image_key=image_key)
    poster, person, campaign = found[BY_IMAGE], found[_PERSON], found[_CAMPAIGN]
    if poster is None or person is None or campaign is None:
        return None
    return _show(tx, poster, person, campaigns.view_of(tx, campaign), place)


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


def record_picture(tx: Tx, made: PosterRequest) -> bool:
    """Note which picture is kept for the poster now; False: the poster is no more."""
    changed = tx.execute(
        _RECORD,
        of_id=made.poster_id,
        new_key=made.content_key,
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
) -> list[PosterRequest]:
    """Return the posters that can now get the code that they wanted."""
    code = find_code(tx, kind, referral_code, _target(kind, place))
    if code is None:
        return []
    waiting = list_waiting(tx, code, referral_code)
    return [_describe_known(tx, poster, place) for poster in waiting]


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


def with_plain_code(made: PosterRequest, *, place: Place) -> PosterRequest:
    """Return the same poster with the plain QR, for when the picture of its code is lost."""
    return replace(made, code=Code("qr", plain_link(place.shop.link_base, made.code.payload)))
