"""Codes: what may be asked for, what the pictures carry, and what a scan opens."""

import base64
import io
from typing import Any
from urllib.parse import parse_qs

import pytest
from PIL import Image

from tests.sandbox.driver import Driver
from tests.sandbox.receiver import Receiver
from wxapp_backend.sandbox.accounts import MINI_PROGRAM
from wxapp_backend.sandbox.pictures.codes import draw_plain, draw_round, read_codes

LANDING = "pages/landing/index"
CREATE = "/cgi-bin/qrcode/create"


def ticket_body(scene: object = "7KQ2M9AB", **more: object) -> dict[str, Any]:
    """Make the body of a temporary code with a text scene."""
    body: dict[str, Any] = {
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": scene}},
        "expire_seconds": 2_592_000,
    }
    return body | more


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"scene": ""}, 40169),
        ({"scene": "a" * 33}, 40169),
        ({"scene": "推荐"}, 40129),
        ({"scene": "a%20"}, 40129),
        ({"scene": "scancode_time"}, 85096),
        ({"scene": "a", "page": "/pages/landing/index"}, 41030),
        ({"scene": "a", "page": "pages/landing/index?x=1"}, 41030),
        ({"scene": "a", "page": "pages/nowhere/index"}, 41030),
        ({"scene": "a", "env_version": "release_error"}, 40097),
        ({"scene": "a", "line_color": {"r": 256, "g": 0, "b": 0}}, 40097),
    ],
)
def test_mini_program_code_refuses(sandbox: Driver, body: dict[str, Any], errcode: int) -> None:
    """Scene and page rules answer JSON instead of a picture."""
    response = sandbox.picture(**body)

    assert response.status_code == 200
    assert response.json()["errcode"] == errcode


def test_form_instead_of_json_is_refused(sandbox: Driver) -> None:
    """A form post is 40169, as the page warns."""
    query = {"access_token": sandbox.token(MINI_PROGRAM)}

    response = sandbox.ask("POST", "/wxa/getwxacodeunlimit", params=query, data={"scene": "a"})

    assert response.json()["errcode"] == 40169


@pytest.mark.parametrize("scene", ["7KQ2M9AB", "!#$&'()*+,/:;=?@-._~aZ09", "a" * 32])
def test_mini_program_code_opens_its_page(sandbox: Driver, scene: str) -> None:
    """The phone reads the picture and opens the page with the scene, encoded once."""
    person = sandbox.person()
    picture = sandbox.picture(scene=scene, page=LANDING, width=280)

    assert picture.headers["Content-Type"] == "image/jpeg"
    opened = sandbox.act(person, "scan", image=base64.b64encode(picture.content).decode())

    assert (opened["opens"], opened["path"]) == ("mini_program", LANDING)
    assert parse_qs(opened["query"]) == {"scene": [scene]}
    assert sandbox.act(person, "scan", payload=scene) == opened


def test_unreleased_page_is_allowed_unchecked(sandbox: Driver) -> None:
    """With check_path off any page goes; without a page the home page opens."""
    person = sandbox.person()

    sandbox.picture(scene="unreleased", page="pages/next/index", check_path=False)
    sandbox.picture(scene="home")

    assert sandbox.act(person, "scan", payload="unreleased")["path"] == "pages/next/index"
    assert sandbox.act(person, "scan", payload="home")["path"] == "pages/home/index"


def test_clear_code_is_a_png_of_the_asked_size(sandbox: Driver) -> None:
    """is_hyaline gives a transparent PNG; sizes are held between 280 and 1280."""
    for asked, given in ((100, 280), (600, 600), (5000, 1280)):
        response = sandbox.picture(scene="a", width=asked, is_hyaline=True)
        assert response.headers["Content-Type"] == "image/png"
        with Image.open(io.BytesIO(response.content)) as picture:
            assert picture.size == (given, given)
            assert picture.getchannel("A").getpixel((0, 0)) == 0


@pytest.mark.parametrize("width", [140, 200, 430])
def test_round_code_can_be_read_when_made_small(width: int) -> None:
    """The picture stays readable at the sizes a poster gives it."""
    text = "wxa:pages/landing/index?7KQ2M9AB"
    with Image.open(io.BytesIO(draw_round(text, 430))) as picture:
        small = picture.resize((width, width), Image.Resampling.LANCZOS)
    poster = Image.new("RGB", (750, 1000), (246, 240, 228))
    poster.paste(small, (150, 500))
    buffer = io.BytesIO()
    poster.save(buffer, "JPEG", quality=85)

    assert read_codes(buffer.getvalue()) == [text]


