"""Sending a message: the official account first, then the mini-program; the inbox has it anyway."""

from __future__ import annotations

from sqlalchemy import select

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.messaging.domain import (
    DEDUPED_FOR,
    Channel,
    Channels,
    ChannelTemplate,
    Dispatch,
    Outcome,
)
from wxapp_backend.features.messaging.events import SubscriptionAttemptDue
from wxapp_backend.features.messaging.models import AttemptRow, MessageRow
from wxapp_backend.features.messaging.service.rights import add_right, drop_rights, use_right
from wxapp_backend.infra.db import Tx

_NO_RIGHT_LEFT = 43101
"""WeChat: 用户拒绝接受消息 – the right was used up or taken back."""

_UNDER_WAY = ("sending", "repeating")


def prepare_official(tx: Tx, message_id: str, *, channels: Channels) -> Dispatch | None:
    """Return the template message to send, or go on to the next channel and return None.

    A try whose end is unknown is repeated while WeChat would drop the second one, never later.
    """
    message = _find_planned(tx, message_id)
    if message is None:
        return None
    attempt = _find_attempt(tx, message, "official_account")
    if attempt is not None and attempt.result not in _UNDER_WAY:
        return None
    template = channels.official.get(message.kind)
    follows = template is not None and identity.is_following(tx, message.person_id)
    openid = identity.openid_of(tx, message.person_id, "official_account") if follows else None
    if attempt is None:
        if template is None or openid is None:
            _try_subscription(tx, message)
            return None
        _begin(tx, message, "official_account")
        return _address(message, template, openid)
    if template is None or openid is None or attempt.began_at <= tx.now - DEDUPED_FOR:
        _end(tx, message, attempt, None)
        return None
    attempt.result = "repeating"
    return _address(message, template, openid)


def prepare_subscription(tx: Tx, message_id: str, *, channels: Channels) -> Dispatch | None:
    """Return the subscription message to send and take the right for it, or leave it in the inbox.

    Tried once only: WeChat would not notice a repetition.
    """
    message = _find_planned(tx, message_id)
    if message is None:
        return None
    attempt = _find_attempt(tx, message, "mini_program")
    if attempt is not None:
        if attempt.result in _UNDER_WAY:
            _end(tx, message, attempt, None)
        return None
    template = channels.mini_program.get(message.kind)
    openid = identity.openid_of(tx, message.person_id, "mini_program")
    if (
        template is None
        or openid is None
        or not use_right(tx, message.person_id, template.template_id)
    ):
        message.state = "inbox_only"
        return None
    _begin(tx, message, "mini_program")
    return _address(message, template, openid)


def take_back_official(tx: Tx, message_id: str) -> None:
    """Forget a first try that WeChat surely did not take, so that a later one is again the first.

    After an unknown end there may be an earlier one that it took: its ten minutes go on.
    """
    attempt = tx.session.get(AttemptRow, (message_id, "official_account"))
    if attempt is not None and attempt.result == "sending":
        tx.session.delete(attempt)


def take_back_subscription(tx: Tx, message_id: str, *, channels: Channels) -> None:
    """Forget a try that WeChat surely did not take, and give the right for it back."""
    attempt = tx.session.get(AttemptRow, (message_id, "mini_program"))
    message = tx.session.get(MessageRow, message_id)
    if attempt is None or message is None or attempt.result not in _UNDER_WAY:
        return
    tx.session.delete(attempt)
    template = channels.mini_program[message.kind]
    add_right(tx, message.person_id, template.template_id, 1)


def record_official(tx: Tx, message_id: str, outcome: Outcome | None) -> None:
    """Note how the official account's try ended; go on to the next channel if it failed."""
    message = tx.session.get(MessageRow, message_id)
    if message is not None:  # else the person was erased while it was on its way
        _end(tx, message, tx.session.get_one(AttemptRow, (message_id, "official_account")), outcome)


def record_subscription(
    tx: Tx, message_id: str, outcome: Outcome | None, *, channels: Channels
) -> None:
    """Note how the mini-program's try ended; None means that nobody knows."""
    message = tx.session.get(MessageRow, message_id)
    if message is None:
        return
    _end(tx, message, tx.session.get_one(AttemptRow, (message_id, "mini_program")), outcome)
    if outcome is not None and outcome.code == _NO_RIGHT_LEFT:
        template = channels.mini_program[message.kind]
        drop_rights(tx, message.person_id, template.template_id)


def record_final(tx: Tx, wechat_id: str, status: str, *, channel: Channel) -> bool:
    """Note WeChat's later word on a message; return whether it is one of ours.

    A template message that did not arrive after all goes on to the next channel, a subscription
    message stays in the inbox.
    """
    attempt = tx.session.scalar(
        select(AttemptRow).where(AttemptRow.wechat_id == wechat_id, AttemptRow.channel == channel)
    )
    if attempt is None:
        return False
    if attempt.final_status is not None:
        return True
    attempt.final_status = status[:40]
    message = tx.session.get_one(MessageRow, attempt.message_id)
    if status.lower().startswith("failed") and message.state == "sent":
        attempt.result = "undelivered"
        message.state = "inbox_only"
        if channel == "official_account":
            message.state = "planned"
            _try_subscription(tx, message)
    return True


def _find_planned(tx: Tx, message_id: str) -> MessageRow | None:
    """Return the message, unless it is done with or was deleted with its person."""
    message = tx.session.get(MessageRow, message_id)
    return message if message is not None and message.state == "planned" else None


def _find_attempt(tx: Tx, message: MessageRow, channel: Channel) -> AttemptRow | None:
    return tx.session.get(AttemptRow, (message.id, channel))


def _begin(tx: Tx, message: MessageRow, channel: Channel) -> None:
    tx.session.add(
        AttemptRow(message_id=message.id, channel=channel, result="sending", began_at=tx.now)
    )


def _address(message: MessageRow, template: ChannelTemplate, openid: str) -> Dispatch:
    values = {key: message.values.get(name, "") for name, key in template.keys.items()}
    return Dispatch(message.id, openid, template.template_id, values, message.page)


def _end(tx: Tx, message: MessageRow, attempt: AttemptRow, outcome: Outcome | None) -> None:
    attempt.result = outcome.result if outcome else "unknown"
    attempt.ended_at = tx.now
    if outcome is not None:
        attempt.code, attempt.wechat_id = outcome.code, outcome.wechat_id
    if outcome is None or outcome.result == "sent":
        message.state = "sent"  # what may have arrived must not be told twice
    elif attempt.channel == "official_account":
        _try_subscription(tx, message)
    else:
        message.state = "inbox_only"


def _try_subscription(tx: Tx, message: MessageRow) -> None:
    tx.emit(SubscriptionAttemptDue(message_id=message.id, person_id=message.person_id))
