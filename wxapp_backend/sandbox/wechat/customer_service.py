"""Customer-service messages of both accounts, inside their windows.

WeChat: 发送客服消息. Error codes 45015 and 45047 as the general table has them.
"""

from collections.abc import Callable, Mapping

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT, Account
from wxapp_backend.sandbox.callbacks.replies import article, text_content
from wxapp_backend.sandbox.state.chats import Content
from wxapp_backend.sandbox.wechat.call import (
    OK,
    POST,
    Answer,
    Call,
    Endpoint,
    TokenEndpoint,
    text_of,
)
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.wechat.templates import page_opens
from wxapp_backend.sandbox.world import World

_MOST_ARTICLES = 1


def _send(world: World, call: Call, account: Account) -> Answer:
    body = call.json()
    person = world.person_by_openid(account.kind, body.get("touser"))
    if person is None:
        raise Refusal(40003)
    reader = _READERS[account.kind].get(text_of(body.get("msgtype")))
    if reader is None:
        raise Refusal(40008)
    given = body.get(text_of(body.get("msgtype")))
    if not isinstance(given, dict):
        raise Refusal(47001)
    content = reader(world, account, given)
    now = world.now()
    # Only the official account has a chat here, and so only there a window can be open.
    if account.kind == MINI_PROGRAM or not person.windows.is_open(now):
        raise Refusal(45015)
    if not person.windows.take(now):
        raise Refusal(45047)
    world.show(person, "customer_service", content)
    return OK


def _typing(world: World, call: Call, account: Account) -> Answer:
    body = call.json()
    person = world.person_by_openid(account.kind, body.get("touser"))
    if person is None:
        raise Refusal(40003)
    if not person.windows.is_open(world.now()):
        raise Refusal(45015)
    return OK


def _text(_: World, _account: Account, given: Mapping[str, object]) -> Content:
    words = text_of(given.get("content"))
    if not words:
        raise Refusal(44004)
    return text_content(words, longest_error=Refusal(45002))


def _image(world: World, account: Account, given: Mapping[str, object]) -> Content:
    medium = world.media.find(account.kind, given.get("media_id"), world.now())
    if medium is None:
        raise Refusal(40007)
    if medium.kind != "image":
        raise Refusal(40004)
    return Content(text="[图片]", media_id=medium.media_id)


def _news(_: World, _account: Account, given: Mapping[str, object]) -> Content:
    articles = given.get("articles")
    if not isinstance(articles, list) or not articles or not isinstance(articles[0], dict):
        raise Refusal(47001)
    if len(articles) > _MOST_ARTICLES:
        raise Refusal(45008)
    return article(articles[0])


def _link(_: World, _account: Account, given: Mapping[str, object]) -> Content:
    return article(given)


def _page(world: World, account: Account, given: Mapping[str, object]) -> Content:
    cover = given.get("thumb_media_id")
    if cover and world.media.find(account.kind, cover, world.now()) is None:
        raise Refusal(40007)
    title = text_of(given.get("title"))
    return Content(
        title=title,
        text=title,
        media_id=text_of(cover),
        opens=page_opens(text_of(given.get("pagepath"))),
    )


def _menu(_: World, _account: Account, given: Mapping[str, object]) -> Content:
    choices = given.get("list")
    lines = [
        text_of(one.get("content"))
        for one in (choices if isinstance(choices, list) else [])
        if isinstance(one, dict)
    ]
    words = [text_of(given.get("head_content")), *lines, text_of(given.get("tail_content"))]
    return Content(text="\n".join(one for one in words if one))


_Reader = Callable[[World, Account, Mapping[str, object]], Content]
_BOTH: dict[str, _Reader] = {"text": _text, "image": _image, "miniprogrampage": _page}
_READERS: dict[str, dict[str, _Reader]] = {
    MINI_PROGRAM: {**_BOTH, "link": _link},
    OFFICIAL_ACCOUNT: {**_BOTH, "news": _news, "msgmenu": _menu},
}
_KINDS = frozenset({MINI_PROGRAM, OFFICIAL_ACCOUNT})
ENDPOINTS: dict[str, Endpoint] = {
    "/cgi-bin/message/custom/send": TokenEndpoint(_send, POST, _KINDS),
    "/cgi-bin/message/custom/typing": TokenEndpoint(_typing, POST, frozenset({OFFICIAL_ACCOUNT})),
}
