"""Each message by the best channel that reaches the person, and never twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from tests.integration.front import (
    SUBSCRIBE_SEND,
    TEMPLATE_SEND,
    Front,
    Person,
    eventually,
    template_of,
)
from wxapp_backend.features.bot.events import MessageFinished
from wxapp_backend.features.messaging.models import AttemptRow, MessageRow
from wxapp_backend.features.messaging.queries import rights_of
from wxapp_backend.features.referrals.events import FriendReturned
from wxapp_backend.features.rewards.events import RewardGranted
from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.handlers import Effect
from wxapp_backend.infra.outbox.rows import DeliveryRow, EventRow
from wxapp_backend.kernel.events import DomainEvent

Pair = tuple[Person, Person]


def message(front: Front, kind: str = "success") -> MessageRow:
    """Return the only message of a kind."""
    return front.do(
        lambda tx: tx.session.scalars(select(MessageRow).where(MessageRow.kind == kind)).one()
    )


def results(front: Front) -> dict[str, str]:
    """Return how each channel's try ended."""
    return {
        row.channel: row.result
        for row in front.do(lambda tx: tx.session.scalars(select(AttemptRow)).all())
    }


def successes(front: Front, person: Person) -> list[str]:
    """Return the success messages that a phone shows."""
    return [text for text in front.shown(person) if "推荐成功" in text]


def test_a_follower_is_told_by_template_message(front: Front, pair: Pair) -> None:
    """Once on the phone with the masked name, once in the inbox; it opens the referrals."""
    referrer, friend = pair
    front.visit(friend)
    front.settle()

    [told] = front.driver.messages(referrer.phone)[:1]
    assert told["channel"] == "template"
    assert "李**" in told["text"]
    assert "李静" not in told["text"]
    assert "200 积分和 ¥10 券" in told["text"]
    assert told["opens"]["path"] == "pages/referrals/index"
    assert results(front) == {"official_account": "sent"}
    assert [each["kind"] for each in front.inbox(referrer)] == ["success", "friend_claimed"]


def test_the_same_event_again_tells_nothing_more(front: Front, pair: Pair) -> None:
    """Events may come twice; a message goes out once for its cause and person."""
    referrer, friend = pair
    front.visit(friend)
    front.settle()
    front.visit(friend)
    front.settle()
    inbox = len(front.inbox(referrer))

    def emit_all_again(tx: Tx) -> None:
        rows = tx.session.scalars(select(EventRow).order_by(EventRow.id)).all()
        kinds: dict[str, type[DomainEvent]] = {
            RewardGranted.name: RewardGranted,
            FriendReturned.name: FriendReturned,
        }
        for row in rows:
            if row.name in kinds:
                tx.emit(kinds[row.name](**row.payload))

    front.do(emit_all_again)
    front.settle()

    assert len(successes(front, referrer)) == 1
    assert len([text for text in front.shown(referrer) if "再次到店" in text]) == 1
    assert len(front.inbox(referrer)) == inbox
    ours = DeliveryRow.subscriber.startswith("messaging.on_")
    states = front.do(lambda tx: tx.session.scalars(select(DeliveryRow.state).where(ours)).all())
    assert set(states) == {"done"}


def test_an_unknown_outcome_is_repeated_under_the_same_name(front: Front, pair: Pair) -> None:
    """WeChat took the message and did not answer: the repetition is dropped there."""
    referrer, friend = pair
    front.fault(TEMPLATE_SEND, timeout=True, after_effect=True)
    front.visit(friend)
    front.settle()
    assert results(front) == {"official_account": "sending"}
    front.hurry()

    assert len(successes(front, referrer)) == 1
    assert results(front) == {"official_account": "sent"}


def test_an_unknown_outcome_is_not_repeated_after_ten_minutes(front: Front, pair: Pair) -> None:
    """Later WeChat would take it for another message; nor does another channel tell it."""
    referrer, friend = pair
    front.allow(referrer, "success")
    front.fault(TEMPLATE_SEND, timeout=True, after_effect=True)
    front.visit(friend)
    front.settle()
    front.clock.advance(minutes=10)
    front.driver.advance(660)
    front.hurry()

    assert len(successes(front, referrer)) == 1
    assert results(front) == {"official_account": "unknown"}
    assert message(front).state == "sent"


def test_a_message_that_wechat_did_not_take_goes_out_hours_later(front: Front, pair: Pair) -> None:
    """A used-up daily quota is no unknown outcome: nothing was sent, so it may be sent."""
    referrer, friend = pair
    front.fault(TEMPLATE_SEND, errcode=45009)
    front.visit(friend)
    front.settle()
    assert results(front) == {}
    front.clock.advance(hours=2)
    front.hurry()

    assert len(successes(front, referrer)) == 1
    assert results(front) == {"official_account": "sent"}


def test_who_does_not_follow_is_told_by_subscription_message(front: Front) -> None:
    """One consent, one message; the right is used up."""
    referrer, friend = front.person("王小美"), front.person("李静")
    front.allow(referrer, "success")
    front.claim(friend, referrer)
    front.visit(friend)
    front.settle()

    assert len(front.shown(referrer, "subscription")) == 1
    assert results(front) == {"mini_program": "sent"}
    template_id = template_of("mini_program", "success")
    assert front.do(lambda tx: rights_of(tx, referrer.id)) == {template_id: 0}


