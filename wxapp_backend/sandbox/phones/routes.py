"""The phones' side over HTTP: people and what they do."""

from flask import Blueprint, Response, request

from wxapp_backend.sandbox.accounts import ACCOUNTS, Account
from wxapp_backend.sandbox.phones import actions
from wxapp_backend.sandbox.phones.bodies import Body
from wxapp_backend.sandbox.phones.errors import NoSuchThing, NotValid
from wxapp_backend.sandbox.phones.scanning import read_picture, scan
from wxapp_backend.sandbox.phones.views import (
    account_view,
    accounts_view,
    message_view,
    person_view,
    phone_view,
    unread,
)
from wxapp_backend.sandbox.pictures.avatars import draw_avatar, fit_avatar
from wxapp_backend.sandbox.pictures.codes import NotAPicture
from wxapp_backend.sandbox.state.people import Person
from wxapp_backend.sandbox.world import World

LONGEST_NICKNAME = 64
_WORST_RISK = 4


def make_blueprint(world: World) -> Blueprint:
    """Build the blueprint of one world."""
    blueprint = Blueprint("phones", __name__)
    _add_apps(blueprint, world)
    _add_people(blueprint, world)
    _add_codes(blueprint, world)
    _add_actions(blueprint, world)
    return blueprint


def _person(world: World, person_id: str) -> Person:
    with world.lock:
        person = world.people.find(person_id)
    if person is None:
        raise NoSuchThing("没有这部手机", phone=person_id)
    return person


def _add_apps(blueprint: Blueprint, world: World) -> None:
    @blueprint.get("/_apps")
    def apps() -> list[dict[str, object]]:
        return accounts_view(world)

    @blueprint.post("/_apps/<kind>/verify")
    def verify(kind: str) -> dict[str, object]:
        """Do what saving the callback address in the console does."""
        return {"is_verified": world.courier.verify(_account(kind))}

    @blueprint.post("/_apps/<kind>/binding")
    def binding(kind: str) -> dict[str, object]:
        """Bind an account to the Open Platform, or take it out: then it learns no unionid."""
        is_bound = Body.of(request).allow("bound").flag("bound", default=True)
        account = _account(kind)
        with world.lock:
            (world.bound.add if is_bound else world.bound.discard)(account.kind)
            return account_view(account, world)


def _account(kind: str) -> Account:
    account = next((one for one in ACCOUNTS.values() if one.kind == kind), None)
    if account is None:
        raise NoSuchThing("没有这个账号", kind=kind)
    return account


def _add_people(blueprint: Blueprint, world: World) -> None:
    @blueprint.get("/_phones")
    def phones() -> list[dict[str, object]]:
        with world.lock:
            return [phone_view(world, one) for one in world.people.all()]

    @blueprint.post("/_phones")
    def add_phone() -> tuple[dict[str, object], int]:
        body = Body.of(request).allow("nickname", "avatar", "phone_number", "risk_rank")
        nickname = body.text("nickname", longest=LONGEST_NICKNAME)
        risk_rank = body.number("risk_rank", 0)
        if risk_rank not in range(_WORST_RISK + 1):
            raise NotValid("字段不正确", risk_rank="0 to 4")
        with world.lock:
            earlier = len(world.people.all())
        avatar = _avatar(earlier, body.picture("avatar"))
        number = body.text("phone_number", "", longest=17)
        with world.lock:
            person = world.people.add(nickname, phone_number=number or None, avatar=avatar)
            person.risk_rank = int(risk_rank)
            return person_view(person), 201

    @blueprint.get("/_phones/<person_id>")
    def show(person_id: str) -> dict[str, object]:
        person = _person(world, person_id)
        with world.lock:
            return phone_view(world, person)

    @blueprint.get("/_phones/<person_id>/avatar")
    def avatar(person_id: str) -> Response:
        return Response(_person(world, person_id).avatar, mimetype="image/png")

    @blueprint.get("/_phones/<person_id>/messages")
    def messages(person_id: str) -> list[dict[str, object]]:
        person = _person(world, person_id)
        with world.lock:
            shown = [one for one in world.chats.of(person.id) if not one.is_mine]
        return [message_view(one) for one in reversed(shown)]

    @blueprint.post("/_phones/<person_id>/read")
    def read(person_id: str) -> dict[str, object]:
        """See the messages of one chat, or of all."""
        chat = Body.of(request).allow("chat").text("chat", "", longest=64)
        person = _person(world, person_id)
        with world.lock:
            for one in [chat] if chat else unread(world, person):
                person.read[one] = world.last_seq
            return phone_view(world, person)


def _avatar(number: int, given: bytes | None) -> bytes:
    try:
        return draw_avatar(number) if given is None else fit_avatar(given)
    except NotAPicture as error:
        raise NotValid("这不是图片", avatar=str(error)) from error


def _add_codes(blueprint: Blueprint, world: World) -> None:
    @blueprint.post("/_phones/<person_id>/login-code")
    def login_code(person_id: str) -> dict[str, object]:
        """Open the mini-program, which asks `wx.login` for a code."""
        person = _person(world, person_id)
        with world.lock:
            person.visited_at = world.now()
            return {"code": world.codes.issue("login", person.id, world.now())}

    @blueprint.post("/_phones/<person_id>/phone-code")
    def phone_code(person_id: str) -> dict[str, object]:
        person = _person(world, person_id)
        with world.lock:
            person.visited_at = world.now()
            return {"code": world.codes.issue("phone", person.id, world.now())}


def _add_actions(blueprint: Blueprint, world: World) -> None:
    @blueprint.post("/_phones/<person_id>/follow")
    def follow(person_id: str) -> dict[str, object]:
        scene = Body.of(request).allow("scene").text("scene", "", longest=64)
        return actions.follow(world, _person(world, person_id), scene)

    @blueprint.post("/_phones/<person_id>/unfollow")
    def unfollow(person_id: str) -> dict[str, object]:
        return actions.unfollow(world, _person(world, person_id))

    @blueprint.post("/_phones/<person_id>/scan")
    def scan_code(person_id: str) -> dict[str, object]:
        person = _person(world, person_id)
        return scan(world, person, _scanned_text())

    @blueprint.post("/_phones/<person_id>/send")
    def send(person_id: str) -> dict[str, object]:
        text = Body.of(request).allow("text").text("text")
        return actions.send(world, _person(world, person_id), text)

    @blueprint.post("/_phones/<person_id>/tap-menu")
    def tap_menu(person_id: str) -> dict[str, object]:
        key = Body.of(request).allow("key").text("key")
        return actions.tap_menu(world, _person(world, person_id), key)

    @blueprint.post("/_phones/<person_id>/withdraw")
    def withdraw(person_id: str) -> dict[str, object]:
        body = Body.of(request).allow("template_ids")
        return actions.withdraw(world, _person(world, person_id), body.texts("template_ids"))

    @blueprint.post("/_phones/<person_id>/subscribe")
    def subscribe(person_id: str) -> dict[str, object]:
        body = Body.of(request).allow("template_ids", "accept")
        return actions.consent(
            world,
            _person(world, person_id),
            body.texts("template_ids"),
            is_accepted=body.flag("accept", default=True),
        )


def _scanned_text() -> str:
    """Take what was scanned: a text, a picture in base64 or an uploaded picture."""
    request.get_data()  # kept before a form is parsed, for a JSON body under a form's type
    upload = request.files.get("image")
    if upload:
        return read_picture(upload.read())
    body = Body.of(request).allow("payload", "image")
    picture = body.picture("image")
    return body.text("payload") if picture is None else read_picture(picture)
