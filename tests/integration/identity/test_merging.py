"""Two records that are one person become one, in whatever order the proof arrives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest
from sqlalchemy import func, select

from tests.conftest import FakeClock
from tests.factories import events
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.identity.models import PersonRow
from wxapp_backend.infra.db import Database, Tx


def from_mini(tx: Tx, openid: str = "o-mini", unionid: str | None = None) -> str:
    """Return who comes through the mini-program."""
    return identity.link(tx, app="mini_program", openid=openid, unionid=unionid)


def from_mini_before(tx: Tx, unionid: str | None = None) -> str:
    """Return who came through the mini-program before it changed hands: under another openid."""
    return from_mini(tx, "o-mini-before", unionid)


def from_account(tx: Tx, openid: str = "o-oa", unionid: str | None = None) -> str:
    """Return who comes through the official account."""
    return identity.link(tx, app="official_account", openid=openid, unionid=unionid)


def merges(tx: Tx) -> list[tuple[str, str]]:
    """Return (from, into) of each merge, oldest first."""
    return [(each["from_id"], each["into_id"]) for each in events(tx, "identity.person.merged")]


def living(tx: Tx) -> int:
    """Return how many records are neither merged into another nor erased."""
    return tx.session.scalars(
        select(func.count())
        .select_from(PersonRow)
        .where(PersonRow.merged_into.is_(None), PersonRow.erased_at.is_(None))
    ).one()


@pytest.mark.parametrize("mini_first", [True, False])
def test_a_known_unionid_links_without_a_merge(tx: Tx, mini_first: bool) -> None:
    """Where both accounts give the unionid at once, there never are two records."""
    contacts = [from_mini, from_account] if mini_first else [from_account, from_mini]

    found = {contact(tx, unionid="u-1") for contact in contacts}

    assert len(found) == 1
    assert merges(tx) == []


@pytest.mark.parametrize("mini_first", [True, False])
def test_a_late_unionid_merges_in_either_order(
    db: Database, clock: FakeClock, mini_first: bool
) -> None:
    """Who uses the mini-program stays: that person's id and code are on screens already."""
    contacts = [from_mini, from_account] if mini_first else [from_account, from_mini]
    made = {contacts[0]: db.run(contacts[0])}
    clock.advance(minutes=1)
    made[contacts[1]] = db.run(contacts[1])
    stays, goes = made[from_mini], made[from_account]
    assert stays != goes

    for contact in contacts:
        db.run(partial(contact, unionid="u-1"))

    with db.transaction() as tx:
        assert merges(tx) == [(goes, stays)]
        assert from_mini(tx) == from_account(tx) == stays
        assert identity.openid_of(tx, stays, "mini_program") == "o-mini"
        assert identity.openid_of(tx, stays, "official_account") == "o-oa"
        assert identity.get_person(tx, stays).unionid == "u-1"
        assert living(tx) == 1


def test_sessions_and_old_ids_follow(db: Database, clock: FakeClock) -> None:
    """A session of the record that goes stays valid and means the record that stays."""
    older = db.run(from_mini_before)
    clock.advance(minutes=1)
    session = db.run(
        lambda tx: identity.sign_in(tx, app="mini_program", openid="o-mini", unionid=None, days=1)
    )
    gone = session.person.id

    with db.transaction() as tx:
        from_mini_before(tx, unionid="u-1")
        from_mini(tx, unionid="u-1")

    with db.transaction() as tx:
        assert identity.authenticate(tx, session.token, "").id == older
        assert identity.get_person(tx, gone).id == older
        assert identity.current_id(tx, gone) == older
        assert identity.list_persons(tx, [gone, older])[gone].id == older
        assert identity.openid_of(tx, gone, "mini_program") == "o-mini"


def test_a_chain_of_merges_leads_to_the_last(db: Database, clock: FakeClock) -> None:
    """An id that was merged twice leads to the record that stays, in one step."""
    third = db.run(lambda tx: identity.person_for_phone(tx, "13800138000"))
    clock.advance(minutes=1)
    first = db.run(from_mini_before)
    clock.advance(minutes=1)
    second = db.run(from_mini)

    db.run(lambda tx: identity.attach_phone(tx, second, "13800138000"))
    with db.transaction() as tx:
        from_mini(tx, unionid="u-1")
        from_mini_before(tx, unionid="u-1")

    with db.transaction() as tx:
        assert merges(tx) == [(third, second), (second, first)]
        assert {identity.current_id(tx, each) for each in (first, second, third)} == {first}
        found = identity.find_by_phone(tx, "+86 138-0013-8000")
        assert found is not None
        assert found.id == first
        assert found.phone_masked == "*******8000"


