"""A customer and their own data."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from tests.conftest import FakeClock
from tests.drawing.people import endless_jpeg
from tests.integration.storefront.shop import LINK_BASE, Shop, error_of, headers, open_shop
from wxapp_backend.drawing.decoder import ImageDecoder, Limits
from wxapp_backend.drawing.images import AVATAR_SIDE
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.wechat.errors import Unavailable
from wxapp_backend.infra.wechat.miniapp import Phone


@pytest.fixture
def token(shop: Shop) -> str:
    """Return the session of a customer."""
    return str(shop.sign_in()["token"])


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 400)) -> bytes:
    """Return a picture file."""
    buffer = io.BytesIO()
    Image.new("RGB", size, "#C8402F").save(buffer, kind)
    return buffer.getvalue()


def upload(shop: Shop, token: str, content: bytes, field: str = "file") -> TestResponse:
    """Upload a picture and return the answer."""
    return shop.client.post(
        "/api/v1/me/avatar", data={field: (io.BytesIO(content), "a.png")}, headers=headers(token)
    )


def address(answer: TestResponse) -> str:
    """Return where an uploaded picture is."""
    assert answer.json is not None, answer.text
    return str(answer.json["avatar_url"])


def test_a_mini_program_changes_its_profile_by_post(shop: Shop, token: str) -> None:
    """WeChat's `wx.request` has no PATCH, so POST does the same."""
    changed = shop.post("/me", {"nickname": "李静"}, token=token)

    assert changed.status_code == 200
    assert shop.get("/me", token=token).json == changed.json
    assert changed.json is not None
    assert changed.json["nickname"] == "李静"


def test_a_newcomer_sees_an_empty_profile(shop: Shop, token: str) -> None:
    """Every field of "me" is there, with what is missing as null."""
    me = shop.get("/me", token=token).json

    assert me is not None
    code, who = me.pop("referral_code"), me.pop("id")
    assert (len(code), len(who)) == (8, 26)
    assert me == {
        "nickname": None,
        "avatar_url": None,
        "phone_masked": None,
        "tier": None,
        "points_available": 0,
        "role": "customer",
        "birthday": None,
        "preferences": {"name_form": "masked"},
        "inbox_unread": 0,
        "referred_by": None,
        "staff": None,
    }


def test_who_was_left_without_a_code_gets_one_by_looking(shop: Shop, token: str) -> None:
    """A merge may leave nobody's code behind; the read that finds none makes one, for good."""
    before = shop.get("/me", token=token).json
    assert before is not None
    shop.db.run(lambda tx: referrals.forget(tx, before["id"]))

    first, again = (shop.get("/me", token=token).json for _ in range(2))

    assert first is not None
    assert first["referral_code"] not in (None, "", before["referral_code"])
    assert again == first


def test_what_is_sent_is_changed_and_the_rest_stays(shop: Shop, token: str) -> None:
    """Each field can be set alone; null clears it."""
    shop.patch("/me", {"nickname": " 王小美🌸 ", "birthday": "1990-05-20"}, token=token)
    changed = shop.patch("/me", {"preferences": {"name_form": "ms"}}, token=token).json

    assert changed is not None
    assert (changed["nickname"], changed["birthday"]) == ("王小美🌸", "1990-05-20")
    assert changed["preferences"] == {"name_form": "ms"}
    cleared = shop.patch("/me", {"nickname": None}, token=token).json
    assert cleared is not None
    assert (cleared["nickname"], cleared["birthday"]) == (None, "1990-05-20")
    assert shop.get("/me", token=token).json == cleared


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"nickname": ""}, "nickname"),
        ({"nickname": "\u200b"}, "nickname"),
        ({"nickname": "x" * 65}, "nickname"),
        ({"birthday": "20 May"}, "birthday"),
        ({"birthday": 5}, "birthday"),
        ({"birthday": "1899-12-31"}, "birthday"),
        ({"birthday": "2026-03-04"}, "birthday"),
        ({"preferences": {"name_form": "dr"}}, "preferences.name_form"),
        ({"role": "owner"}, "role"),
    ],
)
def test_an_unfit_change_is_refused_whole(
    shop: Shop, token: str, body: dict[str, object], field: str
) -> None:
    """The field is named, and nothing of the request is kept."""
    error = error_of(shop.patch("/me", {"nickname": "小美", **body}, token=token), 422)

    assert list(error["details"]["fields"]) == [field]
    me = shop.get("/me", token=token).json
    assert me is not None
    assert (me["nickname"], me["birthday"]) == (None, None)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_a_small_jpeg_for_all_to_see(shop: Shop, token: str, kind: str) -> None:
    """The address needs no token, and cannot be guessed."""
    answer = upload(shop, token, picture(kind))

    url = address(answer)
    assert url.startswith(f"{LINK_BASE}/media/avatars/")
    assert len(url.rpartition("/")[2]) == 36
    served = shop.client.get(url.removeprefix(LINK_BASE))
    assert served.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(served.data)).size == (AVATAR_SIDE, AVATAR_SIDE)
    me = shop.get("/me", token=token).json
    assert me is not None
    assert me["avatar_url"] == url


