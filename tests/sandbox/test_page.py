"""The page of the sandbox is served, and what its phones exchange is remembered."""

import base64
import io
import re

from PIL import Image

from tests.sandbox.conftest import Starter
from tests.sandbox.driver import Driver

OFFICIAL = "official_account"


def _picture(colour: str = "red", name: str = "PNG") -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(buffer, name)
    return base64.b64encode(buffer.getvalue()).decode()


def _chat(sandbox: Driver, person: dict[str, str], chat: str) -> list[dict[str, object]]:
    found = sandbox.get("/_state", since=0)["messages"]
    return [one for one in found if one["phone_id"] == person["id"] and one["chat"] == chat]


def test_page_and_all_that_it_names_are_served(sandbox: Driver) -> None:
    """Every style sheet, picture and module that the page loads is there, from this origin."""
    page = sandbox.ask("GET", "/")
    names = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    modules = [one for one in names if one.endswith(".js")]
    seen = set(modules)
    while modules:
        name = modules.pop()
        source = sandbox.ask("GET", f"/{name}").text
        folder = name.rpartition("/")[0]
        for target in re.findall(r"from '(\.[^']+)'", source):
            parts = f"{folder}/{target}".split("/")
            path = _joined(parts)
            if path not in seen:
                seen.add(path)
                modules.append(path)

    assert page.headers["Content-Type"].startswith("text/html")
    assert len(seen) > 10
    for name in {*names, *seen}:
        answer = sandbox.ask("GET", f"/{name}")
        assert answer.status_code == 200, name
        assert "http://" not in answer.text.replace("http://www.w3.org", ""), name


def _joined(parts: list[str]) -> str:
    path: list[str] = []
    for part in parts:
        if part == "..":
            path.pop()
        elif part != ".":
            path.append(part)
    return "/".join(path)


def test_files_outside_the_page_are_not_served(sandbox: Driver) -> None:
    """A path that climbs out of the folder finds nothing."""
    assert sandbox.ask("GET", "/_page/%2e%2e/app.py").status_code == 404


def test_card_reaches_the_friend_and_opens_its_page(sandbox: Driver) -> None:
    """The sender's copy is the sender's own; the friend's is unread and opens the page."""
    referrer, friend = sandbox.person("王小美"), sandbox.person("李静")

    path = "/pages/landing/index?c=ABCD2345"
    card = {"title": "送你一张券", "path": path, "image": _picture()}
    sandbox.act(referrer, "share", to=friend["id"], **card)

    (mine,) = _chat(sandbox, referrer, f"friend:{friend['id']}")
    (theirs,) = _chat(sandbox, friend, f"friend:{referrer['id']}")
    assert (mine["channel"], theirs["channel"]) == ("to_friend", "friend")
    opens = {"opens": "mini_program", "path": "pages/landing/index", "query": "c=ABCD2345"}
    assert theirs["opens"] == opens
    assert sandbox.ask("GET", str(theirs["image_url"])).headers["Content-Type"] == "image/png"
    assert sandbox.get(f"/_phones/{friend['id']}")["unread"][f"friend:{referrer['id']}"] == 1
    assert sum(sandbox.get(f"/_phones/{referrer['id']}")["unread"].values()) == 0


def test_reading_one_chat_leaves_the_others_unread(sandbox: Driver) -> None:
    """Each chat has its own red number."""
    one, other, third = sandbox.person("一"), sandbox.person("二"), sandbox.person("三")
    sandbox.act(other, "share", to=one["id"], text="在吗")
    sandbox.act(third, "share", to=one["id"], text="在吗")

    sandbox.act(one, "read", chat=f"friend:{other['id']}")

    unread = sandbox.get(f"/_phones/{one['id']}")["unread"]
    assert unread[f"friend:{other['id']}"] == 0
    assert unread[f"friend:{third['id']}"] == 1


def test_nobody_writes_to_themselves_or_to_strangers(sandbox: Driver) -> None:
    """A card needs another phone that is there."""
    person = sandbox.person()
    path = f"/_phones/{person['id']}/share"

    assert sandbox.ask("POST", path, json={"to": person["id"], "text": "嗨"}).status_code == 422
    assert sandbox.ask("POST", path, json={"to": "p99", "text": "嗨"}).status_code == 404


def test_album_keeps_a_picture_once(sandbox: Driver) -> None:
    """Saving the same picture again changes nothing; another one comes after it."""
    person = sandbox.person()
    for picture in (_picture(), _picture(), _picture("blue", "JPEG")):
        sandbox.act(person, "album", image=picture)

    album = sandbox.get(f"/_phones/{person['id']}")["album"]

    assert len(album) == 2
    assert sandbox.ask("GET", album[1]["url"]).headers["Content-Type"] == "image/jpeg"


def test_what_is_no_picture_stays_out_of_the_album(sandbox: Driver) -> None:
    """Text that calls itself a picture is refused."""
    person = sandbox.person()
    body = {"image": base64.b64encode(b"<svg onload=alert(1)>").decode()}

    answer = sandbox.ask("POST", f"/_phones/{person['id']}/album", json=body)

    assert answer.status_code == 422
    assert sandbox.get(f"/_phones/{person['id']}")["album"] == []


def test_text_with_links_is_told_in_pieces(sandbox: Driver) -> None:
    """Plain words and links alternate, and each link says what it opens."""
    person = sandbox.person(follows=True)
    words = (
        '🎁 看<a data-miniprogram-appid="wx1" data-miniprogram-path="pages/home/index?a=1">'
        '这里</a>或<a href="https://example.com">官网</a>'
    )

    message = {"touser": person["openids"][OFFICIAL], "msgtype": "text", "text": {"content": words}}
    sandbox.official("/cgi-bin/message/custom/send", message)

    shown = sandbox.messages(person)[0]
    home = {"opens": "mini_program", "path": "pages/home/index", "query": "a=1"}
    assert [one["text"] for one in shown["parts"]] == ["🎁 看", "这里", "或", "官网"]
    assert [one["opens"] for one in shown["parts"]] == [
        None,
        home,
        None,
        {"opens": "url", "url": "https://example.com"},
    ]
    assert "".join(one["text"] for one in shown["parts"]) == shown["text"]


def test_page_learns_where_the_mini_program_runs(sandbox: Driver) -> None:
    """The address can be told later, survives a reset, and must be on this computer."""
    assert sandbox.get("/_state")["mini_program"] == ""

    sandbox.post("/_mini-program", {"url": "http://127.0.0.1:5173/"})
    sandbox.post("/_reset")

    assert sandbox.get("/_state")["mini_program"] == "http://127.0.0.1:5173/"
    for url in ("http://example.com/", "javascript:alert(1)", "http://["):
        answer = sandbox.ask("POST", "/_mini-program", json={"url": url})
        assert answer.status_code == 422, url


def test_every_world_has_a_name_of_its_own(start: Starter) -> None:
    """A page sees by it that the world it knew was reset, or that the program was restarted."""
    first, second = start(), start()
    before = first.get("/_state")["world"]

    first.post("/_reset")

    names = {before, first.get("/_state")["world"], second.get("/_state")["world"]}
    assert len(names) == 3
