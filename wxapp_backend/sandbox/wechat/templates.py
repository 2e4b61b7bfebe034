"""Messages by template: the official account's and the mini-program's subscription messages.

WeChat: 发送模板消息, 发送订阅消息. Checked in order: token, template, recipient, values.
"""

import re
from collections.abc import Mapping

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT, Account
from wxapp_backend.sandbox.callbacks.pushes import subscription_sent, template_finished
from wxapp_backend.sandbox.message_templates import MessageTemplate
from wxapp_backend.sandbox.state.chats import Content, Line
from wxapp_backend.sandbox.state.people import Person
from wxapp_backend.sandbox.wechat.call import POST, Answer, Call, Endpoint, TokenEndpoint, text_of
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.wechat.values import is_valid, without_emoji
from wxapp_backend.sandbox.world import World

TEMPLATE_SEND = "/cgi-bin/message/template/send"
# The two ways a message fails after it was accepted; WeChat writes the space in one of them only.
FAILURES = ("failed:user block", "failed: system failed")
DEDUPE_SECONDS = 600  # WeChat: client_msg_id, once per openid within ten minutes
_LONGEST_URL = 1024
_MARKETING = re.compile(r"优惠促销|限时抢购|点击领取|全场\d折")
_STATES = frozenset({"developer", "trial", "formal"})


def _send_template(world: World, call: Call, account: Account) -> Answer:
    body = call.json()
    template = account.template(body.get("template_id"))
    if template is None:
        raise Refusal(40037)
    person = world.person_by_openid(OFFICIAL_ACCOUNT, body.get("touser"))
    if person is None:
        raise Refusal(40003)
    if person.following is None:
        raise Refusal(43004)
    lines = _lines(template, body.get("data"), strip=True)
    if any(_MARKETING.search(line.value) for line in lines):
        raise Refusal(40249)
    opens = _opens(body)
    earlier = _earlier(world, person, text_of(body.get("client_msg_id")))
    if earlier is not None:
        return {"errcode": 0, "errmsg": "ok", "msgid": earlier}
    status = call.finish or "success"
    msgid = 2_000_000_000 + world.next_seq()
    if status == "success":
        world.show(person, "template", _content(template, lines, opens))
    _remember(world, person, text_of(body.get("client_msg_id")), msgid)
    world.courier.later(
        template_finished(account, person, msgid, status=status, at=int(world.now()))
    )
    return {"errcode": 0, "errmsg": "ok", "msgid": msgid}


def _send_subscription(world: World, call: Call, account: Account) -> Answer:
    body = call.json()
    template = account.template(body.get("template_id"))
    if template is None:
        raise Refusal(40037)
    person = world.person_by_openid(MINI_PROGRAM, body.get("touser"))
    if person is None:
        raise Refusal(40003)
    if person.rights.get(template.template_id, 0) < 1:
        raise Refusal(43101)
    lines = _lines(template, body.get("data"), strip=False)
    if body.get("miniprogram_state", "formal") not in _STATES:
        raise Refusal(40097)
    page = text_of(body.get("page"))
    person.rights[template.template_id] -= 1
    message = world.show(
        person, "subscription", _content(template, lines, page_opens(page) if page else None)
    )
    msgid = 3_000_000_000 + message.seq
    world.courier.later(
        subscription_sent(
            account,
            person,
            template_id=template.template_id,
            msgid=msgid,
            at=int(world.now()),
        )
    )
    return {"errcode": 0, "errmsg": "ok", "msgid": msgid}


def _lines(template: MessageTemplate, data: object, *, strip: bool) -> tuple[Line, ...]:
    """Check every value by the type in its key; keys the template lacks are dropped silently.

    Raises:
        Refusal: 47003 naming the first key that is missing or wrong.

    """
    if not isinstance(data, dict):
        raise Refusal(47003, "data is not an object")
    lines = []
    for keyword in template.keywords:
        given = data.get(keyword.key)
        value = given.get("value") if isinstance(given, dict) else None
        text = str(value) if isinstance(value, str | int | float) else ""
        text = without_emoji(text) if strip else text
        if not text.strip():
            raise Refusal(47003, f"data.{keyword.key}.value is empty")
        if not is_valid(keyword.key, text):
            raise Refusal(47003, f"data.{keyword.key}.value invalid")
        lines.append(Line(keyword.key, keyword.label, text))
    return tuple(lines)


def _content(
    template: MessageTemplate, lines: tuple[Line, ...], opens: dict[str, str] | None
) -> Content:
    text = "\n".join([template.title, *(f"{line.label}：{line.value}" for line in lines)])
    return Content(title=template.title, text=text, lines=lines, opens=opens)


def _opens(body: Mapping[str, object]) -> dict[str, str] | None:
    """Say what a tap opens: the mini-program before the link."""
    target = body.get("miniprogram")
    url = text_of(body.get("url"))
    if len(url) > _LONGEST_URL:
        raise Refusal(40039)
    if isinstance(target, dict) and target.get("appid"):
        return page_opens(text_of(target.get("pagepath")))
    return {"opens": "url", "url": url} if url else None


def page_opens(page: str) -> dict[str, str]:
    """Describe a tap that opens a page of the mini-program, given with its query."""
    path, _, query = page.lstrip("/").partition("?")
    return {"opens": "mini_program", "path": path, "query": query}


def _earlier(world: World, person: Person, client_msg_id: str) -> int | None:
    """Find the number of the same message sent within ten minutes."""
    at, msgid = world.sent.get((person.id, client_msg_id), (0.0, 0))
    is_same = client_msg_id and world.now() - at < DEDUPE_SECONDS
    return msgid if is_same else None


def _remember(world: World, person: Person, client_msg_id: str, msgid: int) -> None:
    if client_msg_id:
        world.sent[person.id, client_msg_id] = (world.now(), msgid)


ENDPOINTS: dict[str, Endpoint] = {
    TEMPLATE_SEND: TokenEndpoint(_send_template, POST, frozenset({OFFICIAL_ACCOUNT})),
    "/cgi-bin/message/subscribe/send": TokenEndpoint(
        _send_subscription, POST, frozenset({MINI_PROGRAM})
    ),
}
