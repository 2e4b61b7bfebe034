"""What was begun under an old id while a merge was on its way ends with the staying person."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

import pytest

from tests.conftest import FakeClock
from wxapp_backend.features.identity import api as identity
from wxapp_backend.infra.db import Database, Tx

T = TypeVar("T")

_UNTIL_BLOCKED_SECONDS = 0.3
"""Time for the rival to reach the lock that the merge holds."""


@dataclass
class Couple:
    """Two records of one person, not yet known to be one; the first stays."""

    db: Database
    stays: str
    goes: str

    def merge_while(self, rival: Callable[[Tx], T]) -> T:
        """Merge the two, start `rival` before that commits, and return what it came to."""
        with ThreadPoolExecutor(1) as pool:
            with self.db.transaction() as tx:
                for openid in ("o-1", "o-2"):
                    identity.link(tx, app="mini_program", openid=openid, unionid="u-1")
                waiting = pool.submit(self.db.run, rival)
                wait([waiting], timeout=_UNTIL_BLOCKED_SECONDS)
            return waiting.result(timeout=10)


@pytest.fixture
def couple(db: Database, clock: FakeClock) -> Couple:
    """Return somebody with two openids, as after a move of the mini-program to another owner."""
    stays = db.run(lambda tx: identity.link(tx, app="mini_program", openid="o-1", unionid=None))
    clock.advance(minutes=1)
    goes = db.run(lambda tx: identity.link(tx, app="mini_program", openid="o-2", unionid=None))
    return Couple(db, stays, goes)


def test_a_login_during_a_merge_is_the_staying_persons(couple: Couple) -> None:
    """The session that was being opened means the staying person."""
    session = couple.merge_while(
        lambda tx: identity.sign_in(tx, app="mini_program", openid="o-2", unionid=None, days=1)
    )

    caller = couple.db.read(lambda tx: identity.authenticate(tx, session.token, ""))
    assert caller.id == session.person.id == couple.stays


def test_a_phone_verified_during_a_merge_is_the_staying_persons(couple: Couple) -> None:
    """The number, and whoever was known by it, end with the staying person."""
    stub = couple.db.run(lambda tx: identity.person_for_phone(tx, "13800138000"))

    couple.merge_while(lambda tx: identity.attach_phone(tx, couple.goes, "13800138000"))

    with couple.db.transaction() as tx:
        assert identity.current_id(tx, stub) == couple.stays
        assert identity.current_id(tx, couple.goes) == couple.stays
        assert identity.person_for_phone(tx, "13800138000") == couple.stays
        assert identity.get_person(tx, couple.stays).phone_masked == "*******8000"


def test_a_new_number_noted_during_a_merge_is_the_staying_persons(couple: Couple) -> None:
    """A number that nobody had is hung on the staying person too."""
    couple.merge_while(lambda tx: identity.attach_phone(tx, couple.goes, "13800138000"))

    found = couple.db.read(lambda tx: identity.find_by_phone(tx, "13800138000"))
    assert found is not None
    assert (found.id, found.phone_masked) == (couple.stays, "*******8000")


def test_a_merge_during_a_merge_ends_with_the_staying_person(
    couple: Couple, clock: FakeClock
) -> None:
    """A third record that is merged into the one that goes ends with the one that stays."""
    clock.advance(minutes=1)
    third = couple.db.run(
        lambda tx: identity.link(tx, app="official_account", openid="o-third", unionid="u-3")
    )

    couple.merge_while(
        lambda tx: identity.link(tx, app="mini_program", openid="o-2", unionid="u-3")
    )

    with couple.db.transaction() as tx:
        assert {identity.current_id(tx, each) for each in (couple.stays, couple.goes, third)} == {
            couple.stays
        }
        found = identity.find_by_unionid(tx, "u-3")
        assert found is not None
        assert found.id == couple.stays


def test_another_account_linked_during_a_merge_is_the_staying_persons(
    db: Database, clock: FakeClock
) -> None:
    """An openid that names the unionid of the record that goes is the staying person's."""
    stub = db.run(lambda tx: identity.link(tx, app="mini_program", openid="o-1", unionid=None))
    clock.advance(minutes=1)
    db.run(lambda tx: identity.link(tx, app="mini_program", openid="o-2", unionid="u-1"))
    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as tx:
            identity.link(tx, app="mini_program", openid="o-1", unionid="u-1")
            rival = pool.submit(
                db.run,
                lambda tx: identity.link(tx, app="official_account", openid="o-oa", unionid="u-1"),
            )
            wait([rival], timeout=_UNTIL_BLOCKED_SECONDS)
        linked = rival.result(timeout=10)

    with db.transaction() as tx:
        assert linked == stub
        assert identity.openid_of(tx, stub, "official_account") == "o-oa"
