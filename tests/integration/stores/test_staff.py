"""Staff come in by invitation, and only where they were invited."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import FakeClock
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.stores.domain import tidy_invite_code
from wxapp_backend.features.stores.models import StaffInviteRow
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.http.pipeline import Caller
from wxapp_backend.kernel.errors import Forbidden, Unauthenticated


def person(tx: Tx, openid: str = "o-1") -> str:
    """Return somebody who came through the mini-program."""
    return identity.link(tx, app="mini_program", openid=openid, unionid=None)


def store(tx: Tx, name: str = "西湖店") -> str:
    """Return a store."""
    return stores.add_store(tx, name=name).id


def test_an_invitation_makes_a_clerk_of_that_store_alone(tx: Tx) -> None:
    """Who joins may work in the inviting store, and in no other."""
    here, elsewhere, who = store(tx), store(tx, "城西店"), person(tx)

    post = stores.join(tx, who, stores.invite(tx, here, "clerk"))

    assert (post.role, post.store_id, post.store_name) == ("clerk", here, "西湖店")
    assert stores.role_of(tx, who) == "clerk"
    stores.require_staff(tx, who, here)
    with pytest.raises(stores.NotStaffHere):
        stores.require_staff(tx, who, elsewhere)


def test_an_invitation_is_read_as_people_type(tx: Tx) -> None:
    """Small letters, blanks and dashes in a typed invitation do not matter."""
    code = stores.invite(tx, store(tx), "manager")

    typed = f" {code[:4]}-{code[4:8]} {code[8:]}".lower()

    assert tidy_invite_code(typed) == code
    assert stores.join(tx, person(tx), typed).role == "manager"


def test_an_invitation_serves_one_person(tx: Tx) -> None:
    """The same person may repeat it; another is refused and stays a customer."""
    code = stores.invite(tx, store(tx), "clerk")
    first = stores.join(tx, person(tx, "o-1"), code)

    assert stores.join(tx, person(tx, "o-1"), code) == first
    with pytest.raises(stores.InviteEnded):
        stores.join(tx, person(tx, "o-2"), code)
    assert stores.role_of(tx, person(tx, "o-2")) is None


def test_an_invitation_is_raced_for_by_six_and_won_by_one(db: Database) -> None:
    """Of six people with one invitation at once, one becomes staff."""
    here = db.run(store)
    code = db.run(lambda tx: stores.invite(tx, here, "clerk"))
    people = db.run(lambda tx: [person(tx, f"o-{number}") for number in range(6)])

    def attempt(who: str) -> bool:
        try:
            db.run(lambda tx: stores.join(tx, who, code))
        except stores.InviteEnded:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, people)) == 1
    assert len(db.read(lambda tx: stores.staff_of(tx, here))) == 1


def test_an_invitation_ends_after_a_week(db: Database, clock: FakeClock) -> None:
    """A code that was not used in its week is refused."""
    code = db.run(lambda tx: stores.invite(tx, store(tx), "clerk"))
    clock.advance(days=7)

    with pytest.raises(stores.InviteEnded):
        db.run(lambda tx: stores.join(tx, person(tx), code))


def test_a_made_up_invitation_is_unknown(tx: Tx) -> None:
    """Guesses are refused, and invitations are stored hashed."""
    code = stores.invite(tx, store(tx), "clerk")

    with pytest.raises(stores.UnknownInvite):
        stores.join(tx, person(tx), "ABCDEFGHJKMN")
    with pytest.raises(ValueError, match="clerk, manager"):
        stores.invite(tx, store(tx), "owner")
    assert tx.session.get(StaffInviteRow, code.encode()) is None


def test_a_second_invitation_never_lowers_a_role(tx: Tx) -> None:
    """A manager who uses a clerk's invitation stays a manager; a clerk may rise."""
    here, who = store(tx), person(tx)
    stores.join(tx, who, stores.invite(tx, here, "clerk"))
    assert stores.join(tx, who, stores.invite(tx, here, "manager")).role == "manager"

    assert stores.join(tx, who, stores.invite(tx, here, "clerk")).role == "manager"


def test_the_dismissed_work_here_no_more(tx: Tx) -> None:
    """Dismissal ends the role, and the old invitation does not bring it back."""
    here, who = store(tx), person(tx)
    code = stores.invite(tx, here, "clerk")
    stores.join(tx, who, code)

    assert stores.dismiss(tx, who, here)

    assert stores.role_of(tx, who) is None
    with pytest.raises(stores.InviteEnded):
        stores.join(tx, who, code)


def test_posts_follow_the_person(tx: Tx) -> None:
    """After a merge the staying person works in both stores, with the higher role."""
    here, there = store(tx), store(tx, "城西店")
    one, other = person(tx, "o-1"), person(tx, "o-2")
    stores.join(tx, one, stores.invite(tx, here, "clerk"))
    stores.join(tx, other, stores.invite(tx, here, "manager"))
    stores.join(tx, other, stores.invite(tx, there, "clerk"))

    stores.reassign(tx, other, one)

    assert {(each.store_id, each.role) for each in stores.posts_of(tx, one)} == {
        (here, "manager"),
        (there, "clerk"),
    }
    assert stores.posts_of(tx, other) == []


def test_staff_are_let_in_and_customers_are_not(tx: Tx) -> None:
    """The staff pipeline wants a session and a post in some store."""
    let_in = stores.make_authenticator(identity.authenticate)
    session = identity.sign_in(tx, app="mini_program", openid="o-1", unionid=None, days=1)

    with pytest.raises(Unauthenticated):
        let_in(tx, "made-up", "")
    with pytest.raises(Forbidden):
        let_in(tx, session.token, "")
    stores.join(tx, session.person.id, stores.invite(tx, store(tx), "clerk"))
    assert let_in(tx, session.token, "") == Caller("staff", session.person.id)


def test_stores_are_listed_in_the_order_of_adding(db: Database, clock: FakeClock) -> None:
    """A store may have an id of the shop's choice; the list keeps the order of adding."""
    db.run(
        lambda tx: stores.add_store(tx, name="西湖店", address="北山街 1 号", store_id="west-lake")
    )
    clock.advance(seconds=1)
    second = db.run(lambda tx: store(tx, "城西店"))

    assert [each.id for each in db.read(stores.list_stores)] == ["west-lake", second]
    found = db.read(lambda tx: stores.get_store(tx, "west-lake"))
    assert (found.name, found.address) == ("西湖店", "北山街 1 号")
    with pytest.raises(stores.UnknownStore):
        db.read(lambda tx: stores.get_store(tx, "nowhere"))