def test_a_new_picture_replaces_the_old(shop: Shop, token: str) -> None:
    """The old address leads nowhere, and one file is kept."""
    first = address(upload(shop, token, picture()))
    upload(shop, token, picture("JPEG"))

    assert shop.client.get(first.removeprefix(LINK_BASE)).status_code == 404
    assert len(list(shop.files.rglob("*.jpg"))) == 1


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n cut", b"GIF89a" + b"0" * 50]
)
def test_what_is_no_picture_is_refused(shop: Shop, token: str, content: bytes) -> None:
    """Nothing is kept of it."""
    answer = upload(shop, token, content)

    assert list(error_of(answer, 422)["details"]["fields"]) == ["file"]
    assert not shop.files.exists()


def test_a_picture_that_kills_its_decoder_is_refused(db: Database, files: Path) -> None:
    """The sender reads the usual words, nothing is kept, and the next upload is fine."""
    decoder = ImageDecoder(processes=1, limits=Limits(cpu_seconds=1))
    shop = open_shop(db, files, decoder)
    session = str(shop.sign_in()["token"])

    error = error_of(upload(shop, session, endless_jpeg()), 422)

    assert error["code"] == "validation_failed"
    assert list(error["details"]["fields"]) == ["file"]
    assert not files.exists()
    me = shop.get("/me", token=session).json
    assert me is not None
    assert me["avatar_url"] is None
    assert upload(shop, session, picture()).status_code == 200
    decoder.close()


def test_a_crowd_of_uploads_is_asked_to_wait(db: Database, files: Path) -> None:
    """Nobody looked at the picture: it is not called unfit, and nothing is kept."""
    shop = open_shop(db, files, ImageDecoder(processes=1, limits=Limits(memory_bytes=1 << 20)))
    session = str(shop.sign_in()["token"])

    answer = upload(shop, session, picture())

    assert error_of(answer, 429)["code"] == "rate_limited"
    assert answer.headers["Retry-After"] == "2"
    assert not files.exists()


def test_a_picture_must_be_in_the_field(shop: Shop, token: str) -> None:
    """A form without the file, and a body that is no form, name the field."""
    wrong = upload(shop, token, picture(), field="avatar")
    none = shop.post("/me/avatar", {}, token=token)

    for answer in (wrong, none):
        fields = error_of(answer, 422)["details"]["fields"]
        assert any("file" in name for name in fields)


@pytest.mark.parametrize("name", ["0" * 32, "../../etc/passwd", "x", "A" * 32])
def test_no_other_file_is_served(shop: Shop, name: str) -> None:
    """A guess finds nothing, nor does a way out of the folder."""
    assert shop.client.get(f"/media/avatars/{name}.jpg").status_code == 404


def test_a_verified_phone_is_shown_masked(shop: Shop, token: str) -> None:
    """The number that WeChat verified for this person is theirs; only its end is shown."""
    shop.wechat.phones["p-1"] = ("o-1", Phone("13800138000", "86"))

    answer = shop.post("/me/phone", {"code": "p-1"}, token=token)

    assert answer.json == {"phone_masked": "*******8000"}
    me = shop.get("/me", token=token).json
    assert me is not None
    assert me["phone_masked"] == "*******8000"


def test_a_phone_code_of_somebody_else_is_refused(shop: Shop, token: str) -> None:
    """A code that another person's phone made gives no number, and does not end the session."""
    shop.wechat.phones["p-1"] = ("o-other", Phone("13800138000", "86"))

    error = error_of(shop.post("/me/phone", {"code": "p-1"}, token=token), 422)

    assert error["code"] == "validation_failed"
    assert list(error["details"]["fields"]) == ["code"]
    assert shop.get("/me", token=token).status_code == 200


def test_a_phone_of_another_account_is_a_conflict(shop: Shop, token: str) -> None:
    """A number that is bound elsewhere stays there."""
    other = shop.sign_in("o-2")["token"]
    for code, openid, session in (("p-2", "o-2", other), ("p-1", "o-1", token)):
        shop.wechat.phones[code] = (openid, Phone("13800138000", "86"))
        answer = shop.post("/me/phone", {"code": code}, token=session)

    assert error_of(answer, 409)["code"] == "phone_taken"


def test_the_phone_waits_while_wechat_is_away(shop: Shop, token: str) -> None:
    """A WeChat that does not answer is 503 here too."""
    shop.wechat.failure = Unavailable(-1, "busy")

    error = error_of(shop.post("/me/phone", {"code": "p-1"}, token=token), 503)

    assert error["code"] == "wechat_unavailable"


