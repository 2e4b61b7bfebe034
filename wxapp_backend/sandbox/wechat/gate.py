"""The gate of the API: faults, method, token, quota, then the call itself, then the log."""

import json
import time
from dataclasses import replace

from wxapp_backend.sandbox.accounts import ACCOUNTS, MINI_PROGRAM, OFFICIAL_ACCOUNT, Account
from wxapp_backend.sandbox.state.faults import Fault
from wxapp_backend.sandbox.state.journal import Entry, masked
from wxapp_backend.sandbox.wechat import (
    console,
    credentials,
    customer_service,
    limits,
    links,
    media,
    menus,
    pictures,
    safety,
    templates,
    users,
)
from wxapp_backend.sandbox.wechat.call import (
    Answer,
    Call,
    Endpoint,
    OpenEndpoint,
    Picture,
    Sketch,
)
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.world import World

ENDPOINTS: dict[str, Endpoint] = {
    **console.ENDPOINTS,
    **credentials.ENDPOINTS,
    **customer_service.ENDPOINTS,
    **limits.ENDPOINTS,
    **links.ENDPOINTS,
    **media.ENDPOINTS,
    **menus.ENDPOINTS,
    **pictures.ENDPOINTS,
    **safety.ENDPOINTS,
    **templates.ENDPOINTS,
    **users.ENDPOINTS,
}
PREFIXES = ("cgi-bin", "wxa", "wxaapi", "sns", "v3", "datacube", "card", "customservice")
_GARBAGE = Picture("<html><body>网关繁忙</body></html>".encode(), "text/html; charset=utf-8")
_SILENCE = Picture(b"", "text/plain", 504)
_VERDICTS = {"malformed": 40014, "replaced": 40001, "expired": 42001}


def answer(world: World, call: Call) -> Answer:
    """Answer a call of WeChat's API and write it down."""
    started = time.monotonic()
    with world.lock:
        fault = world.faults.take(call.path)
    result = _answer_with(world, call, fault)
    _write(world, call, result, milliseconds=int((time.monotonic() - started) * 1000))
    return result


def _answer_with(world: World, call: Call, fault: Fault | None) -> Answer:
    """Answer as the fault has it, or truly."""
    if fault is None:
        return _true_answer(world, call)
    if fault.timeout_seconds is not None:
        if fault.after_effect:
            _true_answer(world, call)
        world.stopping.wait(fault.timeout_seconds)
        return _SILENCE
    if fault.is_garbage:
        return _GARBAGE
    if fault.errcode is not None:
        return Refusal(fault.errcode, fault.errmsg).body(call.address)
    world.stopping.wait(fault.delay_seconds or 0)
    return _true_answer(world, replace(call, finish=fault.finish))


def _true_answer(world: World, call: Call) -> Answer:
    result = _result(world, call, ENDPOINTS.get(call.path))
    # A picture takes long: the others need not wait for it.
    return Picture(result.draw(), result.mimetype) if isinstance(result, Sketch) else result


def _result(world: World, call: Call, endpoint: Endpoint | None) -> Answer | Sketch:
    with world.lock:
        if endpoint is None:
            world.journal.note_unbuilt(call.method, call.path)
            return _unknown(call)
        try:
            return _carried_out(world, call, endpoint)
        except Refusal as refusal:
            return refusal.body(call.address)


def _carried_out(world: World, call: Call, endpoint: Endpoint) -> Answer | Sketch:
    if call.method not in endpoint.methods:
        raise Refusal(43002 if "POST" in endpoint.methods else 43001)
    if isinstance(endpoint, OpenEndpoint):
        return endpoint.handle(world, call)
    account = _account_of(world, call)
    if account.kind not in endpoint.kinds:
        raise Refusal(48001)
    refused_by = world.quotas.count(account.kind, call.path, world.now())
    if refused_by is not None:
        raise Refusal(refused_by)
    return endpoint.handle(world, call, account)


def _account_of(world: World, call: Call) -> Account:
    """Find the account whose token the call carries.

    Raises:
        Refusal: 41001, 40014, 40001 or 42001.

    """
    token = call.query.get("access_token", "")
    if not token:
        raise Refusal(41001)
    verdict, kind = world.tokens.judge(token, world.now())
    if verdict != "good" or kind is None:
        raise Refusal(_VERDICTS.get(verdict, 40001))
    return ACCOUNTS[kind]


def _unknown(call: Call) -> Answer:
    """Answer a path that is not built as WeChat answers one it does not know."""
    if call.path.startswith("/v3/"):
        body = {"code": "RESOURCE_NOT_EXISTS", "message": "请求的资源不存在"}
        content = json.dumps(body, ensure_ascii=False).encode()
        return Picture(content, "application/json; charset=utf-8", 404)
    return Refusal(40066).body(call.address)


def _write(world: World, call: Call, result: Answer, *, milliseconds: int) -> None:
    is_picture = isinstance(result, Picture)
    errcode = None if isinstance(result, Picture) else result.get("errcode", 0)
    with world.lock:
        world.journal.add(
            Entry(
                seq=world.next_seq(),
                at=world.clock.now(),
                direction="in",
                method=call.method,
                path=call.path,
                account=_account_name(world, call),
                request=masked({"query": dict(call.query), "body": _body(call)}),
                answer=_described(result),
                status=result.status if isinstance(result, Picture) else 200,
                errcode=errcode if isinstance(errcode, int) else None,
                milliseconds=milliseconds,
                note="file" if is_picture else "",
            )
        )


def _account_name(world: World, call: Call) -> str:
    _, kind = world.tokens.judge(call.query.get("access_token", ""), world.now())
    if kind:
        return kind
    appid = call.query.get("appid")
    kinds = (MINI_PROGRAM, OFFICIAL_ACCOUNT)
    return next((one for one in kinds if ACCOUNTS[one].appid == appid), "")


def _body(call: Call) -> object:
    if call.upload:
        return f"{call.upload.filename} ({len(call.upload.content)} bytes)"
    try:
        return json.loads(call.body) if call.body else None
    except ValueError:
        return call.body[:200].decode("utf-8", "replace")


def _described(result: Answer) -> object:
    if isinstance(result, Picture):
        return f"{result.mimetype} ({len(result.content)} bytes)"
    return masked(result)
