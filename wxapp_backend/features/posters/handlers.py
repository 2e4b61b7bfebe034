"""What posters do when something happened elsewhere: codes are made, posters re-made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import cast

from wxapp_backend.drawing import ImageRefused
from wxapp_backend.drawing.codepicture import picture_fault
from wxapp_backend.features.identity.events import PersonMerged
from wxapp_backend.features.posters.domain import CodeKind
from wxapp_backend.features.posters.errors import PosterNotFound
from wxapp_backend.features.posters.events import CodeMade, CodeWanted, RenewalDue
from wxapp_backend.features.posters.ports import CodeMaker, ScanCode
from wxapp_backend.features.posters.queries import posters_of
from wxapp_backend.features.posters.service.rendering import PosterRenderer
from wxapp_backend.features.posters.service.requesting import (
    Place,
    PosterRequest,
    commissions_waiting,
    forget_posters,
    is_code_missing,
    move_posters,
    record_code,
    renew_codes,
    want_code,
)
from wxapp_backend.features.referrals.events import ShareMade
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.handlers import Effect, Payload

RendererOf = Callable[[], PosterRenderer]
"""It needs the database, which needs the handlers: so handlers ask for it when they run."""


def make_codes(maker: CodeMaker, renderer: RendererOf, place: Place) -> Effect:
    """Return the handler that has WeChat make a code; made twice does no harm."""

    def prepare(tx: Tx, payload: Payload) -> CodeWanted | None:
        wanted = CodeWanted(**payload)
        missing = is_code_missing(
            tx, cast("CodeKind", wanted.kind), wanted.referral_code, place=place
        )
        return wanted if missing else None

    def call(wanted: CodeWanted) -> str | ScanCode:
        if wanted.kind == "mini_program":
            picture = maker.mini_program(wanted.referral_code)
            fault = picture_fault(picture)
            if fault is not None:  # only WeChat can read it, so what people would see is judged
                raise ImageRefused("unreadable", f"WeChat's code picture: {fault}")
            return renderer().keep_code(wanted.referral_code, picture)
        return maker.official_account(wanted.referral_code)

    def record(tx: Tx, payload: Payload, made: str | ScanCode) -> None:
        wanted = CodeWanted(**payload)
        kind = cast("CodeKind", wanted.kind)
        record_code(tx, kind, wanted.referral_code, made, place=place)

    return Effect(prepare, call, record, unknown="repeat", lock_field="referral_code")


def remake_posters(renderer: RendererOf, place: Place) -> Effect:
    """Return the handler that draws waiting posters anew, now with the code they wanted."""

    def prepare(tx: Tx, payload: Payload) -> list[PosterRequest] | None:
        made = CodeMade(**payload)
        kind = cast("CodeKind", made.kind)
        return commissions_waiting(tx, kind, made.referral_code, place=place) or None

    def call(waiting: list[PosterRequest]) -> None:
        for each in waiting:
            with suppress(PosterNotFound):  # of somebody who was erased meanwhile
                renderer().draw(renderer().lay_out(each))

    def record(_tx: Tx, _payload: Payload, _outcome: None) -> None:
        """Nothing: the renderer has recorded each picture."""

    return Effect(prepare, call, record, unknown="repeat", lock_field="referral_code")


def on_share_made(tx: Tx, event: ShareMade, *, place: Place) -> None:
    """Have the code made that the sharer's poster will need, so that it is there in time."""
    want_code(tx, place.prepared_kind, event.referral_code, place=place)


def on_renewal_due(tx: Tx, _event: RenewalDue, *, place: Place) -> None:
    """Have codes made in place of those that end soon; their posters are re-made then."""
    renew_codes(tx, place=place)


def merge_posters(renderer: RendererOf) -> Effect:
    """Return the handler that hands posters over to who a person proved to be."""

    def prepare(tx: Tx, payload: Payload) -> list[str] | None:
        merged = PersonMerged(**payload)
        return move_posters(tx, merged.from_id, merged.into_id) or None

    def record(tx: Tx, payload: Payload, _outcome: None) -> None:
        forget_posters(tx, payload["from_id"])

    return Effect(prepare, _deleting(renderer), record, unknown="repeat")


def remove_pictures(renderer: RendererOf) -> Effect:
    """Return the handler that deletes the posters of someone who was erased."""

    def prepare(tx: Tx, payload: Payload) -> list[str] | None:
        return [row.image_key for row in posters_of(tx, payload["person_id"])] or None

    def record(tx: Tx, payload: Payload, _outcome: None) -> None:
        forget_posters(tx, payload["person_id"])

    return Effect(prepare, _deleting(renderer), record, unknown="repeat")


def _deleting(renderer: RendererOf) -> Callable[[list[str]], None]:
    def call(image_keys: list[str]) -> None:
        for image_key in image_keys:
            renderer().forget(image_key)

    return call
