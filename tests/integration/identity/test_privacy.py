"""Consent, export and erasure."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.conftest import FakeClock
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.identity.models import OpenidRow, PersonRow, PhoneRow, SessionRow
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.kernel.errors import Forbidden, NotFound, Unauthenticated

PHONE = "13800138000"


def known(tx: Tx) -> identity.SignedIn:
    """Return somebody of whom we hold all that can be held."""
    found = identity.sign_in(tx, app="mini_program", openid="o-1", unionid="u-1", days=1)
    identity.attach_phone(tx, found.person.id, PHONE)
    change = identity.ProfileChange(frozenset({"nickname"}), nickname="王小美")
    identity.update_profile(tx, found.person.id, change)
    identity.set_avatar(tx, found.person.id, "avatars/1.jpg")
    identity.record_consent(tx, found.person.id, kind="privacy", version="2026-11", granted=True)
    return found


def test_the_newest_answer_is_in_force(db: Database, clock: FakeClock) -> None:
    """Each kind of text has one answer in force; withdrawing is an answer too."""
    who = db.run(known).person.id
    clock.advance(hours=1)

    with db.transaction() as tx:
        identity.record_consent(tx, who, kind="messages", version="1", granted=True)
        identity.record_consent(tx, who, kind="privacy", version="2026-11", granted=False)

    with db.transaction() as tx:
        assert [(each.kind, each.granted) for each in identity.list_consents(tx, who)] == [
            ("messages", True),
            ("privacy", False),
        ]
        assert not identity.has_consented(tx, who, "privacy")
        assert identity.list_consents(tx, who)[0].at == tx.now


def test_the_export_holds_what_is_held(tx: Tx) -> None:
    """A person gets everything about them, and no credential."""
    found = known(tx)

    export = identity.export(tx, found.person.id)

    text = json.dumps(export, ensure_ascii=False)
    assert export["nickname"] == "王小美"
    assert export["phone_masked"] == "*******8000"
    assert export["wechat_accounts"][0]["openid"] == "o-1"
    assert export["consents"][0]["version"] == "2026-11"
    assert len(export["sessions"]) == 1
    assert found.token not in text
    assert PHONE not in text


def test_erasing_forgets_the_person_and_keeps_the_id(tx: Tx) -> None:
    """After an erasure the id leads to nobody's data, and the old token to nobody."""
    found = known(tx)

    identity.erase(tx, found.person.id)

    with pytest.raises(Unauthenticated):
        identity.authenticate(tx, found.token, "")
    person = identity.get_person(tx, found.person.id)
    assert (person.nickname, person.avatar_key, person.unionid) == (None, None, None)
    assert (person.phone_masked, person.birthday) == (None, None)
    assert person.erased_at == tx.now
    assert identity.display_name(person) == "***"
    assert identity.find_by_openid(tx, "mini_program", "o-1") is None
    assert identity.find_by_unionid(tx, "u-1") is None
    assert identity.find_by_phone(tx, PHONE) is None
    for table in (OpenidRow, PhoneRow, SessionRow):
        assert tx.session.scalars(select(table)).all() == []
    [erased] = [each for each in tx.emitted if each.event.name == "identity.person.erased"]
    assert erased.payload == {"person_id": person.id, "avatar_key": "avatars/1.jpg"}


def test_the_erased_are_erased_once(tx: Tx) -> None:
    """Erasing again, and asking for the data of the erased, finds nobody."""
    who = known(tx).person.id
    identity.erase(tx, who)

    for again in (identity.erase, identity.export, identity.was_erased_before):
        with pytest.raises(NotFound):
            again(tx, who)


@pytest.mark.parametrize("by", ["openid", "unionid", "phone"])
def test_who_comes_back_is_a_new_person_but_remembered(tx: Tx, by: str) -> None:
    """An erased person who returns gets a new record, and is told from a real newcomer."""
    erased = known(tx).person.id
    identity.erase(tx, erased)
    newcomer = identity.link(tx, app="mini_program", openid="o-2", unionid="u-2")

    if by == "phone":
        back = identity.person_for_phone(tx, PHONE)
    elif by == "unionid":
        back = identity.link(tx, app="official_account", openid="o-3", unionid="u-1")
    else:
        back = identity.link(tx, app="mini_program", openid="o-1", unionid=None)

    assert back != erased
    assert identity.was_erased_before(tx, back)
    assert not identity.was_erased_before(tx, newcomer)


def test_phones_are_not_stored(tx: Tx) -> None:
    """Neither table holds the number, nor a hash that could be found by trying numbers."""
    known(tx)

    row = tx.session.scalars(select(PhoneRow)).one()
    assert len(row.phone_hash) == 32
    assert PHONE.encode() not in row.phone_hash
    assert tx.session.scalars(select(PersonRow.phone_last_four)).one() == "8000"


@pytest.mark.parametrize("text", ["", "12345", "12800138000", "+8612345678", "+0123456789", "abc"])
def test_what_is_no_phone_number_is_refused(tx: Tx, text: str) -> None:
    """Refused with the field named, and nobody is made for it."""
    with pytest.raises(identity.PhoneInvalid) as refusal:
        identity.person_for_phone(tx, text)

    assert refusal.value.details == {"fields": {"phone": ["must be a mainland mobile or E.164"]}}
    assert identity.find_by_phone(tx, text) is None
    assert tx.session.scalars(select(PersonRow)).all() == []


def test_the_rotating_code_changes_and_its_predecessor_holds(
    db: Database, clock: FakeClock
) -> None:
    """A code is good while it is shown and for one period after; then it has expired."""
    who = db.run(known).person.id
    first = db.read(lambda tx: identity.personal_token(tx, who))
    assert first.expires_at - clock.now <= timedelta(seconds=30)
    assert len(first.token) <= 64
    assert first.token.startswith("YJM")

    clock.now = first.expires_at
    second = db.read(lambda tx: identity.personal_token(tx, who))

    assert second.token != first.token
    for token in (first.token, second.token, second.token.lower()):
        assert db.read(partial(identity.person_of_token, token=token)) == who
    clock.now = second.expires_at
    with pytest.raises(identity.TokenExpired):
        db.read(lambda tx: identity.person_of_token(tx, first.token))


def test_a_forged_code_is_unknown(tx: Tx) -> None:
    """A code for another person, another period or of the erased is none of ours."""
    who = known(tx).person.id
    other = identity.link(tx, app="mini_program", openid="o-2", unionid=None)
    token = identity.personal_token(tx, who).token

    for forged in (
        token.replace(who.upper(), other.upper()),
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "YJM",
        "",
        "YJC" + token[3:],
    ):
        with pytest.raises(identity.UnknownToken):
            identity.person_of_token(tx, forged)
    identity.erase(tx, who)
    with pytest.raises(identity.UnknownToken):
        identity.person_of_token(tx, token)


def test_a_key_opens_what_it_was_made_for(tx: Tx) -> None:
    """A program gets in by its key and scope, until the key is revoked."""
    secret = identity.make_api_key(tx, "till", ["orders"])

    caller = identity.authenticate_key(tx, secret, "orders")

    assert caller.audience == "api_key"
    with pytest.raises(Forbidden):
        identity.authenticate_key(tx, secret, "customers")
    with pytest.raises(Unauthenticated):
        identity.authenticate_key(tx, "yjk_guess", "orders")
    identity.revoke_api_key(tx, caller.id)
    identity.revoke_api_key(tx, caller.id)
    with pytest.raises(Unauthenticated):
        identity.authenticate_key(tx, secret, "orders")
    with pytest.raises(NotFound):
        identity.revoke_api_key(tx, "nobody")
