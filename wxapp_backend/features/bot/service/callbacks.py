"""Taking a callback in: recorded, understood and answered in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, update

from wxapp_backend.features.bot import domain
from wxapp_backend.features.bot.events import FollowerSeen, LateReplyDue, MessageFinished
from wxapp_backend.features.bot.models import CallbackRow
from wxapp_backend.features.bot.service.answers import ReplyBuilder
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.messaging import api as messaging
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.wechat.callback_event import Event
from wxapp_backend.kernel.errors import AppError

_NOTE_REPLY = update(CallbackRow).where(CallbackRow.dedupe_key == bindparam("of_key"))

KEPT = timedelta(days=7)
"""Far longer than WeChat repeats a callback."""


def take_in(tx: Tx, event: Event, replies: ReplyBuilder, *, is_late: bool = False) -> str | None:
    """Take a callback of the official account in and return the text to answer, if any.

    A callback that was taken in before changes nothing and gets the same text again. One that is
    late has got its response already: its answer is sent as a message.
    """
    if not tx.insert_unless_present(_row(tx, event, "official_account")):
        return tx.session.get_one(CallbackRow, event.dedupe_key).reply
    reply = _converse(tx, event, replies)
    tx.execute(_NOTE_REPLY, of_key=event.dedupe_key, reply=reply)
    if is_late and reply:
        tx.emit(LateReplyDue(person_id=_speaker(tx, event), dedupe_key=event.dedupe_key))
    return reply


def take_in_push(tx: Tx, event: Event) -> None:
    """Take a push of the mini-program in; a repeated one changes nothing."""
    if not tx.insert_unless_present(_row(tx, event, "mini_program")):
        return
    match event.kind:
        case "subscribe_msg_change_event":
            person = identity.find_by_openid(tx, "mini_program", event.openid)
            for entry in event.entries if person is not None else ():
                if entry.get("SubscribeStatusString") == "reject" and person is not None:
                    messaging.drop_rights(tx, person.id, entry.get("TemplateId", ""))
        case "subscribe_msg_sent_event":
            for entry in event.entries:
                is_good = entry.get("ErrorStatus", "").lower() == "success"
                status = "success" if is_good else f"failed:{entry.get('ErrorCode', '')}"
                _note_end(tx, "mini_program", entry.get("MsgID", ""), status)
        case _:
            pass  # nothing else of the mini-program concerns us


def forget_old(tx: Tx) -> None:
    """Forget callbacks that WeChat will not repeat any more."""
    tx.session.execute(delete(CallbackRow).where(CallbackRow.received_at <= tx.now - KEPT))


def _row(tx: Tx, event: Event, account: str) -> CallbackRow:
    return CallbackRow(
        dedupe_key=event.dedupe_key, account=account, kind=event.kind[:60], received_at=tx.now
    )


def _converse(tx: Tx, event: Event, replies: ReplyBuilder) -> str | None:
    match event.kind:
        case "subscribe" | "scan":
            return _arrive(tx, event, replies)
        case "unsubscribe":
            at = _instant(tx, event)
            identity.set_following(tx, openid=event.openid, following=False, at=at)
            return None
        case "text":
            return replies.answer(tx, _speaker(tx, event), event.text)
        case "click":
            return replies.answer(tx, _speaker(tx, event), event.key)
        case "templatesendjobfinish":
            _note_end(tx, "official_account", event.msg_id, event.status)
            return None
        case _:
            return None if event.is_event else domain.help_text(replies.shop)


def _arrive(tx: Tx, event: Event, replies: ReplyBuilder) -> str:
    """Somebody follows, or scans a code as a follower."""
    identity.set_following(tx, openid=event.openid, following=True, at=_instant(tx, event))
    person_id = _speaker(tx, event)
    is_new = event.kind == "subscribe"
    greeting = (
        _greet_friend(tx, person_id, event.scene, replies, is_new=is_new) if event.scene else None
    )
    return greeting or domain.welcome(replies.shop, replies.links, is_new=is_new)


def _greet_friend(
    tx: Tx, person_id: str, scene: str, replies: ReplyBuilder, *, is_new: bool
) -> str | None:
    """Record whose code was scanned; None if it is nobody's."""
    try:
        seen = tx.attempt(
            lambda inner: referrals.touch(inner, person_id, code=scene, channel="official_account")
        )
    except AppError:
        return None
    if seen.referrer_id == person_id:
        return domain.own_code(replies.links)
    referrer = identity.display_name(seen.referrer)
    if seen.is_claimed:
        return domain.claimed_before(referrer, replies.links)
    offer = seen.friend_offer if seen.claimable else None
    code = scene.strip().upper()
    return domain.recommended(replies.shop, referrer, offer, code, replies.links, is_new=is_new)


def _speaker(tx: Tx, event: Event) -> str:
    """Return who it is; whose unionid is not known yet is looked up afterwards."""
    person = identity.find_by_openid(tx, "official_account", event.openid)
    if person is None:
        made = identity.link(tx, app="official_account", openid=event.openid, unionid=None)
        person = identity.get_person(tx, made)
    if person.unionid is None:
        tx.emit(FollowerSeen(person_id=person.id))
    return person.id


def _note_end(tx: Tx, channel: str, wechat_id: str, status: str) -> None:
    if wechat_id:
        received_at = tx.now.isoformat()
        tx.emit(
            MessageFinished(
                channel=channel, wechat_id=wechat_id, status=status, received_at=received_at
            )
        )


def _instant(tx: Tx, event: Event) -> datetime:
    """Return when it happened by WeChat's clock; what lies beyond all calendars happened now."""
    try:
        return datetime.fromtimestamp(event.created_at, UTC)
    except (OverflowError, ValueError, OSError):
        return tx.now
