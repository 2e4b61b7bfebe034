"""The friend's words reach the referrer once, and only if shared and checked; rewards that wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from tests.integration.front import Front, Person
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.messaging import handlers as messaging
from wxapp_backend.features.messaging.models import MessageRow
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.referrals.events import FriendReturned
from wxapp_backend.features.rewards.events import HoldbackDue, RewardGranted
from wxapp_backend.features.visits import api as visits
from wxapp_backend.features.visits.events import ReviewWritten
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.handlers import in_tx
from wxapp_backend.infra.outbox.rows import EventRow

Pair = tuple[Person, Person]
WORDS = "多亏朋友推荐"


def kinds(front: Front, person: Person) -> list[str]:
    """Return the kinds of somebody's messages, oldest first."""
    return [each["kind"] for each in reversed(front.inbox(person))]


def carrying(front: Front, words: str) -> list[str]:
    """Return the kinds of the messages that carry these words, in the order of the alphabet."""
    return sorted(
        front.do(
            lambda tx: tx.session.scalars(
                select(MessageRow.kind).where(MessageRow.body.contains(words))
            ).all()
        )
    )


def test_words_that_come_later_are_the_first_impression_once(front: Front, pair: Pair) -> None:
    """The success does not wait for them; they follow, and stand in the second visit's message."""
    referrer, friend = pair
    visit = front.visit(friend)
    front.settle()
    front.review(friend, visit, WORDS)
    front.settle()
    front.visit(friend)
    front.settle()
    front.visit(friend)
    front.settle()

    assert kinds(front, referrer) == [
        "friend_claimed",
        "success",
        "first_impression",
        "second_visit",
    ]
    assert carrying(front, WORDS) == ["first_impression", "second_visit"]
    phone = front.shown(referrer, "template")
    assert [text.splitlines()[0] for text in phone] == [
        "推荐成功通知",
        "好友评价通知",
        "好友再次到店通知",
    ]
    assert WORDS in phone[1]
    assert WORDS in phone[2]


def test_words_that_are_there_stand_in_the_success(front: Front, pair: Pair) -> None:
    """And are not told a second time as a first impression."""
    referrer, friend = pair
    visit = front.visit(friend)
    front.review(friend, visit, WORDS)
    front.judge_reviews()
    front.settle()
    written = ReviewWritten(**_payload(front, ReviewWritten.name))
    front.do(lambda tx: tx.emit(written))
    front.settle()

    assert kinds(front, referrer) == ["friend_claimed", "success"]
    assert carrying(front, WORDS) == ["success"]
    assert WORDS in front.shown(referrer, "template")[0]


def test_words_that_stand_in_our_own_text_are_still_told(front: Front, pair: Pair) -> None:
    """`谢谢` is in the success message by chance, not as the friend's word."""
    referrer, friend = pair
    visit = front.visit(friend)
    front.settle()
    front.review(friend, visit, "谢谢")
    front.settle()
    assert kinds(front, referrer)[-1] == "first_impression"


@pytest.mark.parametrize(("text", "shared"), [(WORDS, False), ("加微信领特价货源", True)])
def test_words_not_shared_or_not_fit_stay_here(
    front: Front, pair: Pair, text: str, *, shared: bool
) -> None:
    """Without consent nothing is passed on; nor what WeChat's content check refuses."""
    referrer, friend = pair
    visit = front.visit(friend)
    front.settle()
    if shared:
        front.fault("/wxa/msg_sec_check", errcode=87014)
    front.review(friend, visit, text, shared=shared)
    front.settle()
    assert "first_impression" not in kinds(front, referrer)
    assert carrying(front, text) == []


def test_words_of_a_visit_before_the_claim_are_not_about_the_recommendation(front: Front) -> None:
    """Somebody who came back after long: only what was said since the claim counts."""
    front.open_campaign(new_customer__no_visit_in_days=30)
    referrer, friend = front.person("王小美"), front.person("李静")
    old = front.visit(friend)
    front.settle()
    front.clock.advance(days=40)
    front.claim(friend, referrer)
    new = front.visit(friend)
    front.settle()
    front.review(friend, old, "很久以前的话")
    front.review(friend, new, WORDS)
    front.settle()
    assert carrying(front, "很久以前的话") == []
    assert carrying(front, WORDS) == ["first_impression"]


