"""Posters by request: what is on them, how they are kept, re-made and deleted."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.integration.front import Front, Person
from wxapp_backend.drawing import Poster, read_code
from wxapp_backend.drawing.registry import Unreadable
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.posters.events import RenewalDue
from wxapp_backend.features.posters.models import CodeRow, PosterRow
from wxapp_backend.features.posters.service.rendering import picture_key
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.infra.db import Tx

MAKE_CODE = "/wxa/getwxacodeunlimit"


def ask(front: Front, person: Person, **wish: object) -> TestResponse:
    """Ask for a poster of the running campaign."""
    body = {"campaign_id": front.campaign_id, **wish}
    token = front.sign_in(person)
    return front.app.test_client().post(
        "/api/v1/posters", json=body, headers={"Authorization": f"Bearer {token}"}
    )


def make(front: Front, person: Person, **wish: object) -> dict[str, Any]:
    """Return a poster that was made."""
    answer = ask(front, person, **wish)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return dict(answer.json)


def look(front: Front, poster: dict[str, Any], **headers: str) -> TestResponse:
    """Open the picture's address, as anybody can."""
    path = poster["image_url"].removeprefix(front.renderer.address_of("").removesuffix("/media/"))
    return front.app.test_client().get(path, headers=headers)


def counted(front: Front, outcome: str) -> float:
    """Return what the metrics say about posters."""
    page = front.app.test_client().get("/metrics").text
    lines = [line for line in page.splitlines() if f'posters_total{{outcome="{outcome}"}}' in line]
    return float(lines[0].rpartition(" ")[2]) if lines else 0.0


def test_a_plain_poster_is_a_picture_whose_code_opens_the_link(front: Front) -> None:
    """The default code and size; what can be read on it is the payload."""
    person = front.person("王小美")
    poster = make(front, person)
    seen = look(front, poster)

    assert (seen.status_code, seen.content_type) == (200, "image/jpeg")
    with Image.open(io.BytesIO(seen.data)) as picture:
        assert picture.size == (poster["width"], poster["height"])
    assert poster["code_kind"] == "qr"
    assert poster["payload"].endswith(f"/r/{front.code_of(person)}")
    assert read_code(seen.data) == poster["payload"]
    assert front.driver.act(person.phone, "scan", payload=poster["payload"])["opens"] == (
        "mini_program"
    )


