"""What visits do when something has happened, and the content check of reviews."""

from __future__ import annotations

from dataclasses import dataclass, field

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.visits import api
from wxapp_backend.features.visits.events import ReviewCheckDue
from wxapp_backend.features.visits.ports import Opinion, TextCheck
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.handlers import Effect, Payload

_BATCH = 200
"""Reviews in one transaction: well below a second."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What WeChat is asked; `openid` is None for someone who never opened the mini-program."""

    openid: str | None = field(repr=False)
    text: str = field(repr=False)


def review_check(check: TextCheck) -> Effect:
    """Return the handler of `visits.review.submitted`; asking twice does no harm."""

    def prepare(tx: Tx, payload: Payload) -> _Question | None:
        waiting = api.text_to_check(tx, payload["review_id"])
        if waiting is None:
            return None
        person_id, text = waiting
        return _Question(identity.openid_of(tx, person_id, "mini_program"), text)

    def call(question: _Question) -> Opinion:
        if question.openid is None:
            return "unavailable"
        return check(question.openid, question.text)

    def record(tx: Tx, payload: Payload, opinion: Opinion | None) -> None:
        api.settle_check(tx, payload["review_id"], opinion or "unavailable")

    return Effect(prepare, call, record, unknown="repeat")


def on_review_check_due(tx: Tx, _event: ReviewCheckDue) -> None:
    """Ask WeChat again about reviews that it could not judge."""
    if api.ask_again(tx, _BATCH) == _BATCH:
        tx.emit(ReviewCheckDue())


def on_person_merged(tx: Tx, event: PersonMerged) -> None:
    """Give the visits of the person that is no more to the one that stays."""
    api.merge(tx, from_id=event.from_id, into_id=event.into_id)


def on_person_erased(tx: Tx, event: PersonErased) -> None:
    """Drop the words that the person wrote."""
    api.forget(tx, event.person_id)
