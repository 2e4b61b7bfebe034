"""A customer and their own data: the profile, consent, export and erasure."""

from __future__ import annotations

import orjson
from flask import Response

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.storefront import api
from wxapp_backend.features.storefront.api import Front
from wxapp_backend.features.storefront.schemas import (
    ConsentIn,
    ConsentOut,
    ConsentPage,
    MeOut,
    MePatch,
)
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline
from wxapp_backend.infra.http.shapes import Nothing


def make_blueprint(pipeline: Pipeline, front: Front) -> Blueprint:
    """Build the blueprint."""
    blueprint = Blueprint("me", __name__, url_prefix="/api/v1/me", tag="Me")
    link_base = front.settings.server.link_base

    @blueprint.get("")
    @blueprint.output(MeOut)
    @blueprint.doc(summary="My profile, code, points and role")
    @pipeline.customer()
    def show(tx: Tx, caller: Caller) -> MeOut:
        return MeOut.of(api.me(tx, caller.id), link_base)

    @blueprint.patch("")
    @blueprint.input(MePatch)
    @blueprint.output(MeOut)
    @blueprint.doc(summary="Change my nickname, birthday or preferences")
    @pipeline.customer()
    def change(tx: Tx, caller: Caller, json_data: MePatch) -> MeOut:
        identity.update_profile(tx, caller.id, _change(json_data))
        return MeOut.of(api.me(tx, caller.id), link_base)

    @blueprint.post("")
    @blueprint.input(MePatch)
    @blueprint.output(MeOut)
    @blueprint.doc(summary="The same as PATCH, for WeChat's wx.request, which has no PATCH")
    @pipeline.customer()
    def change_by_post(tx: Tx, caller: Caller, json_data: MePatch) -> MeOut:
        identity.update_profile(tx, caller.id, _change(json_data))
        return MeOut.of(api.me(tx, caller.id), link_base)

    @blueprint.delete("")
    @blueprint.output(Nothing)
    @blueprint.doc(summary="Erase me; the ledger stays, pseudonymous")
    @pipeline.customer()
    def erase(tx: Tx, caller: Caller) -> Nothing:
        identity.erase(tx, caller.id)
        return Nothing()

    @blueprint.get("/export")
    @blueprint.doc(summary="Everything held about me, one JSON file", responses={200: "JSON"})
    @pipeline.customer()
    def export(tx: Tx, caller: Caller) -> Response:
        body = orjson.dumps(api.export(tx, caller.id), option=orjson.OPT_INDENT_2)
        answer = Response(body, content_type="application/json")
        answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer

    @blueprint.get("/consents")
    @blueprint.output(ConsentPage)
    @blueprint.doc(summary="My answers to the privacy texts that are in force")
    @pipeline.customer()
    def consents(tx: Tx, caller: Caller) -> ConsentPage:
        found = identity.list_consents(tx, caller.id)
        return ConsentPage(items=[ConsentOut.of(each) for each in found])

    @blueprint.post("/consents")
    @blueprint.input(ConsentIn)
    @blueprint.output(ConsentOut)
    @blueprint.doc(summary="Agree to a text, or withdraw")
    @pipeline.customer()
    def consent(tx: Tx, caller: Caller, json_data: ConsentIn) -> ConsentOut:
        answer = identity.record_consent(
            tx,
            caller.id,
            kind=json_data.kind,
            version=json_data.version,
            granted=json_data.granted,
        )
        return ConsentOut.of(answer)

    return blueprint


def _change(patch: MePatch) -> identity.ProfileChange:
    fields = patch.model_fields_set - {"preferences"}
    if patch.preferences is None:
        return identity.ProfileChange(frozenset(fields), patch.nickname, patch.birthday)
    return identity.ProfileChange(
        frozenset(fields | {"name_style"}),
        patch.nickname,
        patch.birthday,
        patch.preferences.name_form,
    )