@pytest.mark.parametrize("_round", range(3))
def test_success_and_review_at_the_same_time_tell_the_words_once(
    front: Front, pair: Pair, _round: int
) -> None:
    """Either the success carries them, or the first impression follows: never both, never none."""
    _referrer, friend = pair
    visit = front.visit(friend)
    waiting = ("messaging.on_reward_granted", "messaging.on_review_written")
    for name in waiting:
        front.harness.handlers[name] = in_tx(RewardGranted, lambda _tx, _event: None)
    front.harness.handlers[waiting[1]] = in_tx(ReviewWritten, lambda _tx, _event: None)
    front.settle()
    front.review(friend, visit, WORDS)
    front.settle()
    granted = RewardGranted(**_payload(front, RewardGranted.name))
    written = ReviewWritten(**_payload(front, ReviewWritten.name))
    together = threading.Barrier(2)

    def run(work: Callable[[Tx], None]) -> None:
        together.wait()
        front.do(work)

    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(run, lambda tx: messaging.on_reward_granted(tx, granted)),
            pool.submit(run, lambda tx: messaging.on_review_written(tx, written)),
        ]
        for each in both:
            each.result()

    assert len(carrying(front, WORDS)) == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_workers_with_the_same_news_tell_it_once(front: Front, pair: Pair, _round: int) -> None:
    """The loser of the race finds that it was told."""
    referrer, friend = pair
    front.harness.handlers["messaging.on_friend_returned"] = in_tx(
        FriendReturned, lambda _tx, _event: None
    )
    for _ in range(2):
        front.visit(friend)
        front.settle()
    returned = FriendReturned(**_payload(front, FriendReturned.name))
    together = threading.Barrier(4)

    def run(_number: int) -> None:
        together.wait()
        front.do(lambda tx: messaging.on_friend_returned(tx, returned))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    front.settle()
    assert kinds(front, referrer).count("second_visit") == 1
    assert len([text for text in front.shown(referrer) if "再次到店" in text]) == 1


def _payload(front: Front, name: str) -> dict[str, Any]:
    return dict(
        front.do(
            lambda tx: tx.session.scalars(
                select(EventRow.payload).where(EventRow.name == name)
            ).one()
        )
    )


def test_a_return_that_is_the_third_bill_is_told_if_none_was(front: Front) -> None:
    """The first bill was too small to count, the second counted: the third is the return."""
    referrer, friend = front.person("王小美"), front.person("李静")
    front.claim(friend, referrer)
    returned = FriendReturned(
        referral_id=front.do(lambda tx: _referral(tx, friend.id)),
        referrer_id=referrer.id,
        friend_id=friend.id,
        visit_id="v3",
        store_id=front.store_id,
        number=3,
    )
    for _ in range(2):
        front.do(lambda tx: messaging.on_friend_returned(tx, returned))
    assert kinds(front, referrer).count("second_visit") == 1


def _referral(tx: Tx, friend_id: str) -> str:
    found = referrals.referral_of_friend(tx, friend_id)
    assert found is not None
    return found.id


def test_a_reward_that_waits_is_told_with_its_date(front: Front) -> None:
    """And again, in the inbox only, when it is there."""
    front.open_campaign(holdback_days=7)
    referrer, friend = front.person("王小美", follows=True), front.person("李静")
    front.claim(friend, referrer)
    front.visit(friend)
    front.settle()
    [text] = front.shown(referrer, "template")
    assert "已到账" not in text
    assert "到账" in text
    assert "将于" in front.inbox(referrer)[0]["body"]

    front.clock.advance(days=8)
    front.do(lambda tx: tx.emit(HoldbackDue()))
    front.settle()
    assert kinds(front, referrer) == ["friend_claimed", "success", "reward_released"]
    assert len(front.shown(referrer, "template")) == 1


