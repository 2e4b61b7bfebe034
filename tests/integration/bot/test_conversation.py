"""What people say to the official account, and what it answers in the same response."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from tests.integration.bot.wire import event, message, send, text
from tests.integration.bot.wire import said as answer_of
from tests.integration.front import Front, Person, eventually
from wxapp_backend.features.bot.feature import FEATURE
from wxapp_backend.features.bot.models import CallbackRow
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.messaging.queries import rights_of
from wxapp_backend.features.referrals.models import Touch
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.tables import Base


def say(front: Front, person: Person, words: str) -> str:
    """Return what the account answers on the phone."""
    [reply] = front.driver.act(person.phone, "send", text=words)["replies"]
    return str(reply["text"])


def follow(front: Front, person: Person, scene: str = "") -> str:
    """Return how the account greets."""
    [reply] = front.driver.act(person.phone, "follow", scene=scene)["replies"]
    return str(reply["text"])


def touches(front: Front) -> list[tuple[str, str, str]]:
    """Return who opened whose code, and how."""
    rows = front.do(lambda tx: tx.session.scalars(select(Touch)).all())
    return [(row.referrer_id, row.friend_id, row.channel) for row in rows]


def test_each_keyword_and_menu_click_is_answered_at_once(front: Front) -> None:
    """From the database, with the way into the mini-program; anything else gets the help text."""
    friend, person = front.person("李静"), front.person("王小美", follows=True)
    front.claim(friend, person)
    front.visit(friend)
    front.settle()
    expected = {
        "帮助": "你好，这里是青禾小馆",
        "随便说说": "你好，这里是青禾小馆",
        "积分": "你有 200 积分可用",
        "我的推荐": "你的推荐：1 位朋友已到店",
        "优惠券": "可用的优惠券：\n· ",
        "规则": "【",
        "门店": "西湖店",
        "海报": "你的专属海报马上发到这里",
    }
    for words, beginning in expected.items():
        assert say(front, person, words).startswith(beginning), words
        [reply] = front.driver.act(person.phone, "tap-menu", key=words)["replies"]
        assert reply["text"].startswith(beginning), words


def test_a_stranger_can_ask_everything(front: Front) -> None:
    """Somebody who has nothing yet gets an answer to each word."""
    person = front.person("新来的", follows=True, signed_in=False)
    for words in ("积分", "我的推荐", "优惠券", "规则", "门店", "海报", "帮助"):
        assert say(front, person, words)


def test_who_follows_by_a_friends_code_is_greeted_and_noted(front: Front) -> None:
    """The touch belongs to the code's owner, and the greeting leads to the landing page."""
    referrer = front.person("王小美")
    code = front.code_of(referrer)
    friend = front.person("李静", signed_in=False)
    greeting = follow(front, friend, code.lower())

    assert greeting.startswith("欢迎来到青禾小馆！\n是王**推荐你来的，还为你准备了¥20 新客券")
    assert "王小美" not in greeting
    [(by, _, channel)] = touches(front)
    assert (by, channel) == (referrer.id, "official_account")


def test_the_touch_stays_when_the_follower_proves_to_be_a_customer(front: Front) -> None:
    """WeChat tells the unionid afterwards; both records become one, and the touch is kept."""
    referrer = front.person("王小美")
    friend = front.person("李静")
    follow(front, friend, front.code_of(referrer))
    [(_, follower_id, _)] = touches(front)
    assert follower_id != friend.id
    front.settle()

    assert touches(front) == [(referrer.id, friend.id, "official_account")]
    assert front.do(lambda tx: identity.is_following(tx, friend.id))
    claimed = front.claim(friend, referrer)
    assert claimed.referral_id


def test_a_follower_without_unionid_is_recognised_later(front: Front) -> None:
    """The accounts were bound only afterwards: the next word is the occasion to ask again."""
    customer = front.person("李静")
    front.driver.post("/_apps/official_account/binding", {"bound": False})
    follow(front, customer)
    front.settle()
    openid = customer.official_openid

    def follower(tx: Tx) -> identity.Person | None:
        return identity.find_by_openid(tx, "official_account", openid)

    found = front.do(follower)
    assert found is not None
    assert found.id != customer.id
    front.driver.post("/_apps/official_account/binding", {"bound": True})
    say(front, customer, "积分")
    front.settle()
    found = front.do(follower)
    assert found is not None
    assert found.id == customer.id


def test_an_account_that_may_not_ask_who_follows_still_talks(front: Front) -> None:
    """48001: the permission is missing; nothing is tried again and again."""
    front.fault("/cgi-bin/user/info", errcode=48001, times=9)
    person = front.person("李静", follows=True, signed_in=False)
    assert say(front, person, "积分").startswith("你有 0 积分可用")
    front.settle()
    assert front.states() == {"done"}


def test_codes_that_lead_to_nobody_new(front: Front) -> None:
    """One's own, an unknown one, and one of a friend whose gift was claimed: each is answered."""
    referrer, friend = front.person("王小美", follows=True), front.person("李静", follows=True)
    code = front.code_of(referrer)
    front.claim(friend, referrer)

    def scan(person: Person, scene: str) -> str:
        [reply] = front.driver.act(person.phone, "follow", scene=scene)["replies"]
        return str(reply["text"])

    assert scan(referrer, code).startswith("这是你自己的推荐码")
    assert scan(referrer, "nobody").startswith("你好，这里是青禾小馆。")
    assert scan(friend, code).startswith("王**送你的新客礼已经在券包里了")
    assert touches(front) == []


