"""What the conversation leads to afterwards: who follows, how a message ended, late answers."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wxapp_backend.features.bot.events import (
    CleaningDue,
    FollowerSeen,
    LateReplyDue,
    MessageFinished,
    PosterWanted,
)
from wxapp_backend.features.bot.queries import find_reply
from wxapp_backend.features.bot.service.callbacks import forget_old
from wxapp_backend.features.bot.service.chat_posters import Messenger, take_order
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.messaging import api as messaging
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.handlers import Effect, OutcomeUnknown, Payload, TryLater
from wxapp_backend.infra.wechat.errors import WeChatError
from wxapp_backend.infra.wechat.official import OfficialAccount

_PATIENCE = timedelta(minutes=2)
"""How long a result may be here before our own record of the message is: WeChat is that quick."""

_WAIT_SECONDS = 1.0

log = logging.getLogger(__name__)


def recognise_follower(account: OfficialAccount) -> Effect:
    """Return the handler that asks WeChat for a follower's unionid and links the person by it."""

    def prepare(tx: Tx, payload: Payload) -> str | None:
        seen = FollowerSeen(**payload)
        person = identity.find_person(tx, seen.person_id)
        if person is None or person.unionid is not None:
            return None
        return identity.openid_of(tx, person.id, "official_account")

    def call(openid: str) -> tuple[str, str | None]:
        try:
            return openid, account.user(openid).unionid
        except WeChatError as error:
            if error.final_for_person or error.needs_operator:
                log.warning("follower not recognised", extra={"code": error.code})
                return openid, None  # asked again at the next occasion
            raise TryLater(f"wechat {error.code}", seconds=error.wait_seconds) from None

    def record(tx: Tx, _payload: Payload, found: tuple[str, str | None]) -> None:
        openid, unionid = found
        if unionid is not None:
            identity.link(tx, app="official_account", openid=openid, unionid=unionid)

    return Effect(prepare, call, record, unknown="repeat", lock_field="person_id")


@dataclass(frozen=True, slots=True)
class Reply:
    """A text on its way to one person."""

    openid: str = field(repr=False)
    text: str = field(repr=False)


def send_late_reply(account: OfficialAccount) -> Effect:
    """Return the handler that answers what was said while the database was away.

    As a customer-service message: WeChat lets us answer for 48 hours. Never twice.
    """

    def prepare(tx: Tx, payload: Payload) -> Reply | None:
        due = LateReplyDue(**payload)
        text = find_reply(tx, due.dedupe_key)
        openid = identity.openid_of(tx, due.person_id, "official_account")
        return Reply(openid, text) if openid and text else None

    def call(reply: Reply) -> None:
        try:
            account.send_text(reply.openid, reply.text)
        except WeChatError as error:
            if error.retryable:
                raise TryLater(f"wechat {error.code}", seconds=error.wait_seconds) from None
            if error.outcome_unknown:
                raise OutcomeUnknown(f"wechat {error.code}") from None
            log.warning("late reply refused", extra={"code": error.code})

    def record(_tx: Tx, _payload: Payload, _outcome: None) -> None:
        """Nothing: the delivery itself says that it was done."""

    return Effect(prepare, call, record, unknown="abandon", lock_field="person_id")


def send_poster(messenger: Messenger) -> Effect:
    """Return the handler that sends a person's poster into the chat.

    Repeated after a crash: a second picture is less bad than none after it was promised.
    """

    def record(_tx: Tx, _payload: Payload, _outcome: None) -> None:
        """Nothing: the delivery itself says that it was done."""

    return Effect(
        lambda tx, payload: take_order(tx, PosterWanted(**payload)),
        messenger.send,
        record,
        unknown="repeat",
        lock_field="person_id",
    )


def on_message_finished(tx: Tx, event: MessageFinished) -> None:
    """Note how a message ended that WeChat had accepted.

    Raises:
        TryLater: WeChat was quicker than our own note of having sent it.
    """
    channel: messaging.Channel = (
        "mini_program" if event.channel == "mini_program" else "official_account"
    )
    if messaging.record_final(tx, event.wechat_id, event.status, channel=channel):
        return
    if tx.now - datetime.fromisoformat(event.received_at) < _PATIENCE:
        raise TryLater("message not recorded yet", seconds=_WAIT_SECONDS)


def on_cleaning_due(tx: Tx, _event: CleaningDue) -> None:
    """Forget old callbacks."""
    forget_old(tx)
