"""Two records are one person, or a person is forgotten: what that does to referrals."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.referrals import queries
from wxapp_backend.features.referrals.errors import (
    AlreadyReferred,
    NotNewCustomer,
    SelfReferral,
)
from wxapp_backend.features.referrals.models import Referral, Share, Step, Touch
from wxapp_backend.features.referrals.service import codes
from wxapp_backend.features.referrals.service.ending import reject
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Tx

_OPEN = ("claimed", "qualified", "pending")


def merge(tx: Tx, *, from_id: str, into_id: str) -> None:
    """Hand what one person has over to another; no rule is broken by it, and nothing paid twice.

    A referral that would make the person their own referrer, or the second one of a friend, earns
    nothing any more and binds nobody.
    """
    codes.merge(tx, from_id=from_id, into_id=into_id)
    campaigns.merge_usage(tx, from_id=from_id, into_id=into_id)
    _merge_touches(tx, from_id, into_id)
    for share in tx.session.scalars(select(Share).where(Share.person_id == from_id)):
        share.person_id = into_id
    for referral in _of(tx, from_id):
        _move(tx, referral, from_id, into_id)
    tx.session.flush()


def forget(tx: Tx, person_id: str) -> None:
    """Drop what tells about an erased person; referrals stay, as rows of the shop's books."""
    codes.forget(tx, person_id)
    tx.session.execute(delete(Share).where(Share.person_id == person_id))
    tx.session.execute(
        delete(Touch).where((Touch.friend_id == person_id) | (Touch.referrer_id == person_id))
    )
    for referral in _of(tx, person_id):
        if referral.state == "touched":
            referral.state = "expired"
    tx.session.flush()


def _of(tx: Tx, person_id: str) -> list[Referral]:
    statement = (
        select(Referral)
        .where((Referral.referrer_id == person_id) | (Referral.friend_id == person_id))
        .order_by(Referral.id)
        .with_for_update()
    )
    return list(tx.session.scalars(statement))


def _merge_touches(tx: Tx, from_id: str, into_id: str) -> None:
    statement = select(Touch).where((Touch.friend_id == from_id) | (Touch.referrer_id == from_id))
    for touch in tx.session.scalars(statement).all():
        referrer_id = into_id if touch.referrer_id == from_id else touch.referrer_id
        friend_id = into_id if touch.friend_id == from_id else touch.friend_id
        same = queries.touch_on(tx, referrer_id=referrer_id, friend_id=friend_id, day=touch.on_day)
        if referrer_id == friend_id or same is not None:
            tx.session.delete(touch)
        else:
            touch.referrer_id, touch.friend_id = referrer_id, friend_id
        tx.session.flush()


def _move(tx: Tx, referral: Referral, from_id: str, into_id: str) -> None:
    referrer_id = into_id if referral.referrer_id == from_id else referral.referrer_id
    friend_id = into_id if referral.friend_id == from_id else referral.friend_id
    if referrer_id == friend_id:
        _retire(tx, referral, SelfReferral.code, "推荐人和被推荐的朋友是同一个人")
        return
    if referral.bound_friend_id is not None and _has_other(tx, referral, referrer_id, friend_id):
        _retire(tx, referral, AlreadyReferred.code, "这位朋友此前已有推荐人")
        return
    if not _make_room(tx, referral, referrer_id, friend_id):
        return
    referral.referrer_id, referral.friend_id = referrer_id, friend_id
    if referral.bound_friend_id is not None:
        referral.bound_friend_id = friend_id
    if referral.presented_id == from_id:
        referral.presented_id = into_id
    tx.session.flush()
    if friend_id == into_id:
        _check_newness(tx, referral, (from_id, into_id))


def _has_other(tx: Tx, referral: Referral, referrer_id: str, friend_id: str) -> bool:
    """Say whether the friend is bound to another already, or stands above this referrer."""
    rival = queries.find_bound(tx, friend_id)
    if rival is not None and rival.id != referral.id:
        return True
    return friend_id in queries.chain_of(tx, referrer_id)


def _make_room(tx: Tx, referral: Referral, referrer_id: str, friend_id: str) -> bool:
    """Drop the less of two referrals between the same two people; say if this one stays."""
    other = queries.find_pair(tx, referrer_id=referrer_id, friend_id=friend_id)
    if other is None or other.id == referral.id:
        return True
    if other.claimed_at is None:
        _drop(tx, other)
        return True
    if referral.claimed_at is None:
        _drop(tx, referral)
    else:
        _retire(tx, referral, AlreadyReferred.code, "这位朋友此前已有推荐人")
    return False


def _check_newness(tx: Tx, referral: Referral, person_ids: tuple[str, str]) -> None:
    """Reject what rests on a newness that the other record disproves."""
    if referral.state not in _OPEN or referral.claimed_at is None:
        return
    assert referral.campaign_version_id is not None
    document = campaigns.get_version(tx, referral.campaign_version_id).document
    days = document.new_customer.no_visit_in_days
    since = None if days is None else referral.claimed_at - timedelta(days=days)
    counted = {row.visit_id for row in queries.visits_of(tx, referral.id)}
    for person_id in person_ids:
        for visit, _review in visits.list_for(tx, person_id)[0]:
            if (
                visit.id not in counted
                and visit.amount_fen > visit.refunded_fen
                and visit.paid_at < referral.claimed_at
                and (since is None or visit.paid_at > since)
            ):
                reason = "两个账号确认为同一人，领取优惠前已在本店消费过"
                reject(tx, referral.id, reasons=[(NotNewCustomer.code, reason)])
                return


def _drop(tx: Tx, referral: Referral) -> None:
    """Delete a referral that never got beyond a touch."""
    tx.session.execute(delete(Step).where(Step.referral_id == referral.id))
    tx.session.delete(referral)
    tx.session.flush()


def _retire(tx: Tx, referral: Referral, code: str, message: str) -> None:
    """Leave a referral under the old id, as what it has come to, binding nobody."""
    if referral.state in _OPEN:
        reject(tx, referral.id, reasons=[(code, message)])
    elif referral.state == "touched":
        referral.state = "expired"
    referral.bound_friend_id = None
    tx.session.flush()
