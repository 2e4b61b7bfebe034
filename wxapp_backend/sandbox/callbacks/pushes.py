"""What WeChat tells the backend: one function for each kind of message and event.

WeChat: 接收普通消息, 接收事件推送, 订阅消息事件推送. Element names and their order are WeChat's.
"""

import secrets
from dataclasses import dataclass

from wxapp_backend.sandbox.accounts import Account
from wxapp_backend.sandbox.state.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One thing to tell the backend.

    Attributes:
        openid: whose doing it was, as the account knows them.
        fields: the XML's elements; they stay the same on every delivery.
        is_answered: the person waits for an answer in the chat.

    """

    account: Account
    person_id: str
    openid: str
    fields: dict[str, object]
    is_answered: bool = True


def _push(
    account: Account,
    person: Person,
    at: int,
    fields: dict[str, object],
    *,
    is_answered: bool = True,
) -> Push:
    openid = person.openids[account.kind]
    common: dict[str, object] = {
        "ToUserName": account.original_id,
        "FromUserName": openid,
        "CreateTime": at,
    }
    return Push(
        account=account,
        person_id=person.id,
        openid=openid,
        fields=common | fields,
        is_answered=is_answered,
    )


def text(account: Account, person: Person, words: str, *, at: int) -> Push:
    """Tell that the person wrote a text."""
    msgid = 24_000_000_000_000_000 + secrets.randbelow(10**15)
    return _push(account, person, at, {"MsgType": "text", "Content": words, "MsgId": msgid})


def followed(account: Account, person: Person, *, scene: str, ticket: str, at: int) -> Push:
    """Tell that the person followed; `scene` is empty when no code led them there."""
    key = f"qrscene_{scene}" if scene else ""
    fields: dict[str, object] = {"MsgType": "event", "Event": "subscribe", "EventKey": key}
    return _push(account, person, at, fields | ({"Ticket": ticket} if scene else {}))


def unfollowed(account: Account, person: Person, *, at: int) -> Push:
    """Tell that the person stopped following; no answer can reach them."""
    fields: dict[str, object] = {"MsgType": "event", "Event": "unsubscribe", "EventKey": ""}
    return _push(account, person, at, fields, is_answered=False)


def scanned(account: Account, person: Person, *, scene: str, ticket: str, at: int) -> Push:
    """Tell that a follower scanned a code with a scene."""
    fields: dict[str, object] = {
        "MsgType": "event",
        "Event": "SCAN",
        "EventKey": scene,
        "Ticket": ticket,
    }
    return _push(account, person, at, fields)


def tapped(account: Account, person: Person, *, event: str, key: str, at: int) -> Push:
    """Tell that the person tapped a menu item; `event` is CLICK, VIEW or view_miniprogram."""
    fields: dict[str, object] = {"MsgType": "event", "Event": event, "EventKey": key}
    if event != "CLICK":
        fields["MenuId"] = "400000001"
    return _push(account, person, at, fields, is_answered=event == "CLICK")


def template_finished(
    account: Account, person: Person, msgid: int, *, status: str, at: int
) -> Push:
    """Tell what became of a template message: `success`, or why it did not reach the phone."""
    fields: dict[str, object] = {
        "MsgType": "event",
        "Event": "TEMPLATESENDJOBFINISH",
        "MsgID": msgid,
        "Status": status,
    }
    return _push(account, person, at, fields, is_answered=False)


def subscription_sent(
    account: Account, person: Person, *, template_id: str, msgid: int, at: int
) -> Push:
    """Tell that a subscription message reached its phone."""
    sent: dict[str, object] = {
        "TemplateId": template_id,
        "MsgID": str(msgid),
        "ErrorCode": "0",
        "ErrorStatus": "success",
    }
    fields: dict[str, object] = {
        "MsgType": "event",
        "Event": "subscribe_msg_sent_event",
        "SubscribeMsgSentEvent": {"List": [sent]},
    }
    return _push(account, person, at, fields, is_answered=False)


def withdrawn(account: Account, person: Person, template_ids: list[str], *, at: int) -> Push:
    """Tell that the person switched templates off in the list of service notices."""
    answers: list[dict[str, object]] = [
        {"TemplateId": template_id, "SubscribeStatusString": "reject"}
        for template_id in template_ids
    ]
    fields: dict[str, object] = {
        "MsgType": "event",
        "Event": "subscribe_msg_change_event",
        "SubscribeMsgChangeEvent": {"List": answers},
    }
    return _push(account, person, at, fields, is_answered=False)


def consented(account: Account, person: Person, results: dict[str, str], *, at: int) -> Push:
    """Tell what the person answered in the consent dialog: by template id, accept or reject."""
    answers: list[dict[str, object]] = [
        {"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": "0"}
        for template_id, status in results.items()
    ]
    fields: dict[str, object] = {
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
        "SubscribeMsgPopupEvent": {"List": answers},
    }
    return _push(account, person, at, fields, is_answered=False)
