"""What a phone's camera makes of a code: the mini-program, the official account, a page, a text."""

from urllib.parse import quote

from wxapp_backend.sandbox.accounts import ACCOUNTS, OFFICIAL_ACCOUNT
from wxapp_backend.sandbox.phones.actions import Told, scan_ticket
from wxapp_backend.sandbox.phones.errors import NotValid
from wxapp_backend.sandbox.pictures.codes import NotAPicture, read_codes
from wxapp_backend.sandbox.state.links import PREFIX
from wxapp_backend.sandbox.state.people import Person
from wxapp_backend.sandbox.state.scene_codes import is_ticket_url
from wxapp_backend.sandbox.world import World

ACCOUNT_URL = "http://weixin.qq.com/r/" + ACCOUNTS[OFFICIAL_ACCOUNT].original_id


def read_picture(content: bytes) -> str:
    """Find the code in a picture.

    Raises:
        NotValid: it is no picture or has no code.

    """
    try:
        texts = read_codes(content)
    except NotAPicture as error:
        raise NotValid("这不是图片", image=str(error)) from error
    if not texts:
        raise NotValid("图片里没有找到码", image="no code found")
    return texts[0]


def scan(world: World, person: Person, payload: str) -> Told:
    """Scan the text of a code and say what opens."""
    with world.lock:
        mini = world.scene_codes.read_mini(payload)
        ticket = world.scene_codes.find_by_url(payload, world.now())
        link = world.links.find(payload, world.now())
        rule = world.options.link_rule
        link_page = world.options.link_page
    if mini:
        return {"opens": "mini_program", "path": mini.page, "query": mini.query}
    if link:
        return {"opens": "mini_program", "path": link.path, "query": link.query}
    if ticket:
        return scan_ticket(world, person, ticket.scene, ticket.ticket)
    if payload == ACCOUNT_URL:
        return scan_ticket(world, person, "", "")
    return _opened_text(payload, rule, link_page)


def _opened_text(payload: str, rule: str, link_page: str) -> Told:
    """Say what a text opens that no account made."""
    if is_ticket_url(payload) or payload.startswith(PREFIX):
        return {"opens": "nothing", "message": "该链接已失效"}
    if payload.startswith(rule) and payload != rule:
        query = "q=" + quote(payload, safe="")
        return {"opens": "mini_program", "path": link_page, "query": query}
    if payload.startswith(("http://", "https://")):
        return {"opens": "url", "url": payload}
    return {"opens": "text", "text": payload}
