"""How people, messages and faults look in JSON."""

from wxapp_backend.sandbox.accounts import ACCOUNTS, Account, Kind
from wxapp_backend.sandbox.state.albums import Picture
from wxapp_backend.sandbox.state.chats import Channel, Content, Message
from wxapp_backend.sandbox.state.faults import Fault
from wxapp_backend.sandbox.state.people import Person
from wxapp_backend.sandbox.world import World

_CHATS: dict[Channel, str] = {
    "template": "official_account",
    "customer_service": "official_account",
    "reply": "official_account",
    "sent": "official_account",
    "subscription": "service_notices",
}


def account_view(account: Account, world: World) -> dict[str, object]:
    """Describe an account with all that its owner would copy from the console."""
    return {
        "kind": account.kind,
        "name": account.name,
        "appid": account.appid,
        "secret": account.secret,
        "original_id": account.original_id,
        "token": account.token,
        "encoding_aes_key": account.encoding_aes_key,
        "callback_url": world.options.backend + account.callback_path,
        "callback_mode": world.options.mode,
        "is_bound": account.kind in world.bound,
        "templates": [
            {
                "template_id": one.template_id,
                "title": one.title,
                "keys": [{"key": line.key, "label": line.label} for line in one.keywords],
            }
            for one in account.templates
        ],
    }


def accounts_view(world: World) -> list[dict[str, object]]:
    """Describe both accounts."""
    return [account_view(one, world) for one in ACCOUNTS.values()]


def person_view(person: Person) -> dict[str, object]:
    """Describe a person."""
    openids: dict[Kind, str] = dict(person.openids)
    return {
        "id": person.id,
        "nickname": person.nickname,
        "phone_number": person.phone_number,
        "avatar_url": f"/_phones/{person.id}/avatar",
        "unionid": person.unionid,
        "openids": openids,
        "is_following": person.following is not None,
        "rights": dict(person.rights),
        "risk_rank": person.risk_rank,
    }


def phone_view(world: World, person: Person) -> dict[str, object]:
    """Describe a person with what their phone shows at a glance."""
    messages = world.chats.of(person.id)
    return {
        **person_view(person),
        "unread": unread(world, person),
        "last_message": message_view(messages[-1]) if messages else None,
        "album": [picture_view(one) for one in world.albums.of(person.id)],
    }


def unread(world: World, person: Person) -> dict[str, int]:
    """Count the messages not seen yet, by chat."""
    counts = {"official_account": 0, "service_notices": 0}
    for one in world.chats.of(person.id):
        if not one.is_mine:
            chat = _chat(one)
            counts[chat] = counts.get(chat, 0) + (one.seq > person.read.get(chat, 0))
    return counts


def _chat(message: Message) -> str:
    """Name the chat that a message stands in."""
    friend = message.content.friend_id
    return f"friend:{friend}" if friend else _CHATS[message.channel]


def picture_view(picture: Picture) -> dict[str, object]:
    """Describe a picture of an album."""
    return {"id": picture.id, "url": _picture_url(picture.id)}


def _picture_url(picture_id: str) -> str:
    return f"/_pictures/{picture_id}"


def message_view(message: Message) -> dict[str, object]:
    """Describe a message as its reader sees it."""
    content = message.content
    return {
        "id": f"m{message.seq}",
        "seq": message.seq,
        "phone_id": message.person_id,
        "at": message.at.isoformat(timespec="milliseconds"),
        "channel": message.channel,
        "chat": _chat(message),
        "title": content.title,
        "text": content.text,
        "parts": [{"text": one.text, "opens": one.opens} for one in content.parts],
        "fields": [
            {"key": one.key, "label": one.label, "value": one.value} for one in content.lines
        ],
        "opens": content.opens,
        "image_url": _image_url(content),
        "is_notice": content.is_notice,
    }


def _image_url(content: Content) -> str | None:
    if content.picture_id:
        return _picture_url(content.picture_id)
    return f"/_media/{content.media_id}" if content.media_id else None


def fault_view(fault: Fault) -> dict[str, object]:
    """Describe a fault that is on."""
    view: dict[str, object] = {"id": fault.id, "path": fault.path, "times": fault.left}
    said = {
        "errcode": fault.errcode,
        "errmsg": fault.errmsg,
        "timeout": fault.timeout_seconds,
        "delay": fault.delay_seconds,
        "garbage": fault.is_garbage,
        "after_effect": fault.after_effect,
        "finish": fault.finish,
        "duplicate": fault.duplicate,
        "reorder": fault.is_reordered,
    }
    return view | {name: value for name, value in said.items() if value not in (None, False, "", 0)}
