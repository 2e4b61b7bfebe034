"""The world over HTTP: the clock, the faults, the log, and what the page polls."""

from flask import Blueprint, Response, request

from wxapp_backend.sandbox.accounts import ACCOUNTS
from wxapp_backend.sandbox.phones.bodies import Body
from wxapp_backend.sandbox.phones.errors import NoSuchThing, NotValid
from wxapp_backend.sandbox.phones.views import fault_view, message_view, phone_view
from wxapp_backend.sandbox.state.faults import Fault
from wxapp_backend.sandbox.wechat.templates import FAILURES, TEMPLATE_SEND
from wxapp_backend.sandbox.world import World

DEFAULT_TIMEOUT_SECONDS = 15.0
_LONGEST_TIMEOUT_SECONDS = 600.0
_API_KINDS = ("errcode", "timeout", "delay", "garbage", "finish")
_CALLBACK_KINDS = ("duplicate", "reorder")


def make_blueprint(world: World) -> Blueprint:
    """Build the blueprint of one world."""
    blueprint = Blueprint("world", __name__)
    _add_clock(blueprint, world)
    _add_faults(blueprint, world)
    _add_log(blueprint, world)
    return blueprint


def _clock_view(world: World) -> dict[str, object]:
    clock = world.clock
    return {
        "now": clock.now().isoformat(timespec="microseconds"),
        "ahead_seconds": clock.ahead_seconds,
    }


def _add_clock(blueprint: Blueprint, world: World) -> None:
    @blueprint.get("/_clock")
    def clock() -> dict[str, object]:
        return _clock_view(world)

    @blueprint.post("/_clock")
    def advance() -> dict[str, object]:
        seconds = Body.of(request).allow("advance_seconds").number("advance_seconds")
        try:
            with world.lock:
                world.clock.advance(seconds)
        except ValueError as error:
            raise NotValid("时钟只能向前拨", advance_seconds="0 or more") from error
        return _clock_view(world)

    @blueprint.post("/_reset")
    def reset() -> dict[str, object]:
        world.reset()
        return {"epoch": world.epoch, **_clock_view(world)}


def _add_faults(blueprint: Blueprint, world: World) -> None:
    @blueprint.get("/_faults")
    def faults() -> list[dict[str, object]]:
        with world.lock:
            return [fault_view(one) for one in world.faults.all()]

    @blueprint.post("/_faults")
    def add_fault() -> tuple[dict[str, object], int]:
        fault = _read_fault(Body.of(request))
        with world.lock:
            return fault_view(world.faults.add(fault)), 201

    @blueprint.delete("/_faults")
    def clear_faults() -> Response:
        with world.lock:
            world.faults.remove(None)
        return Response(status=204)

    @blueprint.delete("/_faults/<int:fault_id>")
    def remove_fault(fault_id: int) -> Response:
        with world.lock:
            world.faults.remove(fault_id)
        return Response(status=204)


def _read_fault(body: Body) -> Fault:
    """Read one fault: exactly one kind of it, on a path where that kind can happen."""
    body.allow("path", "times", "errmsg", "after_effect", *_API_KINDS, *_CALLBACK_KINDS)
    path = "/" + body.text("path").lstrip("/")
    is_callback = path in {one.callback_path for one in ACCOUNTS.values()}
    kinds = body.one_of((*_API_KINDS, *_CALLBACK_KINDS))
    allowed = _CALLBACK_KINDS if is_callback else _API_KINDS
    if len(kinds) != 1 or kinds[0] not in allowed:
        raise NotValid("请选择一种故障", kind="exactly one of " + ", ".join(allowed))
    finish = body.text("finish", "")
    if finish and (path != TEMPLATE_SEND or finish not in FAILURES):
        raise NotValid("字段不正确", finish=" or ".join(FAILURES) + f", on {TEMPLATE_SEND}")
    times = body.number("times", 1)
    if times < 1:
        raise NotValid("字段不正确", times="1 or more")
    fault = Fault(path=path, left=int(times), errmsg=body.text("errmsg", ""), finish=finish)
    fault.errcode = int(body.number("errcode")) if body.has("errcode") else None
    fault.timeout_seconds = _seconds(body, "timeout")
    fault.delay_seconds = _seconds(body, "delay")
    fault.is_garbage = body.has("garbage")
    fault.after_effect = body.flag("after_effect", default=False)
    fault.is_reordered = body.has("reorder")
    fault.duplicate = _count(body, "duplicate")
    return fault


def _seconds(body: Body, name: str) -> float | None:
    """Take a time in seconds; `true` is long enough for any client to give up."""
    if not body.has(name):
        return None
    if body.raw(name) is True:
        return DEFAULT_TIMEOUT_SECONDS
    seconds = body.number(name)
    if not 0 < seconds <= _LONGEST_TIMEOUT_SECONDS:
        raise NotValid("字段不正确", **{name: "seconds, more than 0 and at most 600"})
    return seconds


def _count(body: Body, name: str) -> int:
    if not body.has(name):
        return 0
    return 1 if body.raw(name) is True else int(body.number(name))


def _add_log(blueprint: Blueprint, world: World) -> None:
    @blueprint.get("/_healthz")
    def health() -> dict[str, object]:
        return {"status": "ok"}

    @blueprint.get("/_log")
    def log() -> dict[str, object]:
        since = _since()
        with world.lock:
            entries = [one.view() for one in world.journal.since(since)]
            return {"seq": world.last_seq, "items": entries, "unbuilt": world.journal.unbuilt()}

    @blueprint.get("/_state")
    def state() -> dict[str, object]:
        since = _since()
        with world.lock:
            return {
                "world": world.name,
                "epoch": world.epoch,
                "seq": world.last_seq,
                "clock": _clock_view(world),
                "backend": world.options.backend,
                "mode": world.options.mode,
                "mini_program": world.mini_program,
                "menu": world.menu,
                "phones": [phone_view(world, one) for one in world.people.all()],
                "messages": [message_view(one) for one in world.chats.since(since)],
                "faults": [fault_view(one) for one in world.faults.all()],
                "log": [one.view() for one in world.journal.since(since)],
                "unbuilt": world.journal.unbuilt(),
            }

    @blueprint.get("/_media/<media_id>")
    def medium(media_id: str) -> Response:
        with world.lock:
            found = world.media.find_sent(media_id)
        if found is None:
            raise NoSuchThing("图片已过期", media=media_id)
        return Response(found.content, mimetype=found.mimetype)


def _since() -> int:
    text = request.args.get("since", "0")
    if not text.isdigit():
        raise NotValid("字段不正确", since="a number")
    return int(text)
