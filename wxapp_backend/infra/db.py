"""Declarative base, column types, and the one way to open a transaction."""

from __future__ import annotations

import hashlib
import hmac
import threading
import weakref
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, TypeDecorator, inspect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import (
    DeclarativeBase,
    Session,
    make_transient_to_detached,
    sessionmaker,
)

from wxapp_backend.infra.engine import BUSY_TIMEOUT_SECONDS, READ_ONLY, insert_unless_present
from wxapp_backend.kernel.errors import InvariantBroken
from wxapp_backend.kernel.events import DomainEvent

T = TypeVar("T")
Clock = Callable[[], datetime]

ATTEMPTS = 3
"""Times that `Database.run` tries one piece of work."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python, naive UTC in the database; a naive value is refused on the way in."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes, store the rest as naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvariantBroken(f"naive datetime {value!r} bound to a UTC column")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Put UTC back on what was stored."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of all models; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}


class Stage(Protocol):
    """Writes an event and its deliveries; `infra.outbox` supplies it."""

    def __call__(self, tx: Tx, event: DomainEvent, payload: Mapping[str, Any], /) -> Sequence[int]:
        """Return the ids of the deliveries that were staged."""


@dataclass(frozen=True, slots=True)
class Collaborators:
    """What a transaction needs besides its session.

    Attributes:
        clock: gives `tx.now`, an aware instant.
        stage: writes events and deliveries.
        hint: told the ids of staged deliveries after each commit; may do nothing and may fail.
        secret: the installation's own key, `security.secret_key`; services sign and hash with it
            through `Tx.keyed_hash`.
    """

    clock: Clock
    stage: Stage
    hint: Callable[[Sequence[int]], None] = lambda _ids: None
    secret: str = field(default="", repr=False)


class Tx:
    """One open transaction: its session, its instant, and its outgoing events."""

    def __init__(self, session: Session, now: datetime, stage: Stage, secret: str = "") -> None:
        self.session = session
        self.now = now
        self._stage = stage
        self._secret = secret.encode()
        self._added: list[weakref.ref[Base]] = []  # kept no longer than the session keeps them
        self.staged: list[int] = []

    def add_unless_present(self, row: Base) -> bool:
        """Insert `row` unless its primary key is taken, and return whether it was inserted.

        A rival that inserts the same key at the same time is waited for, and keeps its row.
        """
        self.session.flush()
        state = inspect(row)
        given = {
            attribute.columns[0].name: state.dict[attribute.key]
            for attribute in state.mapper.column_attrs
            if attribute.key in state.dict
        }
        statement = insert_unless_present(self.session.get_bind().dialect, state.mapper.local_table)
        if self.session.connection().execute(statement, given).rowcount != 1:
            return False
        make_transient_to_detached(row)
        self.session.add(row)
        self._added.append(weakref.ref(row))
        return True

    def attempt(self, work: Callable[[Tx], T]) -> T:
        """Run `work` so that, if it raises, what it wrote is undone and the rest stays.

        Raises:
            Exception: whatever `work` raised, after the undo.
        """
        staged, added = len(self.staged), len(self._added)
        try:
            with self.session.begin_nested():
                return work(self)
        except Exception:
            del self.staged[staged:]
            for each in self._added[added:]:
                row = each()
                if row is not None and row in self.session:
                    self.session.expunge(row)  # the session does not know that it was inserted
            del self._added[added:]
            raise

    def keyed_hash(self, purpose: str, text: str) -> bytes:
        """Return 32 bytes that only this installation can compute (HMAC-SHA256).

        Equal texts give different bytes under different purposes, so that what is signed for one
        use proves nothing in another.
        """
        if not self._secret:
            raise InvariantBroken("this database was opened without the installation's key")
        key = hmac.digest(self._secret, purpose.encode(), hashlib.sha256)
        return hmac.digest(key, text.encode(), hashlib.sha256)

    def emit(self, event: DomainEvent) -> None:
        """Record `event`, to be delivered to each subscriber after this transaction commits."""
        self.staged.extend(self._stage(self, event, asdict(event)))


class Database:
    """Opens transactions; the only code in the package that commits or rolls back."""

    def __init__(self, engine: Engine, collaborators: Collaborators) -> None:
        self.engine = engine
        self._writing = sessionmaker(engine, expire_on_commit=False)
        self._reading = sessionmaker(engine.execution_options(**{READ_ONLY: True}))
        self._collaborators = collaborators
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def transaction(self) -> Generator[Tx]:
        """Yield a `Tx`; commit when the block ends, roll back when it raises."""
        now = self._collaborators.clock()  # may ask another process: before any lock is held
        with self._one_at_a_time(), self._writing.begin() as session:
            tx = Tx(session, now, self._collaborators.stage, self._collaborators.secret)
            yield tx
        if tx.staged:
            self._collaborators.hint(tx.staged)

    @contextmanager
    def _one_at_a_time(self) -> Generator[None]:
        """Let this process's writers queue up before SQLite, which has one at a time.

        SQLite itself makes those who wait sleep and ask again, up to 100 ms at a time. Writers of
        other processes still meet there.
        """
        ours = self._turn is not None and self._turn.acquire(timeout=BUSY_TIMEOUT_SECONDS)
        try:
            yield
        finally:
            if ours and self._turn is not None:
                self._turn.release()

    def run(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a transaction, again if the database says that it lost a race.

        A loser of a race on a unique key sees the winner's row on its second try. Nothing outside
        the database may happen in `work`, since it may run up to `ATTEMPTS` times.

        Raises:
            IntegrityError: it was no race: a constraint refuses the same work each time.
            OperationalError: the database stayed locked or went away.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.transaction() as tx:
                    return work(tx)
            except (IntegrityError, OperationalError):
                if attempt == ATTEMPTS:
                    raise
        raise InvariantBroken("the last attempt either returns or raises")

    def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work`, which only reads, in a transaction that takes no write lock."""
        now = self._collaborators.clock()
        with self._reading() as session:
            return work(Tx(session, now, _refuse_events, self._collaborators.secret))


def _refuse_events(_tx: Tx, event: DomainEvent, _payload: Mapping[str, Any]) -> Sequence[int]:
    raise InvariantBroken(f"{event.name} emitted in a transaction that only reads")
