"""People are found by what WeChat calls them, and made once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import FakeClock
from tests.factories import events
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.identity.models import OpenidRow, PersonRow, SessionRow
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.kernel.errors import NotFound, Unauthenticated


def sign_in(tx: Tx, openid: str = "o-mini-1", unionid: str | None = None) -> identity.SignedIn:
    """Log in through the mini-program."""
    return identity.sign_in(tx, app="mini_program", openid=openid, unionid=unionid, days=30)


def test_first_login_makes_a_person_and_a_session(tx: Tx) -> None:
    """A first login tells of a new person, whose token lets them in."""
    first = sign_in(tx)

    assert first.is_new
    assert first.expires_at == tx.now + timedelta(days=30)
    assert identity.authenticate(tx, first.token, "").id == first.person.id
    assert events(tx, "identity.person.joined") == [{"person_id": first.person.id}]


def test_second_login_is_the_same_person_with_another_session(tx: Tx) -> None:
    """Logging in again makes no other person, and both sessions hold."""
    first, second = sign_in(tx), sign_in(tx)

    assert second.person.id == first.person.id
    assert not second.is_new
    assert second.token != first.token
    assert identity.authenticate(tx, first.token, "") == identity.authenticate(tx, second.token, "")
    assert len(events(tx, "identity.person.joined")) == 1


def test_a_session_ends(db: Database, clock: FakeClock) -> None:
    """A token is refused from the instant of its expiry, and its row is purged then."""
    token = db.run(sign_in).token
    clock.advance(days=30, seconds=-1)
    db.read(lambda tx: identity.authenticate(tx, token, ""))

    clock.advance(seconds=1)
    with pytest.raises(Unauthenticated):
        db.read(lambda tx: identity.authenticate(tx, token, ""))
    assert db.run(identity.purge_sessions) == 1
    assert db.run(identity.purge_sessions) == 0


def test_an_unknown_token_is_refused(tx: Tx) -> None:
    """No token but ours lets anybody in."""
    sign_in(tx)

    with pytest.raises(Unauthenticated):
        identity.authenticate(tx, "made-up", "")


def test_tokens_are_stored_hashed(tx: Tx) -> None:
    """The database does not hold what lets a customer in."""
    token = sign_in(tx).token

    stored = tx.session.scalars(select(SessionRow.token_hash)).one()
    assert token.encode() not in stored
    assert len(stored) == 32


def test_simultaneous_first_logins_make_one_person(db: Database) -> None:
    """Eight phones' first requests with one openid end in one person and eight sessions."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: db.run(sign_in), range(8)))

    assert len({each.person.id for each in found}) == 1
    assert sum(each.is_new for each in found) == 1
    with db.transaction() as tx:
        assert tx.session.scalar(select(func.count()).select_from(PersonRow)) == 1
        assert tx.session.scalar(select(func.count()).select_from(OpenidRow)) == 1
        assert tx.session.scalar(select(func.count()).select_from(SessionRow)) == 8
        assert len(events(tx, "identity.person.joined")) == 1


def test_both_accounts_first_contact_at_once_makes_one_person(db: Database) -> None:
    """The two accounts' first sight of one unionid at the same time makes one person."""

    def contact(number: int) -> str:
        if number % 2:
            return db.run(lambda tx: sign_in(tx, unionid="u-1")).person.id
        return db.run(
            lambda tx: identity.link(tx, app="official_account", openid="o-oa", unionid="u-1")
        )

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(contact, range(6)))

    (only,) = found
    with db.transaction() as tx:
        assert identity.openid_of(tx, only, "official_account") == "o-oa"
        assert identity.openid_of(tx, only, "mini_program") == "o-mini-1"


def test_people_are_found_by_each_name(tx: Tx) -> None:
    """Openid, unionid and id lead to the person; what is unknown leads nowhere."""
    person = sign_in(tx, unionid="u-1").person

    assert identity.find_by_openid(tx, "mini_program", "o-mini-1") == person
    assert identity.find_by_openid(tx, "official_account", "o-mini-1") is None
    assert identity.find_by_unionid(tx, "u-1") == person
    assert identity.get_person(tx, person.id) == person
    assert identity.list_persons(tx, [person.id, "nobody"]) == {person.id: person}
    with pytest.raises(NotFound):
        identity.get_person(tx, "nobody")


def test_no_repr_shows_what_wechat_calls_a_person(tx: Tx) -> None:
    """A person or session that ends up in a log line shows no unionid and no token."""
    session = sign_in(tx, unionid="u-secret")

    assert "u-secret" not in repr(session)
    assert session.token not in repr(session)


def test_following_keeps_the_newest_news(tx: Tx) -> None:
    """News that arrive late change nothing; each change is told once."""
    early, late = tx.now, tx.now + timedelta(seconds=5)

    assert identity.set_following(tx, openid="o-oa", following=True, at=early)
    assert not identity.set_following(tx, openid="o-oa", following=True, at=early)
    assert identity.set_following(tx, openid="o-oa", following=False, at=late)
    assert not identity.set_following(tx, openid="o-oa", following=True, at=early)

    person = identity.find_by_openid(tx, "official_account", "o-oa")
    assert person is not None
    assert not identity.is_following(tx, person.id)
    assert [each["following"] for each in events(tx, "identity.following.changed")] == [True, False]