def test_ticket_leads_a_stranger_to_follow_and_a_follower_to_scan(
    sandbox: Driver, receiver: Receiver
) -> None:
    """The first scan follows with qrscene_, the second is SCAN without it; both name the ticket."""
    person = sandbox.person()
    made = sandbox.official(CREATE, ticket_body())
    assert set(made) == {"ticket", "expire_seconds", "url"}

    first = sandbox.act(person, "scan", payload=made["url"])
    second = sandbox.act(person, "scan", payload=made["url"])

    assert (first["opens"], first["event"]) == ("official_account", "subscribe")
    assert second["event"] == "SCAN"
    followed, scanned = (one.message for one in receiver.deliveries)
    assert (followed["EventKey"], scanned["EventKey"]) == ("qrscene_7KQ2M9AB", "7KQ2M9AB")
    assert followed["Ticket"] == scanned["Ticket"] == made["ticket"]
    info = sandbox.official("/cgi-bin/user/info", openid=person["openids"]["official_account"])
    assert info["qr_scene_str"] == "7KQ2M9AB"
    assert info["subscribe_scene"] == "ADD_SCENE_QR_CODE"


def test_ticket_picture_carries_the_url_until_it_expires(
    sandbox: Driver, receiver: Receiver
) -> None:
    """The picture holds the url; after its time it is 404 and a scan brings no event."""
    made = sandbox.official(CREATE, ticket_body(expire_seconds=60))
    picture = sandbox.ask("GET", "/cgi-bin/showqrcode", params={"ticket": made["ticket"]})
    assert read_codes(picture.content) == [made["url"]]

    sandbox.advance(60)

    dead = sandbox.ask("GET", "/cgi-bin/showqrcode", params={"ticket": made["ticket"]})
    assert dead.status_code == 404
    assert sandbox.act(sandbox.person(), "scan", payload=made["url"])["opens"] == "nothing"
    assert receiver.deliveries == []


def test_lasting_ticket_has_no_end(sandbox: Driver) -> None:
    """A permanent code answers without expire_seconds and works years later."""
    scene = {"scene": {"scene_id": 12}}
    body = {"action_name": "QR_LIMIT_SCENE", "action_info": scene}
    made = sandbox.official(CREATE, body)
    assert set(made) == {"ticket", "url"}

    sandbox.advance(3 * 365 * 86400)

    assert sandbox.act(sandbox.person(), "scan", payload=made["url"])["scene"] == "12"


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (ticket_body(action_name="QR"), 40052),
        (ticket_body(""), 40053),
        (ticket_body("a" * 65), 40053),
        (ticket_body(expire_seconds=2_592_001), 40053),
        ({"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}}, 40053),
        ({"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100001}}}, 40053),
        ({"action_name": "QR_SCENE"}, 40053),
    ],
)
def test_ticket_refuses(sandbox: Driver, body: dict[str, Any], errcode: int) -> None:
    """Unknown kinds and scenes outside their bounds are refused."""
    assert sandbox.official(CREATE, body)["errcode"] == errcode


def test_plain_link_opens_the_landing_page(sandbox: Driver, receiver: Receiver) -> None:
    """A link under the rule opens the mini-program with the whole link in q."""
    person = sandbox.person()
    link = f"{receiver.url}/r/7KQ2M9AB"
    code = base64.b64encode(draw_plain(link, 300)).decode()

    opened = sandbox.act(person, "scan", image=code)

    assert (opened["opens"], opened["path"]) == ("mini_program", LANDING)
    assert parse_qs(opened["query"]) == {"q": [link]}
    assert sandbox.act(person, "scan", payload=link) == opened


def test_other_texts_open_what_they_are(sandbox: Driver) -> None:
    """A foreign link opens as a page, a text shows as text, no code is an error."""
    person = sandbox.person()
    blank = io.BytesIO()
    Image.new("RGB", (50, 50)).save(blank, "PNG")

    foreign = sandbox.act(person, "scan", payload="https://example.com/r/7KQ2M9AB")
    assert foreign == {"opens": "url", "url": "https://example.com/r/7KQ2M9AB"}
    assert sandbox.act(person, "scan", payload="7KQ2M9AB") == {"opens": "text", "text": "7KQ2M9AB"}
    for content in (blank.getvalue(), b"not a picture"):
        response = sandbox.ask(
            "POST", f"/_phones/{person['id']}/scan", files={"image": ("a.png", content)}
        )
        assert response.status_code == 422
        assert response.json()["error"]["code"] == "validation_failed"