def test_what_was_said_is_kept_and_gaps_are_filled(db: Database, clock: FakeClock) -> None:
    """The staying record keeps its own words, and takes the other's where it had none."""
    older = db.run(from_mini_before)
    clock.advance(minutes=1)
    newer = db.run(from_mini)
    with db.transaction() as tx:
        change = identity.ProfileChange(frozenset({"nickname"}), nickname="小美")
        identity.update_profile(tx, older, change)
        change = identity.ProfileChange(
            frozenset({"nickname", "birthday", "name_style"}),
            nickname="王小美",
            birthday=date(1990, 5, 20),
            name_style="ms",
        )
        identity.update_profile(tx, newer, change)
        identity.set_avatar(tx, newer, "avatars/1.jpg")
        identity.record_consent(tx, newer, kind="privacy", version="1", granted=True)

    with db.transaction() as tx:
        from_mini_before(tx, unionid="u-1")
        from_mini(tx, unionid="u-1")

    with db.transaction() as tx:
        person = identity.get_person(tx, older)
        assert (person.nickname, person.name_style) == ("小美", "ms")
        assert (person.birthday, person.avatar_key) == (date(1990, 5, 20), "avatars/1.jpg")
        assert identity.has_consented(tx, older, "privacy")


def test_a_phone_stub_becomes_the_customer_who_verifies_it(db: Database, clock: FakeClock) -> None:
    """Whoever the till knew by phone is merged into the person who proves the number."""
    stub = db.run(lambda tx: identity.person_for_phone(tx, "13800138000"))
    clock.advance(days=1)
    who = db.run(from_mini)

    masked = db.run(lambda tx: identity.attach_phone(tx, who, "+8613800138000"))

    with db.transaction() as tx:
        assert masked == "*******8000"
        assert merges(tx) == [(stub, who)]
        assert identity.person_for_phone(tx, "138 0013 8000") == who


def test_a_new_phone_replaces_the_old_one(tx: Tx) -> None:
    """A number that was given up leads nowhere: it may be another's soon."""
    who = from_mini(tx)
    identity.attach_phone(tx, who, "13800138000")

    identity.attach_phone(tx, who, "13900139000")
    identity.attach_phone(tx, who, "13900139000")

    assert identity.find_by_phone(tx, "13800138000") is None
    found = identity.find_by_phone(tx, "13900139000")
    assert found is not None
    assert (found.id, found.phone_masked) == (who, "*******9000")


def test_a_phone_of_another_wechat_account_is_refused(tx: Tx) -> None:
    """Two WeChat accounts stay two people; a phone does not move between them."""
    first, second = from_mini(tx, "o-1", "u-1"), from_mini(tx, "o-2", "u-2")
    identity.attach_phone(tx, first, "13800138000")

    with pytest.raises(identity.PhoneTaken):
        identity.attach_phone(tx, second, "13800138000")

    assert merges(tx) == []
    assert identity.person_for_phone(tx, "13800138000") == first
    assert identity.get_person(tx, second).phone_masked is None


def test_a_new_open_platform_account_renames_and_never_splits(tx: Tx) -> None:
    """Another unionid for a known openid is believed; if it is somebody's, the two are one."""
    who = from_mini(tx, unionid="u-old")
    from_account(tx, unionid="u-old")

    assert from_mini(tx, unionid="u-new") == who
    assert from_account(tx, unionid="u-new") == who

    other = from_mini(tx, "o-other", "u-other")
    assert from_mini(tx, unionid="u-other") in {who, other}
    assert len(merges(tx)) == 1
    assert identity.current_id(tx, who) == identity.current_id(tx, other)


def test_merges_at_once_end_in_one_person(db: Database) -> None:
    """Proofs of one identity that arrive together from all sides leave one record."""
    for _ in range(3):
        with db.transaction() as tx:
            mini, account = from_mini(tx), from_account(tx)
            identity.person_for_phone(tx, "13800138000")

        def prove(number: int, mini: str = mini) -> None:
            proofs = (
                lambda tx: from_mini(tx, unionid="u-1"),
                lambda tx: from_account(tx, unionid="u-1"),
                lambda tx: identity.attach_phone(tx, mini, "13800138000"),
                lambda tx: identity.sign_in(
                    tx, app="mini_program", openid="o-mini", unionid=None, days=1
                ),
            )
            db.run(proofs[number % 4])

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(prove, range(8)))

        with db.transaction() as tx:
            assert living(tx) == 1
            assert from_mini(tx) == from_account(tx) == identity.current_id(tx, account)
            assert identity.person_for_phone(tx, "13800138000") == from_mini(tx)
            identity.erase(tx, from_mini(tx))
