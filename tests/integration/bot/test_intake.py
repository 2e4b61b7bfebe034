"""While the database is away WeChat's callbacks are kept on this machine; nothing is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, select, text
from sqlalchemy.exc import OperationalError

from tests.conftest import SERVER_URL, FakeClock
from tests.integration.bot.wire import event, said, send
from tests.integration.bot.wire import text as written
from tests.integration.front import Front, Person, eventually, open_front
from wxapp_backend.features.bot.models import CallbackRow
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals.models import Touch
from wxapp_backend.infra.engine import make_engine
from wxapp_backend.infra.spool import Spool
from wxapp_backend.model_registry import metadata


@pytest.fixture
def own_engine(empty_database_url: str) -> Generator[Engine]:
    """Yield an engine on a database of our own, which a test may take away."""
    engine = make_engine(empty_database_url)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def front(own_engine: Engine, clock: FakeClock, files: Path) -> Generator[Front]:
    """Yield a shop on that database."""
    with open_front(own_engine, clock, files) as front:
        front.open_campaign()
        yield front


@contextmanager
def away(engine: Engine) -> Generator[None]:
    """Take the database away, and bring it back."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        hidden, nowhere = file.with_suffix(".away"), file.with_suffix(".nowhere")
        hidden.hardlink_to(file)
        nowhere.symlink_to(file.parent / "missing" / "folder" / "db")
        nowhere.replace(file)  # at once: nobody may make an empty database in between
        yield
        hidden.replace(file)
        return
    name = engine.url.database
    on_server(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    ours = f"FROM pg_stat_activity WHERE datname = '{name}'"
    on_server(f"SELECT pg_terminate_backend(pid) {ours}")
    yield
    on_server(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def on_server(statement: str) -> None:
    """Run a statement beside the test's database."""
    server = make_url(SERVER_URL).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def spooled(front: Front) -> int:
    """Return how many callbacks are kept."""
    with closing(sqlite3.connect(front.spool)) as file:
        (count,) = file.execute("SELECT count(*) FROM entry").fetchone()
    return int(count)


def kept_until_now(front: Front) -> Callable[[], bool]:
    """Return whether all is taken in."""
    return lambda: spooled(front) == 0


def test_callbacks_are_answered_success_and_taken_in_when_the_database_is_back(
    front: Front, own_engine: Engine
) -> None:
    """A follow by a friend's code: the person follows, and the touch is noted."""
    referrer, friend = front.person("王小美"), front.person("李静", signed_in=False)
    code, client = front.code_of(referrer), front.app.test_client()
    follow = event(friend.official_openid, "subscribe", EventKey=f"qrscene_{code}")
    with away(own_engine):
        for _ in range(2):  # WeChat repeats when it is in doubt
            answer = send(client, follow)
            assert (answer.status_code, answer.data) == (200, b"success")
        assert spooled(front) == 2
        assert front.spool.stat().st_mode & 0o077 == 0  # other users of the machine read nothing

    eventually(kept_until_now(front))
    person = front.do(
        lambda tx: identity.find_by_openid(tx, "official_account", friend.official_openid)
    )
    assert person is not None
    assert front.do(lambda tx: identity.is_following(tx, person.id))
    assert len(front.do(lambda tx: tx.session.scalars(select(Touch)).all())) == 1
    assert len(front.do(lambda tx: tx.session.scalars(select(CallbackRow)).all())) == 1


def test_what_was_asked_meanwhile_is_answered_afterwards(front: Front, own_engine: Engine) -> None:
    """Once, as a customer-service message: the response to the callback is long over."""
    person = front.person("王小美", follows=True)
    with away(own_engine):
        assert front.driver.act(person.phone, "send", text="积分")["replies"] == []
    eventually(kept_until_now(front))
    front.settle()
    front.settle()
    assert _late(front, person) == ["你有 0 积分可用。\n看明细"]


def _late(front: Front, person: Person) -> list[str]:
    return front.shown(person, "customer_service")


def test_kept_callbacks_wait_through_failed_tries(front: Front, own_engine: Engine) -> None:
    """The drainer tries and the database is still away: nothing is dropped, nothing is spent."""
    with away(own_engine):
        send(front.app.test_client(), event("o-1", "subscribe", EventKey=""))
        for _ in range(12):
            with pytest.raises(OperationalError):
                front.intake.drain()
        assert spooled(front) == 1
    eventually(kept_until_now(front))


def test_what_an_earlier_process_kept_is_taken_in_by_the_next(
    front: Front, own_engine: Engine
) -> None:
    """The file is found at the first callback after the start."""
    with away(own_engine):
        query = send(front.app.test_client(), event("o-1", "subscribe", EventKey=""))
        assert query.data == b"success"
        kept = Spool(front.spool).oldest()
        assert kept is not None
    eventually(kept_until_now(front))
    Spool(front.spool).put("official_account", kept.args, kept.body)
    front.intake._is_looked_through = False  # noqa: SLF001 # as in a process that has just begun
    assert said(send(front.app.test_client(), written("o-2", "帮助")))
    eventually(kept_until_now(front))


def test_without_a_place_to_keep_it_wechat_is_asked_to_repeat(
    front: Front, own_engine: Engine
) -> None:
    """500: WeChat delivers again, up to three times."""
    front.spool.parent.parent.mkdir(parents=True, exist_ok=True)
    front.spool.parent.write_text("no folder")
    with away(own_engine):
        answer = send(front.app.test_client(), event("o-1", "subscribe", EventKey=""))
    assert answer.status_code == 500
    assert answer.json is not None
    assert "o-1" not in answer.text


def test_one_that_cannot_be_opened_does_not_hold_up_the_rest(front: Front) -> None:
    """The account's key was changed meanwhile: the callback stays for a person to look at."""
    spool = Spool(front.spool)
    spool.put("official_account", {"msg_signature": "x"}, b"<xml><Encrypt>x</Encrypt></xml>")
    assert front.intake.drain() == 0
    assert spooled(front) == 1
    assert spool.oldest() is None
