"""The poster that is asked for in the chat, and comes there as a picture."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import Engine, select

from tests.conftest import FakeClock
from tests.integration.bot.test_conversation import say
from tests.integration.front import Front, Person, open_front
from wxapp_backend.features.posters.models import PosterRow
from wxapp_backend.infra.outbox.claims import due
from wxapp_backend.infra.outbox.rows import DeliveryRow

SEND = "/cgi-bin/message/custom/send"
UPLOAD = "/cgi-bin/media/upload"
INSTEAD = "海报没能发到这里。点这里生成，两步就好。"


def sent(front: Front, person: Person) -> list[dict[str, Any]]:
    """Return what came as customer-service messages, oldest first."""
    found = front.driver.messages(person.phone)
    return [one for one in reversed(found) if one["channel"] == "customer_service"]


def picture_of(front: Front, message: dict[str, Any]) -> bytes:
    """Return the picture that a message shows."""
    assert message["image_url"], message
    return bytes(front.driver.ask("GET", message["image_url"]).content)


def read(picture: bytes) -> str:
    """Read the code as a phone does."""
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return str(found.text)


def calls(front: Front, path: str) -> int:
    """Return how often WeChat was called so."""
    return sum(entry["path"] == path for entry in front.driver.get("/_state", since=0)["log"])


def due_subscribers(front: Front) -> list[str]:
    """Return who would be served now, whatever the order of workers."""
    ids = due(front.harness.db, limit=100)
    rows = select(DeliveryRow.subscriber).where(DeliveryRow.id.in_(ids))
    return list(front.do(lambda tx: tx.session.scalars(rows).all()))


@pytest.mark.parametrize("how", ["word", "menu"])
def test_the_poster_comes_into_the_chat(front: Front, how: str) -> None:
    """The answer is at once; the picture follows and carries the person's own code."""
    person = front.person("王小美", follows=True)
    if how == "word":
        answer = say(front, person, "海报")
    else:
        [reply] = front.driver.act(person.phone, "tap-menu", key="海报")["replies"]
        answer = str(reply["text"])
    assert sent(front, person) == []
    front.settle()

    assert answer.startswith("你的专属海报马上发到这里。\n想换个样式")
    [message] = sent(front, person)
    picture = picture_of(front, message)
    assert Image.open(io.BytesIO(picture)).size == (750, 1334)
    base = front.assembly.settings.server.link_base
    assert read(picture) == f"{base}/r/{front.code_of(person)}"
    assert front.states() == {"done"}


def test_it_is_the_poster_of_the_mini_program(front: Front) -> None:
    """What the chat shows is the kept poster of the default template, under its one address."""
    person = front.person("王小美", follows=True)
    say(front, person, "海报")
    front.settle()

    rows = front.do(lambda tx: tx.session.query(PosterRow).all())
    [(owner, image_key)] = [(row.person_id, row.image_key) for row in rows]
    assert owner == person.id
    [message] = sent(front, person)
    assert picture_of(front, message) == front.renderer.picture(image_key)


def test_the_same_poster_is_uploaded_once(front: Front) -> None:
    """Asked again, WeChat's copy is used; when anything on it changed, another is uploaded."""
    person = front.person("王小美", follows=True)
    for _ in range(2):
        say(front, person, "海报")
        front.settle()
    assert (len(sent(front, person)), calls(front, UPLOAD)) == (2, 1)

    front.sign_in(person, "王小花")
    say(front, person, "海报")
    front.settle()

    assert calls(front, UPLOAD) == 2
    first, second, third = [picture_of(front, one) for one in sent(front, person)]
    assert first == second != third


def test_an_upload_that_wechat_has_forgotten_is_made_anew(front: Front) -> None:
    """It keeps them for three days: 40007 is no failure for the person."""
    person = front.person("王小美", follows=True)
    say(front, person, "海报")
    front.settle()
    front.driver.advance(3 * 86400)
    say(front, person, "海报")
    front.settle()

    assert calls(front, UPLOAD) == 2
    assert [bool(one["image_url"]) for one in sent(front, person)] == [True, True]
    say(front, person, "海报")
    front.settle()
    assert calls(front, UPLOAD) == 2


def test_two_people_get_each_their_own(front: Front) -> None:
    """No copy of another's poster is sent."""
    people = [front.person(name, follows=True) for name in ("王小美", "李静")]
    for person in people:
        say(front, person, "海报")
    front.settle()

    for person in people:
        [message] = sent(front, person)
        assert read(picture_of(front, message)).endswith(front.code_of(person))


