"""HTTP surface of posters."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request, send_file

from wxapp_backend.features.posters.domain import DEFAULT_TEMPLATE, Wish
from wxapp_backend.features.posters.errors import PosterNotFound
from wxapp_backend.features.posters.schemas import (
    PosterIn,
    PosterOut,
    SizeShape,
    TemplateItem,
    TemplatePage,
)
from wxapp_backend.features.posters.service.rendering import PosterRenderer, picture_key
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline

_PREVIEW_SECONDS = 3600


def make_blueprint(pipeline: Pipeline, renderer: PosterRenderer) -> Blueprint:
    """Build the blueprint of the API."""
    blueprint = Blueprint("posters", __name__, url_prefix="/api/v1/posters", tag="Posters")

    @blueprint.get("/templates")
    @blueprint.output(TemplatePage)
    @blueprint.doc(summary="Templates to choose from; each renders for every customer")
    @pipeline.customer(transaction=False)
    def templates(_caller: Caller) -> TemplatePage:
        return TemplatePage(
            items=[
                TemplateItem(
                    name=template.name,
                    title=template.title,
                    preview_url=renderer.address_of(
                        f"poster-templates/{template.name}/preview.jpg"
                    ),
                    sizes=[SizeShape(width=s.width, height=s.height) for s in template.sizes],
                )
                for template in sorted(
                    renderer.registry.templates(), key=lambda each: each.name != DEFAULT_TEMPLATE
                )
                if not template.is_print
            ]
        )

    @blueprint.post("")
    @blueprint.input(PosterIn)
    @blueprint.output(PosterOut)
    @blueprint.doc(summary="Make my poster")
    @pipeline.customer(transaction=False)
    def make(caller: Caller, json_data: PosterIn) -> PosterOut:
        size = (json_data.size.width, json_data.size.height) if json_data.size else None
        wish = Wish(json_data.campaign_id, json_data.template, json_data.code_kind, size)
        made = renderer.make(caller.id, wish)
        return PosterOut(
            id=made.poster_id,
            image_url=renderer.address_of(picture_key(made.image_key)),
            width=made.size[0],
            height=made.size[1],
            payload=made.code.payload,
            code_kind=made.code.kind,
            template=made.template,
        )

    return blueprint


def make_pictures(pipeline: Pipeline, renderer: PosterRenderer) -> Blueprint:
    """Build the blueprint of the pictures: no token needed, no address guessable."""
    blueprint = Blueprint("poster_pictures", __name__, url_prefix="/media", tag="Posters")

    @blueprint.get("/posters/<image_key>.jpg")
    @blueprint.doc(summary="The picture of a poster", responses={200: "JPEG"})
    @pipeline.public(transaction=False)
    def picture(image_key: str) -> Response:
        layout = renderer.find(image_key)
        answer = Response(content_type="image/jpeg")
        answer.headers["Cache-Control"] = "private, no-cache"  # ask again: it may show other things
        if request.if_none_match.contains(layout.key):
            answer.set_etag(layout.key)
            answer.status_code = HTTPStatus.NOT_MODIFIED  # and nothing was drawn
            return answer
        picture = renderer.draw(layout)
        answer.set_data(picture.data)
        answer.set_etag(picture.key)
        return answer

    @blueprint.get("/poster-templates/<name>/preview.jpg")
    @blueprint.doc(summary="The preview of a template", responses={200: "JPEG"})
    @pipeline.public(transaction=False)
    def preview(name: str) -> Response:
        template = renderer.registry.find(name)
        if template is None or not template.preview.is_file():
            raise PosterNotFound
        return send_file(template.preview, mimetype="image/jpeg", max_age=_PREVIEW_SECONDS)

    return blueprint