def test_the_same_poster_again_is_the_kept_one(front: Front) -> None:
    """Same address, drawn once; a phone that has it is told 304."""
    person = front.person("王小美")
    poster = make(front, person)
    etag = look(front, poster).headers["ETag"]
    assert make(front, person) == poster
    assert (counted(front, "drawn"), counted(front, "kept")) == (1.0, 2.0)
    again = look(front, poster, **{"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_change_of_anything_on_it_re_makes_it_in_its_place(front: Front) -> None:
    """Nickname and offer: another picture under the same address, and the old ETag is over."""
    person = front.person("王小美")
    poster = make(front, person)
    first = look(front, poster)
    front.sign_in(person, "王大美")
    assert make(front, person) == poster
    second = look(front, poster, **{"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.data != first.data
    front.do(lambda tx: identity.set_avatar(tx, person.id, "avatars/x.jpg"))
    front.harness.settle()
    _put(front, "avatars/x.jpg", _photo())
    assert make(front, person) == poster
    assert look(front, poster).data != second.data
    assert counted(front, "drawn") == 3.0


def _put(front: Front, key: str, content: bytes) -> None:
    front.renderer._storage.put(key, content)  # noqa: SLF001 # as an upload does


def _photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 320), "teal").save(file, "JPEG")
    return file.getvalue()


def test_a_mini_program_code_is_waited_for_with_a_plain_one(front: Front) -> None:
    """The first poster has the plain QR; it is re-made under the same address when WeChat has."""
    person = front.person("王小美")
    poster = make(front, person, code_kind="mini_program")
    before = look(front, poster).data
    assert poster["code_kind"] == "qr"
    assert read_code(before) == poster["payload"]
    front.settle()

    after = look(front, poster).data
    assert after != before
    again = make(front, person, code_kind="mini_program")
    assert again["image_url"] == poster["image_url"]
    assert (again["code_kind"], again["payload"]) == ("mini_program", front.code_of(person))
    opened = front.driver.act(person.phone, "scan", payload=again["payload"])
    assert opened == {
        "opens": "mini_program",
        "path": "pages/landing/index",
        "query": f"scene={front.code_of(person)}",
    }


def test_the_code_is_made_when_somebody_shares(front: Front) -> None:
    """So the poster that follows has it from the start."""
    person = front.person("王小美")
    front.do(
        lambda tx: referrals.share(tx, person.id, campaign_id=front.campaign_id, channel="poster")
    )
    front.settle()
    assert make(front, person, code_kind="mini_program")["code_kind"] == "mini_program"
    made = when_made(front)
    front.do(
        lambda tx: referrals.share(tx, person.id, campaign_id=front.campaign_id, channel="link")
    )
    front.settle()
    assert when_made(front) == made


def when_made(front: Front) -> list[datetime]:
    """Return when each of WeChat's codes was made."""
    return list(front.do(lambda tx: tx.session.scalars(select(CodeRow.made_at)).all()))


def test_a_quota_that_is_used_up_is_waited_for(front: Front) -> None:
    """The code comes later; the poster works meanwhile."""
    person = front.person("王小美")
    front.fault(MAKE_CODE, errcode=45009)
    make(front, person, code_kind="mini_program")
    front.settle()
    assert make(front, person, code_kind="mini_program")["code_kind"] == "qr"
    front.hurry()
    front.settle()
    assert make(front, person, code_kind="mini_program")["code_kind"] == "mini_program"


def test_an_official_account_code_brings_a_follower(front: Front) -> None:
    """Its date stands on the poster; scanning it follows with the referrer's code as scene."""
    person, friend = front.person("王小美"), front.person("李静", signed_in=False)
    make(front, person, code_kind="official_account")
    front.settle()
    poster = make(front, person, code_kind="official_account")
    assert poster["code_kind"] == "official_account"
    assert read_code(look(front, poster).data) == poster["payload"]
    told = front.driver.act(friend.phone, "scan", payload=poster["payload"])
    assert (told["opens"], told["scene"]) == ("official_account", front.code_of(person))


def test_a_code_is_renewed_before_it_dies_and_the_poster_with_it(front: Front) -> None:
    """Without anybody asking: 26 days later the kept picture has a code that lives on."""
    person = front.person("王小美")
    make(front, person, code_kind="official_account")
    front.settle()
    poster = make(front, person, code_kind="official_account")
    old = look(front, poster).data
    for days, renewed in ((20, False), (6, True)):
        front.clock.advance(days=days)
        front.driver.advance(days * 86_400)
        front.do(lambda tx: tx.emit(RenewalDue()))
        front.settle()
        assert (look(front, poster).data != old) is renewed
    new = read_code(look(front, poster).data)
    assert new != poster["payload"]
    front.clock.advance(days=10)
    front.driver.advance(10 * 86_400)
    friend = front.person("李静", signed_in=False)
    assert front.driver.act(friend.phone, "scan", payload=new)["opens"] == "official_account"


@pytest.mark.parametrize("damage", [None, b"no picture"])
def test_a_code_picture_that_is_lost_is_made_anew(front: Front, damage: bytes | None) -> None:
    """Never a poster without a code: the plain one stands in meanwhile."""
    person = front.person("王小美")
    make(front, person, code_kind="mini_program")
    front.settle()
    [row] = front.do(lambda tx: tx.session.scalars(select(CodeRow)).all())
    assert row.image_key is not None
    if damage is None:
        front.renderer._storage.delete(row.image_key)  # noqa: SLF001 # a disk that was lost
    else:
        _put(front, row.image_key, damage)
    front.sign_in(person, "王大美")
    poster = make(front, person, code_kind="mini_program")
    assert poster["code_kind"] == "qr"
    assert read_code(look(front, poster).data) == poster["payload"]
    front.settle()
    assert make(front, person, code_kind="mini_program")["code_kind"] == "mini_program"


def kept(files: Path) -> list[Path]:
    """Return the pictures in the storage."""
    return list((files / "posters").iterdir())


def test_a_lost_picture_is_drawn_again_when_it_is_looked_at(
    front: Front, files: Path, is_kept: bool
) -> None:
    """Storage and memory are caches of what the database knows."""
    person = front.person("王小美")
    poster = make(front, person)
    before = look(front, poster).data
    assert [file.read_bytes() for file in kept(files)] == [before] * is_kept
    for file in kept(files):
        file.unlink()
    front.renderer._lately.clear()  # noqa: SLF001 # as another process, or this one tomorrow
    assert look(front, poster).data == before
    assert make(front, person) == poster


def test_a_code_that_cannot_be_read_is_never_handed_out(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the request nor the address brings a picture; nothing is kept."""
    person = front.person("王小美")

    def draw(*_: object, **__: object) -> Poster:
        raise Unreadable("the code on the finished poster cannot be read back")

    monkeypatch.setattr(front.renderer.registry, "draw", draw)
    answer = ask(front, person)
    assert answer.status_code == 500
    row = front.do(lambda tx: tx.session.scalars(select(PosterRow)).one())
    assert front.renderer._storage.get(picture_key(row.image_key)) is None  # noqa: SLF001 # its files
    path = f"/media/{picture_key(row.image_key)}"
    assert front.app.test_client().get(path).status_code == 500


def test_nothing_of_an_erased_person_is_left(front: Front, files: Path) -> None:
    """Row, picture and address are gone."""
    person = front.person("王小美")
    poster = make(front, person)
    front.do(lambda tx: identity.erase(tx, person.id))
    front.settle()
    assert look(front, poster).status_code == 404
    assert kept(files) == []
    assert front.do(lambda tx: tx.session.scalars(select(PosterRow)).all()) == []


def test_who_proves_to_be_another_keeps_the_addresses(
    front: Front, files: Path, is_kept: bool
) -> None:
    """Posters move; where both had the same one, the second is deleted with its picture."""
    older = front.person("王美")
    front.clock.advance(minutes=1)
    younger = front.person("王小美")
    same, gone = make(front, older), make(front, younger)
    moved = make(front, younger, template="story-quote")

    def merge(tx: Tx) -> None:
        unionid = older.phone["unionid"]
        identity.link(tx, app="mini_program", openid=younger.mini_openid, unionid=unionid)

    front.do(merge)
    front.settle()
    assert [look(front, each).status_code for each in (same, moved, gone)] == [200, 200, 404]
    assert len(kept(files)) == 2 * is_kept
    assert make(front, older, template="story-quote")["image_url"] == moved["image_url"]


def test_a_campaign_must_run(front: Front) -> None:
    """Unknown: 404; over: 409."""
    person = front.person("王小美")
    answer = ask(front, person, campaign_id="01" + "0" * 24)
    assert code_of(answer) == (404, "not_found")
    front.open_campaign(ends_at="2026-04-01T00:00:00+08:00")
    front.clock.advance(days=60)
    answer = ask(front, person)
    assert code_of(answer) == (409, "campaign_ended")


def code_of(answer: TestResponse) -> tuple[int, str]:
    """Return the status and the error's code."""
    assert answer.json is not None
    return answer.status_code, answer.json["error"]["code"]


@pytest.mark.parametrize(
    "wish",
    [{"template": "nothing"}, {"size": {"width": 7, "height": 7}}, {"template": "shop-sign"}],
    ids=["template", "size", "print"],
)
def test_a_template_or_size_that_is_not_offered_is_not_found(
    front: Front, wish: dict[str, object]
) -> None:
    """What is printed is no customer's either."""
    assert ask(front, front.person("王小美"), **wish).status_code == 404


@pytest.mark.parametrize("key", ["0" * 32, "x", "..%2F..%2Fyinjian"])
def test_an_unknown_address_is_not_found(front: Front, key: str) -> None:
    """No address can be guessed, none leads out of the folder."""
    assert front.app.test_client().get(f"/media/posters/{key}.jpg").status_code == 404


def test_every_listed_template_renders_for_a_customer_without_a_name(front: Front) -> None:
    """Neutral text where a fact is missing; each preview is a picture."""
    person = front.person("王小美", signed_in=False)
    front.sign_in(person)
    token = front.sign_in(person)
    client = front.app.test_client()
    listed = client.get("/api/v1/posters/templates", headers={"Authorization": f"Bearer {token}"})
    assert listed.json is not None
    for template in listed.json["items"]:
        poster = make(front, person, template=template["name"])
        assert look(front, poster).status_code == 200
        path = template["preview_url"].removeprefix(
            front.renderer.address_of("")[: -len("/media/")]
        )
        with client.get(path) as preview:
            assert preview.content_type == "image/jpeg"