def test_the_own_code_names_the_person_for_its_time(
    shop: Shop, token: str, clock: FakeClock
) -> None:
    """The server says how long it is shown, by its own clock."""
    answer = shop.post("/me/token", token=token).json

    assert answer is not None
    assert 1 <= answer["expires_in"] <= 30
    me = shop.get("/me", token=token).json
    assert me is not None
    assert shop.db.read(lambda tx: identity.person_of_token(tx, answer["token"])) == me["id"]
    clock.now += timedelta(seconds=answer["expires_in"])
    renewed = shop.post("/me/token", token=token).json
    assert renewed is not None
    assert renewed["token"] != answer["token"]


def test_consent_is_given_and_withdrawn(shop: Shop, token: str) -> None:
    """The list shows what is in force."""
    given = {"kind": "privacy", "version": "2026-11", "granted": True}
    answer = shop.post("/me/consents", given, token=token).json
    assert answer is not None
    assert {**answer, "at": ""} == {**given, "at": ""}

    shop.post("/me/consents", {**given, "granted": False}, token=token)

    found = shop.get("/me/consents", token=token).json
    assert found is not None
    assert [item["granted"] for item in found["items"]] == [False]
    wrong = shop.post("/me/consents", {**given, "granted": "yes"}, token=token)
    assert list(error_of(wrong, 422)["details"]["fields"]) == ["granted"]


def test_the_export_is_one_file_with_everything(shop: Shop, token: str) -> None:
    """Profile, visits, referrals, coupons and the points statement are in it; no credential."""
    shop.patch("/me", {"nickname": "王小美"}, token=token)

    answer = shop.get("/me/export", token=token)

    assert answer.content_type == "application/json"
    assert "my-data.json" in answer.headers["Content-Disposition"]
    assert answer.json is not None
    assert answer.json["person"]["nickname"] == "王小美"
    assert set(answer.json) == {
        "exported_at",
        "person",
        "staff",
        "visits",
        "reviews",
        "coupons",
        "redemptions",
        "referral_code",
        "referrals",
        "shares",
        "touches",
        "rewards",
        "points",
        "messages",
    }
    assert token not in answer.text


def test_who_is_erased_is_gone(shop: Shop, token: str) -> None:
    """The session is dead at once, and the next login is a new customer with another code."""
    me = shop.get("/me", token=token).json
    assert me is not None
    erased = shop.client.delete("/api/v1/me", headers=headers(token))

    assert (erased.status_code, erased.json) == (200, {})
    assert error_of(shop.get("/me", token=token), 401)["code"] == "unauthenticated"
    back = shop.sign_in()
    assert back["is_new"] is True
    assert back["customer"]["id"] != me["id"]
    assert back["customer"]["referral_code"] != me["referral_code"]


def test_an_invitation_changes_the_role(shop: Shop, token: str) -> None:
    """Joining shows in the answer and in "me"; a wrong or used invitation is refused."""
    with shop.db.transaction() as tx:
        store_id = stores.add_store(tx, name="西湖店", address="北山街 1 号").id
        code = stores.invite(tx, store_id, "manager")

    post = shop.post("/staff/join", {"invite_code": code.lower()}, token=token).json

    assert post == {"role": "store_manager", "store_id": store_id, "store_name": "西湖店"}
    me = shop.get("/me", token=token).json
    assert me is not None
    assert (me["role"], me["staff"]) == ("store_manager", post)
    other = shop.sign_in("o-2")["token"]
    used = shop.post("/staff/join", {"invite_code": code}, token=other)
    assert error_of(used, 409)["code"] == "token_expired"
    wrong = shop.post("/staff/join", {"invite_code": "GUESS"}, token=other)
    assert error_of(wrong, 404)["code"] == "not_found"


def test_stores_are_listed_for_everybody(shop: Shop) -> None:
    """Name, address, phone and hours need no token."""
    with shop.db.transaction() as tx:
        store = stores.add_store(tx, name="西湖店", address="北山街 1 号", hours="10:00–22:00")

    assert shop.get("/stores").json == {
        "items": [
            {
                "id": store.id,
                "name": "西湖店",
                "address": "北山街 1 号",
                "phone": "",
                "hours": "10:00–22:00",
            }
        ],
        "next_cursor": None,
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("PATCH", "/me"),
        ("POST", "/me"),
        ("DELETE", "/me"),
        ("POST", "/me/avatar"),
        ("POST", "/me/phone"),
        ("POST", "/me/token"),
        ("GET", "/me/export"),
        ("GET", "/me/consents"),
        ("POST", "/me/consents"),
        ("POST", "/staff/join"),
    ],
)
def test_what_is_ones_own_needs_a_session(shop: Shop, method: str, path: str) -> None:
    """Strangers are sent to log in."""
    answer = shop.client.open(f"/api/v1{path}", method=method)

    assert error_of(answer, 401)["code"] == "unauthenticated"
