"""What a person does with the phone; callbacks leave here and answers come back."""

from wxapp_backend.sandbox.accounts import ACCOUNTS, MINI_PROGRAM, OFFICIAL_ACCOUNT
from wxapp_backend.sandbox.callbacks import pushes
from wxapp_backend.sandbox.callbacks.pushes import Push
from wxapp_backend.sandbox.phones.errors import NotValid
from wxapp_backend.sandbox.phones.views import message_view
from wxapp_backend.sandbox.state.chats import Content
from wxapp_backend.sandbox.state.people import Following, Person
from wxapp_backend.sandbox.wechat.templates import page_opens
from wxapp_backend.sandbox.world import World

MOST_TEMPLATES = 5  # WeChat: wx.requestSubscribeMessage
_OFFICIAL = ACCOUNTS[OFFICIAL_ACCOUNT]
_MINI = ACCOUNTS[MINI_PROGRAM]

Told = dict[str, object]


def follow(world: World, person: Person, scene: str) -> Told:
    """Follow the official account, by the code with `scene` when there is one."""
    with world.lock:
        now = world.now()
        ticket = world.scene_codes.find_by_scene(scene, now) if scene else None
        if scene and ticket is None:
            # A code that was printed elsewhere: the phone saw it, so there is one.
            ticket = world.scene_codes.add_ticket(scene, None)
        push = _arrive(world, person, scene, ticket.ticket if ticket else "")
    return _tell(world, push)


def _arrive(world: World, person: Person, scene: str, ticket: str) -> Push | None:
    """Follow, or be seen scanning by an account already followed; None when nothing happens."""
    now = world.now()
    person.windows.open_by_touch(now)
    if person.following is None:
        via = "ADD_SCENE_QR_CODE" if scene else "ADD_SCENE_SEARCH"
        person.following = Following(now, via, scene)
        return pushes.followed(_OFFICIAL, person, scene=scene, ticket=ticket, at=int(now))
    if scene:
        return pushes.scanned(_OFFICIAL, person, scene=scene, ticket=ticket, at=int(now))
    return None


def scan_ticket(world: World, person: Person, scene: str, ticket: str) -> Told:
    """Scan a code of the official account; someone who does not follow yet does so."""
    with world.lock:
        push = _arrive(world, person, scene, ticket)
    event = str(push.fields["Event"]) if push else "view"
    told: Told = {"opens": "official_account", "event": event, "scene": scene}
    return told | _tell(world, push)


def unfollow(world: World, person: Person) -> Told:
    """Stop following; nothing more can be sent to this person."""
    with world.lock:
        if person.following is None:
            return {"replies": []}
        person.following = None
        person.windows.close()
        push = pushes.unfollowed(_OFFICIAL, person, at=int(world.now()))
    return _tell(world, push)


def send(world: World, person: Person, words: str) -> Told:
    """Write a text in the official account's chat."""
    with world.lock:
        now = world.now()
        world.show(person, "sent", Content(text=words))
        person.windows.open_by_message(now)
        push = pushes.text(_OFFICIAL, person, words, at=int(now))
    return _tell(world, push)


def tap_menu(world: World, person: Person, key: str) -> Told:
    """Tap a menu item: its key, its link, its page or its name."""
    with world.lock:
        now = world.now()
        item = _menu_item(world.menu, key)
        kind = str(item.get("type", "click"))
        person.windows.open_by_touch(now)
        if kind == "view":
            opens: Told = {"opens": "url", "url": item.get("url", "")}
            event, told_key = "VIEW", str(item.get("url", ""))
        elif kind == "miniprogram":
            opens = dict(page_opens(str(item.get("pagepath", ""))))
            event, told_key = "view_miniprogram", str(item.get("pagepath", ""))
        else:
            opens, event, told_key = {}, "CLICK", str(item.get("key", key))
        push = pushes.tapped(_OFFICIAL, person, event=event, key=told_key, at=int(now))
    return opens | _tell(world, push)


def _menu_item(menu: list[dict[str, object]], key: str) -> dict[str, object]:
    """Find a menu item.

    A key that is not in the menu counts as a click on it: phones show an old menu for a while.
    """
    for button in menu:
        inner = button.get("sub_button")
        items = [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []
        for item in items or [button]:
            if key in {item.get("key"), item.get("url"), item.get("pagepath"), item.get("name")}:
                return item
    return {"type": "click", "key": key}


def consent(world: World, person: Person, template_ids: list[str], *, is_accepted: bool) -> Told:
    """Answer the consent dialog of the mini-program; each yes is the right to one message.

    Raises:
        NotValid: with WeChat's codes 10001, 20001, 20003 in the details.

    """
    if not template_ids:
        raise NotValid("没有选择模板", errCode=10001)
    if len(template_ids) > MOST_TEMPLATES:
        raise NotValid("一次最多订阅 5 个模板", errCode=20003)
    if any(_MINI.template(one) is None for one in template_ids):
        raise NotValid("没有这个模板", errCode=20001)
    status = "accept" if is_accepted else "reject"
    results = dict.fromkeys(template_ids, status)
    with world.lock:
        for template_id in results if is_accepted else ():
            person.rights[template_id] = person.rights.get(template_id, 0) + 1
        push = pushes.consented(_MINI, person, results, at=int(world.now()))
    return {"template_results": results, **_tell(world, push)}


def withdraw(world: World, person: Person, template_ids: list[str]) -> Told:
    """Switch templates off in the list of service notices: what was agreed to is gone.

    Raises:
        NotValid: one of them is no template of the mini-program, or none is given.

    """
    if not template_ids or any(_MINI.template(one) is None for one in template_ids):
        raise NotValid("没有这个模板", errCode=20001)
    with world.lock:
        for template_id in template_ids:
            person.rights.pop(template_id, None)
        push = pushes.withdrawn(_MINI, person, template_ids, at=int(world.now()))
    return _tell(world, push)


def _tell(world: World, push: Push | None) -> Told:
    """Deliver a push, with the lock free, and describe what came back."""
    replies = world.courier.deliver(push) if push else []
    return {"replies": [message_view(one) for one in replies]}