def test_a_follower_is_recognised_before_the_poster_is_drawn(front: Front) -> None:
    """The first word of all is 海报: the poster is the customer's, not a stranger's."""
    person = front.person("王小美")
    front.driver.act(person.phone, "follow")
    answer = say(front, person, "海报")
    assert "bot.send_poster" not in due_subscribers(front)
    front.settle()

    assert "没有你的名字" not in answer
    [message] = sent(front, person)
    assert read(picture_of(front, message)).endswith(front.code_of(person))


def test_who_has_no_name_gets_a_poster_and_is_told(front: Front) -> None:
    """Somebody whom only the account knows: a whole poster, and where to put the name in."""
    person = front.person("新来的", follows=True, signed_in=False)
    answer = say(front, person, "海报")
    front.settle()

    assert "海报上还没有你的名字，到小程序里补上" in answer
    [message] = sent(front, person)
    assert "/r/" in read(picture_of(front, message))


def test_without_a_campaign_nothing_is_promised(front: Front) -> None:
    """There is nothing that a poster could offer."""
    person = front.person("王小美", follows=True)
    front.open_campaign(ends_at="2026-04-01T00:00:00+08:00")
    front.clock.advance(days=60)

    assert say(front, person, "海报").startswith("现在没有进行中的推荐活动")
    front.settle()
    assert sent(front, person) == []


@pytest.mark.parametrize("errcode", [45015, 45047, 48002])
def test_who_cannot_be_written_to_is_left_alone(front: Front, errcode: int) -> None:
    """The answer led to the maker already: one try, no second message."""
    person = front.person("王小美", follows=True)
    front.fault(SEND, errcode=errcode, times=9)
    say(front, person, "海报")
    front.settle()
    front.hurry()

    assert sent(front, person) == []
    assert (calls(front, SEND), front.states()) == (1, {"done"})


@pytest.mark.parametrize(
    ("path", "errcode"), [(UPLOAD, 48001), (UPLOAD, 45001), (UPLOAD, 40005), (SEND, 40008)]
)
def test_where_no_picture_can_be_sent_the_link_comes(front: Front, path: str, errcode: int) -> None:
    """The upload or the picture is refused, a text is not."""
    person = front.person("王小美", follows=True)
    front.fault(path, errcode=errcode)
    say(front, person, "海报")
    front.settle()

    [message] = sent(front, person)
    assert message["text"] == INSTEAD
    assert message["opens"]["path"] == "packages/share/poster/index"
    assert front.states() == {"done"}


def test_an_account_without_the_permission_stays_quiet(front: Front) -> None:
    """48001 to everything: nothing is tried for ever, nothing is left dead."""
    person = front.person("王小美", follows=True)
    front.fault("/cgi-bin/m*", errcode=48001, times=9)
    say(front, person, "海报")
    front.settle()

    assert sent(front, person) == []
    assert front.states() == {"done"}


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (UPLOAD, {"errcode": -1}),
        (UPLOAD, {"errcode": 45009}),
        (SEND, {"errcode": -1}),
        (SEND, {"errcode": 45009}),
    ],
)
def test_a_busy_wechat_is_waited_for(front: Front, path: str, fault: dict[str, Any]) -> None:
    """The picture comes later, once."""
    person = front.person("王小美", follows=True)
    front.fault(path, **fault)
    say(front, person, "海报")
    front.settle()
    assert sent(front, person) == []
    front.hurry()

    [message] = sent(front, person)
    assert message["image_url"]
    assert front.states() == {"done"}


def test_a_picture_that_may_have_arrived_is_not_sent_again(
    engine: Engine, clock: FakeClock, files: Path
) -> None:
    """WeChat took it and hung up: it stands in the chat once."""
    with open_front(engine, clock, files, WECHAT__READ_TIMEOUT_SECONDS="0.5") as front:
        front.open_campaign()
        person = front.person("王小美", follows=True)
        front.fault(SEND, timeout=1, after_effect=True)
        say(front, person, "海报")
        front.settle()
        front.hurry()

        assert len(sent(front, person)) == 1
        assert front.states() == {"done"}


def test_a_repeated_callback_asks_for_one_picture(front: Front) -> None:
    """WeChat delivers twice, the person sees one."""
    person = front.person("王小美", follows=True)
    front.fault("/wechat/official-account", duplicate=2)
    say(front, person, "海报")
    front.settle()

    assert len(sent(front, person)) == 1
