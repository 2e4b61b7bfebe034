"""A customer's picture, phone number and rotating code."""

from __future__ import annotations

from flask import Response

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.storefront import api
from wxapp_backend.features.storefront.api import Front
from wxapp_backend.features.storefront.schemas import (
    AvatarIn,
    AvatarOut,
    PhoneIn,
    PhoneOut,
    TokenOut,
)
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline

_MAX_UPLOAD_BYTES = 6 * 1024 * 1024
"""A picture of 5 MB, the form around it, and room to say that a picture is too large."""

_KEPT_SECONDS = 86_400
"""A picture never changes under its name; a day bounds how long a forgotten one is still seen."""


def make_blueprint(pipeline: Pipeline, front: Front) -> Blueprint:
    """Build the blueprint."""
    blueprint = Blueprint("profile", __name__, url_prefix="/api/v1/me", tag="Me")

    @blueprint.post("/avatar")
    @blueprint.input(AvatarIn, location="files")
    @blueprint.output(AvatarOut)
    @blueprint.doc(summary="Give me this picture")
    @pipeline.customer(transaction=False, max_body_bytes=_MAX_UPLOAD_BYTES)
    def avatar(caller: Caller, files_data: AvatarIn) -> AvatarOut:
        return AvatarOut(avatar_url=_put_on(front, caller.id, files_data.file.read()))

    @blueprint.post("/phone")
    @blueprint.input(PhoneIn)
    @blueprint.output(PhoneOut)
    @blueprint.doc(summary="Note the phone number that WeChat verified")
    @pipeline.customer(transaction=False)
    def phone(caller: Caller, json_data: PhoneIn) -> PhoneOut:
        openid = front.db.read(lambda tx: identity.openid_of(tx, caller.id, "mini_program"))
        number = api.verified_phone(front.wechat, json_data.code, openid)
        masked = front.db.run(lambda tx: identity.attach_phone(tx, caller.id, number))
        return PhoneOut(phone_masked=masked)

    @blueprint.post("/token")
    @blueprint.output(TokenOut)
    @blueprint.doc(summary="My rotating code, for a clerk to scan")
    @pipeline.customer(transaction=False)
    def token(caller: Caller) -> TokenOut:
        def read(tx: Tx) -> TokenOut:
            found = identity.personal_token(tx, caller.id)
            seconds = int((found.expires_at - tx.now).total_seconds())
            return TokenOut(
                token=found.token, expires_at=found.expires_at, expires_in=max(seconds, 1)
            )

        return front.db.read(read)

    return blueprint


def make_pictures(pipeline: Pipeline, front: Front) -> Blueprint:
    """Build the blueprint of the pictures: no token needed, no address guessable."""
    blueprint = Blueprint("avatars", __name__, url_prefix="/media/avatars", tag="Me")

    @blueprint.get("/<name>.jpg")
    @blueprint.doc(summary="The picture of a customer", responses={200: "JPEG"})
    @pipeline.public(transaction=False)
    def picture(name: str) -> Response:
        answer = Response(api.read_avatar(front.storage, name), content_type="image/jpeg")
        answer.headers["Cache-Control"] = f"private, max-age={_KEPT_SECONDS}, immutable"
        return answer

    return blueprint


def _put_on(front: Front, person_id: str, upload: bytes) -> str:
    """Keep the picture, make it the person's, drop the one before; return its address."""
    key = api.keep_avatar(front.storage, front.decoder, upload)

    def change(tx: Tx) -> tuple[str | None, identity.Person]:
        before = identity.set_avatar(tx, person_id, key)
        return before, identity.get_person(tx, person_id)

    before, person = front.db.run(change)
    if before is not None:
        front.storage.delete(before)
    return identity.avatar_url(person, front.settings.server.link_base) or ""