def test_an_old_customer_is_greeted_without_an_offer(front: Front) -> None:
    """Nothing is promised that a claim would refuse."""
    referrer, customer = front.person("王小美"), front.person("李静", follows=True)
    front.visit(customer)
    front.settle()
    code = front.code_of(referrer)
    greeting = front.driver.act(customer.phone, "follow", scene=code)["replies"][0]["text"]
    assert greeting.startswith("是王**推荐你来的，见到你真好")
    assert "¥" not in greeting


def test_news_that_comes_late_changes_nothing(front: Front) -> None:
    """WeChat may deliver an older follow after the unfollow, and the other way round."""
    client, openid = front.app.test_client(), "o-late"

    def following() -> bool:
        person = front.do(lambda tx: identity.find_by_openid(tx, "official_account", openid))
        assert person is not None
        return front.do(lambda tx: identity.is_following(tx, person.id))

    send(client, event(openid, "unsubscribe", CreateTime=2000))
    send(client, event(openid, "subscribe", EventKey="", CreateTime=1000))
    assert not following()
    send(client, event(openid, "subscribe", EventKey="", CreateTime=3000))
    send(client, event(openid, "unsubscribe", CreateTime=2500))
    assert following()


def test_a_repeated_delivery_gets_the_same_reply_and_no_second_effect(front: Front) -> None:
    """WeChat repeats what it believes lost; meanwhile the answer would be another."""
    referrer, person = front.person("王小美"), front.person("李静", signed_in=False)
    fields = event(
        person.official_openid, "subscribe", EventKey=f"qrscene_{front.code_of(referrer)}"
    )
    client = front.app.test_client()
    first = answer_of(send(client, fields))

    def rows(tx: Tx) -> dict[str, int]:
        return {
            table.name: tx.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }

    before = front.do(rows)
    front.clock.advance(days=1)
    assert answer_of(send(client, fields)) == first
    assert front.do(rows) == before


def test_wechats_own_repetition_shows_one_reply(front: Front) -> None:
    """The sandbox delivers twice, as WeChat does."""
    person = front.person("王小美", follows=True)
    front.fault("/wechat/official-account", duplicate=2)
    before = len(front.shown(person, "reply"))
    say(front, person, "积分")
    assert len(front.shown(person, "reply")) == before + 1

    def texts(tx: Tx) -> int:
        query = select(func.count()).where(CallbackRow.kind == "text")
        return tx.session.scalar(query) or 0

    assert front.do(texts) == 1


@pytest.mark.parametrize(
    "fields",
    [
        event("o-1", "something_new_of_2027", Detail={"a": "b"}),
        event("o-1", "LOCATION", Latitude="23.1"),
        event("o-1", "CLICK", EventKey=""),
        event("o-1", "SCAN"),
        event("o-1", "subscribe", EventKey="qrscene_" + "x" * 200, CreateTime=2**53),
        event("o-1", "TEMPLATESENDJOBFINISH", MsgID=99, Status="success"),
        event("o-1", "TEMPLATESENDJOBFINISH"),
        message("o-1", MsgType="voice", MediaId="m", MsgId=5),
        message("o" * 128, MsgType="text", Content="\u0000\u0007积分😀", MsgId=6),
        text("o-1", "长" * 2000, msg_id=7),
    ],
    ids=lambda fields: str(fields.get("Event") or fields["MsgType"]),
)
def test_whatever_comes_is_survived(front: Front, fields: dict[str, object]) -> None:
    """Unknown kinds, odd values: always 200, nothing left dead."""
    assert send(front.app.test_client(), fields).status_code == 200
    front.settle()
    assert "dead" not in front.states()


def test_a_right_that_was_switched_off_is_gone(front: Front) -> None:
    """The person did so in the list of service notices; the mini-program's callback tells."""
    person = front.person("王小美")
    front.allow(person, "success", times=2)
    [template_id] = front.do(lambda tx: rights_of(tx, person.id))
    front.driver.act(person.phone, "withdraw", template_ids=[template_id])
    assert eventually(lambda: front.do(lambda tx: rights_of(tx, person.id)) == {template_id: 0})


def test_the_menu_is_published_by_command_and_can_be_tapped(front: Front) -> None:
    """WeChat accepts it, and each of its keys is one that is understood."""
    [command] = FEATURE.commands(front.assembly.parts)
    assert CliRunner().invoke(command).exit_code == 0
    person = front.person("王小美", follows=True)
    buttons = front.driver.get("/_state")["menu"]
    assert len(buttons) == 3
    for button in buttons:
        for item in button["sub_button"]:
            told = front.driver.act(person.phone, "tap-menu", key=item["name"])
            assert told["replies"] if item["type"] == "click" else told["opens"] == "mini_program"
    assert CliRunner().invoke(command, ["--remove"]).exit_code == 0
    assert front.driver.get("/_state")["menu"] == []


def test_a_menu_that_wechat_refuses_is_a_failed_command(front: Front) -> None:
    """One sentence and exit code 1; no secret in it."""
    [command] = FEATURE.commands(front.assembly.parts)
    front.fault("/cgi-bin/menu/create", errcode=48001)
    answer = CliRunner().invoke(command)
    assert answer.exit_code == 1
    assert "48001" in answer.output
    assert front.assembly.settings.wechat.official_account.secret not in answer.output