@pytest.mark.parametrize("refusal", [43004, 40037, 47003, 43101])
def test_a_refusal_of_the_official_account_leads_to_the_next_channel(
    front: Front, pair: Pair, refusal: int
) -> None:
    """Whether the person, the template or a value is the reason."""
    referrer, friend = pair
    front.allow(referrer, "success")
    front.fault(TEMPLATE_SEND, errcode=refusal)
    front.visit(friend)
    front.settle()

    assert front.shown(referrer, "template") == []
    assert len(front.shown(referrer, "subscription")) == 1
    assert results(front)["mini_program"] == "sent"


def test_without_any_right_it_waits_in_the_inbox(front: Front) -> None:
    """Nothing is sent, the inbox has it."""
    referrer, friend = front.person("王小美"), front.person("李静")
    front.claim(friend, referrer)
    front.visit(friend)
    front.settle()

    assert message(front).state == "inbox_only"
    assert results(front) == {}
    assert front.inbox(referrer)[0]["title"] == "推荐成功"


def test_a_right_that_wechat_does_not_know_is_forgotten(front: Front) -> None:
    """43101: the person took it back, or it is used up; the inbox has the message."""
    referrer, friend = front.person("王小美"), front.person("李静")
    front.allow(referrer, "success", times=2)
    front.fault(SUBSCRIBE_SEND, errcode=43101)
    front.claim(friend, referrer)
    front.visit(friend)
    front.settle()

    assert message(front).state == "inbox_only"
    assert set(front.do(lambda tx: rights_of(tx, referrer.id)).values()) == {0}


def test_a_subscription_message_is_never_repeated(front: Front) -> None:
    """Its outcome is unknown: WeChat would not notice a second one, so there is none."""
    referrer, friend = front.person("王小美"), front.person("李静")
    front.allow(referrer, "success", times=2)
    front.fault(SUBSCRIBE_SEND, timeout=True, after_effect=True)
    front.claim(friend, referrer)
    front.visit(friend)
    front.settle()
    front.hurry()

    assert len(front.shown(referrer, "subscription")) == 1
    assert results(front) == {"mini_program": "unknown"}
    assert message(front).state == "sent"


def test_a_subscription_message_that_wechat_did_not_take_is_sent_later(front: Front) -> None:
    """WeChat was busy: the right is still there, and the message goes out once."""
    referrer, friend = front.person("王小美"), front.person("李静")
    front.allow(referrer, "success")
    front.fault(SUBSCRIBE_SEND, errcode=45009)
    front.claim(friend, referrer)
    front.visit(friend)
    front.settle()
    front.hurry()

    assert len(front.shown(referrer, "subscription")) == 1
    assert message(front).state == "sent"


@pytest.mark.parametrize("status", ["failed:user block", "failed: system failed"])
def test_a_message_that_did_not_arrive_after_all_goes_on(
    front: Front, pair: Pair, status: str
) -> None:
    """WeChat accepted it and reports the failure later (TEMPLATESENDJOBFINISH)."""
    referrer, friend = pair
    front.allow(referrer, "success")
    front.fault(TEMPLATE_SEND, finish=status)
    front.visit(friend)
    front.settle()

    def arrived() -> list[str]:
        front.hurry()
        return front.shown(referrer, "subscription")

    assert len(eventually(arrived)) == 1
    assert results(front) == {"official_account": "undelivered", "mini_program": "sent"}
    assert front.shown(referrer, "template") == []


def test_a_result_that_is_quicker_than_our_record_waits_for_it(front: Front, pair: Pair) -> None:
    """WeChat's event came before the answer to our call was written down."""
    referrer, friend = pair
    front.allow(referrer, "success")
    front.visit(friend)
    finished = MessageFinished(
        channel="official_account",
        wechat_id="4711",
        status="failed:user block",
        received_at=front.clock().isoformat(),
    )
    front.do(lambda tx: tx.emit(finished))
    front.settle()
    assert results(front) == {"official_account": "sent"}

    key = (message(front).id, "official_account")

    def attempt(tx: Tx) -> AttemptRow:
        return tx.session.get_one(AttemptRow, key)

    def has_own_result() -> bool:
        front.settle()
        return front.do(attempt).final_status is not None

    def write_down(tx: Tx) -> None:
        row = attempt(tx)
        row.wechat_id, row.final_status = "4711", None

    eventually(has_own_result)  # the sandbox's own, which would disturb
    front.do(write_down)
    front.hurry()

    assert results(front) == {"official_account": "undelivered", "mini_program": "sent"}


def test_a_result_of_somebody_elses_message_is_let_go(front: Front) -> None:
    """The merchant may send messages by other programs; after two minutes nobody waits."""
    finished = MessageFinished(
        channel="official_account",
        wechat_id="1",
        status="success",
        received_at=front.clock().isoformat(),
    )
    front.do(lambda tx: tx.emit(finished))
    front.settle()
    assert front.states() == {"new"}
    front.clock.advance(minutes=3)
    front.hurry()
    assert front.states() == {"done"}


def test_a_worker_that_dies_while_sending_leaves_one_message(front: Front, pair: Pair) -> None:
    """The message was taken, the record lost: the next worker repeats it under the same name."""
    referrer, friend = pair
    front.visit(friend)

    name = "messaging.send_official"
    whole = front.harness.handlers[name]
    assert isinstance(whole, Effect)

    def die(*_: object) -> None:
        raise Died

    front.harness.handlers[name] = replace(whole, record=die)
    with pytest.raises(Died):
        front.settle()
    front.harness.handlers[name] = whole
    front.do(_end_leases)
    front.settle()

    assert len(successes(front, referrer)) == 1
    assert results(front) == {"official_account": "sent"}


class Died(BaseException):
    """The process is gone: nothing that it does afterwards counts."""


def _end_leases(tx: Tx) -> None:
    tx.session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.state.in_(("running", "sending")))
        .values(lease_until=system_clock())
    )
