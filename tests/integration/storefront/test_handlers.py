"""What follows when people become one, or wish to be forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import FakeClock, Harness
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.storefront import handlers
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.outbox.handlers import in_tx
from wxapp_backend.infra.storage import LocalFolder


@pytest.fixture
def harness(engine: Engine, clock: FakeClock, files: Path) -> Harness:
    """Return a database whose events reach the storefront."""
    return Harness(
        engine,
        clock,
        {
            PersonMerged.name: ["storefront.on_person_merged"],
            PersonErased.name: ["storefront.on_person_erased", "storefront.remove_avatar"],
        },
        {
            "storefront.on_person_merged": in_tx(PersonMerged, handlers.on_person_merged),
            "storefront.on_person_erased": in_tx(PersonErased, handlers.on_person_erased),
            "storefront.remove_avatar": handlers.make_avatar_remover(LocalFolder(files)),
        },
    )


def test_posts_follow_a_merge(harness: Harness, clock: FakeClock) -> None:
    """Who was made staff under one record is staff under the one that stays."""
    with harness.db.transaction() as tx:
        older = identity.link(tx, app="mini_program", openid="o-1", unionid=None)
    clock.advance(minutes=1)
    with harness.db.transaction() as tx:
        newer = identity.link(tx, app="mini_program", openid="o-2", unionid=None)
        store = stores.add_store(tx, name="西湖店").id
        stores.join(tx, newer, stores.invite(tx, store, "clerk"))
    with harness.db.transaction() as tx:
        for openid in ("o-1", "o-2"):
            identity.link(tx, app="mini_program", openid=openid, unionid="u-1")

    assert harness.settle() == 1

    with harness.db.transaction() as tx:
        assert stores.role_of(tx, older) == "clerk"
        assert stores.role_of(tx, newer) is None


def test_an_erasure_ends_posts_and_deletes_the_picture(harness: Harness, files: Path) -> None:
    """Nothing of the person stays in the shop's files or on its staff."""
    storage = LocalFolder(files)
    storage.put("avatars/1.jpg", b"picture")
    with harness.db.transaction() as tx:
        who = identity.link(tx, app="mini_program", openid="o-mini", unionid=None)
        identity.set_avatar(tx, who, "avatars/1.jpg")
        store = stores.add_store(tx, name="西湖店").id
        stores.join(tx, who, stores.invite(tx, store, "clerk"))
    with harness.db.transaction() as tx:
        identity.erase(tx, who)

    assert harness.settle() == 2

    assert storage.get("avatars/1.jpg") is None
    assert harness.db.read(lambda tx: stores.role_of(tx, who)) is None


def test_an_erasure_without_a_picture_deletes_nothing(harness: Harness, files: Path) -> None:
    """Who had no picture leaves other files alone."""
    LocalFolder(files).put("avatars/2.jpg", b"somebody else's")
    with harness.db.transaction() as tx:
        identity.erase(tx, identity.link(tx, app="mini_program", openid="o-1", unionid=None))

    harness.settle()

    assert LocalFolder(files).get("avatars/2.jpg") == b"somebody else's"
