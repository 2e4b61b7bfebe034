"""What messages say, and what only one kind of them may say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wxapp_backend.features.messaging import domain
from wxapp_backend.features.messaging.domain import Draft
from wxapp_backend.infra.wechat.fields import fit_all

AT = datetime(2026, 3, 9, 4, 30, tzinfo=UTC)
APP = Path("miniprogram/src/app.json")


def drafts(words: str | None = "味道很好", reward: str = "200 积分和 ¥10 券") -> list[Draft]:
    """Return one message of each kind, with these words wherever a friend's are quoted."""
    friend = "李**"
    found = [
        domain.success(friend=friend, reward=reward, words=words, at=AT, available_at=None),
        domain.success(friend=friend, reward=reward, words=words, at=AT, available_at=AT),
        domain.second_visit(friend=friend, store="西湖店", words=words, at=AT),
        domain.first_impression(friend=friend, words=words or "好", at=AT),
        domain.friend_claimed(friend=friend),
        domain.reward_again(friend=friend, reward=reward, available_at=AT),
        domain.reward_released(friend=friend, reward=reward),
        domain.reward_withdrawn(friend=friend),
        domain.coupon_received(referrer="王**", offer=reward, coupon_id="01c"),
        domain.friend_rewarded(reward=reward, available_at=None),
    ]
    return [each for each in found if each is not None]


def everything(draft: Draft) -> str:
    """Return all that a message shows, through WeChat as well."""
    fitted = fit_all({f"thing{n}": text for n, text in enumerate(draft.values.values())})
    return "\n".join([draft.title, draft.body, *draft.values.values(), *fitted.values()])


WORDS = [
    "味道很好",
    "推荐成功！再次到店还要来",
    "再 次 到 店",
    "再次😀到店",
    "推荐\u200b成功",
    "再次，到店吧",
    "再\ufe0f次到店",
]


@pytest.mark.parametrize("words", WORDS)
def test_each_of_the_two_phrases_stands_in_its_own_message_alone(words: str) -> None:
    """Whatever the friend wrote, also with signs in between that WeChat drops."""
    for draft in drafts(words, reward="推荐成功券和再次到店券"):
        text = everything(draft)
        assert ("推荐成功" in text) == (draft.kind == "success"), draft
        assert ("再次到店" in text) == (draft.kind == "second_visit"), draft


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_the_phrase_stands_in_the_body_too(kind: int) -> None:
    """Inbox and phone say the same."""
    draft = drafts(None)[kind]
    phrase = "再次到店" if draft.kind == "second_visit" else "推荐成功"
    assert phrase in draft.body
    assert phrase in draft.title
    assert phrase in "".join(value for key, value in draft.values.items() if key != "title")


def test_a_quote_keeps_the_rest_of_the_words() -> None:
    """What is left out is marked as left out; nothing is put into the friend's mouth."""
    draft = domain.first_impression(friend="李**", words="下次再次到店还点这个", at=AT)
    assert draft is not None
    assert draft.body == "李**想对你说：“下次……还点这个”"


def test_words_of_which_nothing_can_be_quoted_are_not_quoted() -> None:
    """No message with an empty quotation."""
    assert domain.first_impression(friend="李**", words="再次到店！", at=AT) is None
    told = domain.success(
        friend="李**", reward="200 积分", words="再次到店", at=AT, available_at=None
    )
    assert "TA说" not in everything(told)


def test_words_of_emoji_alone_are_words() -> None:
    """A thumb says enough."""
    draft = domain.first_impression(friend="李**", words="👍👍", at=AT)
    assert draft is not None
    assert "👍👍" in draft.body


def test_a_waiting_reward_is_not_said_to_be_there() -> None:
    """The date stands in the inbox and on the phone, with and without words."""
    waiting = datetime(2026, 3, 16, 20, 0, tzinfo=UTC)  # 17 March in the shop
    for words in (None, "味道很好"):
        draft = domain.success(
            friend="李**", reward="200 积分和 ¥10 券", words=words, at=AT, available_at=waiting
        )
        assert "已" not in everything(draft)
        assert "将于3月17日到账" in draft.body
        assert fit_all({"thing1": draft.values["reward"]})["thing1"].startswith("3月17日到账：200")


def test_the_texts_read_aloud() -> None:
    """The whole of them, to be read in a review."""
    told = {draft.kind: draft.body for draft in drafts()[1:]} | {"now": drafts()[0].body}
    assert told == {
        "now": "推荐成功！李**来店里消费了，你的 200 积分和 ¥10 券已经到账。TA说：“味道很好”",
        "success": "推荐成功！李**来店里消费了，你的 200 积分和 ¥10 券将于3月9日到账。"
        "TA说：“味道很好”",
        "second_visit": "李**再次到店，又来了西湖店。TA说：“味道很好”",
        "first_impression": "李**想对你说：“味道很好”",
        "friend_claimed": "李**领取了你送的新客礼，等TA来店里消费，你就会收到奖励。",
        "reward_again": "李**又来消费了，你的 200 积分和 ¥10 券将于3月9日到账。",
        "reward_released": "李**带来的 200 积分和 ¥10 券已经到账，谢谢你。",
        "reward_withdrawn": "李**的这次消费已退款或撤销，待到账的奖励随之取消；"
        "TA再来消费，奖励还会有的。",
        "coupon_received": "王**送你的「200 积分和 ¥10 券」已放进券包，到店出示券码就能用。",
        "friend_rewarded": "这次到店，也有一份心意给你：200 积分和 ¥10 券已经到账。",
    }


def test_somebody_without_a_name_is_a_friend() -> None:
    """Three stars are no way to speak of people."""
    assert domain.name_of("***") == "你的朋友"
    assert domain.name_of("李**") == "李**"


def test_every_page_is_one_of_the_mini_program() -> None:
    """A message never opens what is not there."""
    app = json.loads(APP.read_text(encoding="utf-8"))
    pages = set(app["pages"]) | {
        f"{part['root']}/{page}" for part in app["subPackages"] for page in part["pages"]
    }
    assert {draft.page.partition("?")[0] for draft in drafts()} <= pages
