"""What goes from one phone to another without the shop: words, pictures, cards; and the albums."""

import io

from flask import Blueprint, Response, request
from PIL import Image, UnidentifiedImageError

from wxapp_backend.sandbox.phones.bodies import Body
from wxapp_backend.sandbox.phones.errors import NoSuchThing, NotValid
from wxapp_backend.sandbox.phones.views import message_view, picture_view
from wxapp_backend.sandbox.state.albums import Picture
from wxapp_backend.sandbox.state.chats import Content
from wxapp_backend.sandbox.state.people import Person
from wxapp_backend.sandbox.wechat.templates import page_opens
from wxapp_backend.sandbox.world import World

_KEPT_SECONDS = 86_400
_FORMATS = frozenset({"PNG", "JPEG", "GIF", "WEBP"})


def make_blueprint(world: World) -> Blueprint:
    """Build the blueprint of one world."""
    blueprint = Blueprint("friends", __name__)

    @blueprint.post("/_phones/<person_id>/share")
    def share(person_id: str) -> tuple[dict[str, object], int]:
        """Send a friend words, a picture, or a card that opens a page of the mini-program."""
        body = Body.of(request).allow("to", "text", "title", "path", "image")
        content = _content(world, body)
        with world.lock:
            sender, receiver = _person(world, person_id), _person(world, body.text("to"))
            if sender is receiver:
                raise NotValid("不能发给自己", to="another phone")
            mine = world.show_friend(sender, receiver, content)
            return message_view(mine), 201

    @blueprint.post("/_phones/<person_id>/album")
    def save(person_id: str) -> tuple[dict[str, object], int]:
        body = Body.of(request).allow("image")
        picture = _picture(world, body)
        if picture is None:
            raise NotValid("字段不正确", image="a picture in base64")
        with world.lock:
            world.albums.add(_person(world, person_id).id, picture)
        return picture_view(picture), 201

    @blueprint.get("/_pictures/<picture_id>")
    def show(picture_id: str) -> Response:
        with world.lock:
            picture = world.albums.find(picture_id)
        if picture is None:
            raise NoSuchThing("没有这张图片", picture=picture_id)
        response = Response(picture.content, mimetype=picture.mimetype)
        response.cache_control.max_age = _KEPT_SECONDS  # its name is the hash of its bytes
        return response

    return blueprint


def _person(world: World, person_id: str) -> Person:
    person = world.people.find(person_id)
    if person is None:
        raise NoSuchThing("没有这部手机", phone=person_id)
    return person


def _content(world: World, body: Body) -> Content:
    """Read what is sent: exactly one of a card, a picture and words."""
    picture = _picture(world, body)
    picture_id = picture.id if picture else ""
    if body.has("path"):
        title = body.text("title", longest=200)
        opens = page_opens(body.text("path", longest=1024))
        return Content(title=title, text=title, opens=opens, picture_id=picture_id)
    if picture:
        return Content(text="[图片]", picture_id=picture_id)
    return Content(text=body.text("text"))


def _picture(world: World, body: Body) -> Picture | None:
    """Take a picture as it is, once it is known to be one."""
    content = body.picture("image")
    if content is None:
        return None
    try:
        with Image.open(io.BytesIO(content)) as opened:
            opened.verify()
            name = opened.format or ""
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotValid("这不是图片", image="not a picture") from error
    if name not in _FORMATS:
        raise NotValid("这种图片打不开", image="PNG, JPEG, GIF or WebP")
    with world.lock:
        return world.albums.keep(content, f"image/{name.lower()}")