def test_a_reward_that_is_taken_back_is_told_and_the_next_is_no_second_success(
    front: Front,
) -> None:
    """The truth in the inbox, one success on the phone."""
    front.open_campaign(holdback_days=7)
    referrer, friend = front.person("王小美", follows=True), front.person("李静")
    front.claim(friend, referrer)
    front.visit(friend, order_no="A1")
    front.settle()
    front.do(lambda tx: visits.refund(tx, "A1", refund_no="R1", amount_fen=12800))
    front.settle()
    front.visit(friend, order_no="A2")
    front.settle()
    told = kinds(front, referrer)
    assert sorted(told[:3]) == ["friend_claimed", "reward_withdrawn", "success"]
    assert told.count("reward_again") == 1
    assert len([text for text in front.shown(referrer, "template") if "推荐成功" in text]) == 1


def test_a_reward_taken_back_before_it_was_told_is_not_told(front: Front) -> None:
    """Events may arrive in any order: the message speaks of what holds when it is written."""
    front.open_campaign(holdback_days=7)
    referrer, friend = front.person("王小美"), front.person("李静")
    front.claim(friend, referrer)
    whole = front.harness.handlers["messaging.on_reward_granted"]
    front.harness.handlers["messaging.on_reward_granted"] = in_tx(
        RewardGranted, lambda _tx, _event: None
    )
    front.visit(friend, order_no="A1")
    front.settle()
    front.do(lambda tx: visits.refund(tx, "A1", refund_no="R1", amount_fen=12800))
    front.settle()
    front.harness.handlers["messaging.on_reward_granted"] = whole
    granted = RewardGranted(**_payload(front, RewardGranted.name))
    front.do(lambda tx: messaging.on_reward_granted(tx, granted))
    assert kinds(front, referrer) == ["friend_claimed"]


def test_the_friend_is_told_what_was_claimed(front: Front, pair: Pair) -> None:
    """In the inbox, with the way to the coupon, and the referrer's name masked."""
    _referrer, friend = pair
    [told] = front.inbox(friend)
    assert told["kind"] == "coupon_received"
    assert told["body"].startswith("王**送你的「¥20 新客券，满 ¥100 可用」")
    assert told["page"].startswith("packages/wallet/coupon/index?id=")


def test_who_proves_to_be_another_keeps_the_messages_and_is_told_once(front: Front) -> None:
    """An event that carries the old id tells the same person nothing again."""
    older = front.person("王美")
    front.clock.advance(minutes=1)
    referrer = front.person("王小美", follows=True)
    friend = front.person("李静")
    front.claim(friend, referrer)
    for _ in range(2):
        front.visit(friend)
        front.settle()
    returned = FriendReturned(**_payload(front, FriendReturned.name))
    assert returned.referrer_id == referrer.id

    front.do(
        lambda tx: identity.link(
            tx, app="mini_program", openid=referrer.mini_openid, unionid=older.phone["unionid"]
        )
    )
    front.settle()
    front.do(lambda tx: messaging.on_friend_returned(tx, returned))
    front.settle()

    assert front.do(lambda tx: identity.current_id(tx, referrer.id)) == older.id
    assert sorted(kinds(front, older)) == ["friend_claimed", "second_visit", "success"]
    assert len(front.shown(referrer, "template")) == 2


def test_an_erased_friends_words_and_name_go(front: Front, pair: Pair) -> None:
    """What the referrer was told keeps its place, without anything of the friend."""
    referrer, friend = pair
    front.review(friend, front.visit(friend), WORDS)
    front.judge_reviews()
    front.settle()
    front.do(lambda tx: identity.erase(tx, friend.id))
    front.settle()
    bodies = [each["body"] for each in front.inbox(referrer)]
    assert len(bodies) == 2
    assert not any("李" in body or WORDS in body for body in bodies)
    assert carrying(front, "李") == []


def test_an_erased_referrer_is_told_nothing(front: Front, pair: Pair) -> None:
    """Neither in the inbox nor on the phone; nothing gets stuck."""
    referrer, friend = pair
    front.visit(friend)
    front.do(lambda tx: identity.erase(tx, referrer.id))
    front.settle()
    assert front.shown(referrer, "template") == []
    assert front.do(lambda tx: tx.session.scalars(select(MessageRow.kind)).all()) == [
        "coupon_received"
    ]
    assert "dead" not in front.states()
