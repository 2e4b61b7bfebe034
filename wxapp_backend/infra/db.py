"""The one way to open a transaction, and what can be done in it."""

from __future__ import annotations

import hashlib
import hmac
import threading
import weakref
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, TypeVarTuple, overload

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    Row,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.sql.selectable import TypedReturnsRows

from wxapp_backend.infra.emitted import Emitted, FollowOnFailed, Hearer, Stage, payload_of
from wxapp_backend.infra.engine import (
    BUSY_TIMEOUT_SECONDS,
    READ_ONLY,
    insert_into,
    insert_or_add,
    insert_or_hold,
    insert_unless_present,
)
from wxapp_backend.infra.races import RACE_LOST, Attempts
from wxapp_backend.infra.tables import Base, columns_of, table_of
from wxapp_backend.kernel.errors import Busy, InvariantBroken
from wxapp_backend.kernel.events import DomainEvent

T = TypeVar("T")
Columns = TypeVarTuple("Columns")
Clock = Callable[[], datetime]


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


class WritingNeeded(Exception):
    """Work in a transaction that only reads would insert a row; `Database.run` can do it."""


class Tx:
    """One open transaction: its connection, its session, its instant, its outgoing events.

    There are two ways to the database. `execute` sends statements that were built beforehand, in a
    fifth of the time that the session takes; `session` keeps rows as objects and writes what was
    changed in them. Both share one connection, and `execute` lets the session write first.
    """

    def __init__(
        self, connection: Connection, now: datetime, stage: Stage, secret: str = ""
    ) -> None:
        self.connection = connection
        self._only_reads = READ_ONLY in connection.get_execution_options()
        self.now = now
        self._stage = stage
        self._secret = secret.encode()
        self._session: Session | None = None
        self._added: list[weakref.ref[Base]] = []  # kept no longer than the session keeps them
        self._known: dict[tuple[str, str], Any] = {}
        self.emitted: list[Emitted] = []
        self.staged: Sequence[int] = ()

    @property
    def session(self) -> Session:
        """Return the session, opened on first use: many a transaction needs none."""
        if self._session is None:
            self._session = Session(self.connection, expire_on_commit=False)
        return self._session

    @property
    def is_postgresql(self) -> bool:
        """Say whether this is the database that many processes write to at once."""
        return self.connection.dialect.name == "postgresql"

    @overload
    def execute(
        self, statement: TypedReturnsRows[*Columns], /, **values: Any
    ) -> CursorResult[*Columns]: ...

    @overload
    def execute(
        self, statement: Executable, /, **values: Any
    ) -> CursorResult[*tuple[Any, ...]]: ...

    def execute(self, statement: Executable, /, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Send a statement with these values for its `bindparam`s, and return rows of columns.

        Keep the statement in a module's constant: building one takes longer than running it.
        """
        if self._session is not None:
            self._session.flush()
        return self.connection.execute(statement, values)

    def flush(self) -> None:
        """Write what was changed in the session's rows, so that statements keep their order."""
        if self._session is not None:
            self._session.flush()

    def close(self) -> None:
        """Let go of the session's rows, once the transaction has ended."""
        if self._session is not None:
            self._session.close()

    def insert(self, row: Base) -> None:
        """Insert `row` at once, for rows that nobody changes in this transaction any more.

        It takes a third of the time of `session.add`; what the database fills in (defaults, a
        number as key) does not come back into `row`.

        Raises:
            WritingNeeded: this transaction only reads.
        """
        self._refuse_if_reading()
        self.execute(insert_into(table_of(type(row))), **columns_of(row))

    def add_unless_present(self, row: Base) -> bool:
        """Insert `row` unless its primary key is taken, and return whether it was inserted.

        A rival that inserts the same key at the same time is waited for, and keeps its row.
        """
        if not self.insert_unless_present(row):
            return False
        make_transient_to_detached(row)
        self.session.add(row)
        self._added.append(weakref.ref(row))
        return True

    def insert_unless_present(self, row: Base, *, key: tuple[str, ...] = ()) -> bool:
        """Do as `add_unless_present`, for rows whose object nobody needs afterwards.

        Args:
            row: what is inserted.
            key: the columns of the unique key that may be taken; the primary key by default.

        Raises:
            WritingNeeded: this transaction only reads.
        """
        self._refuse_if_reading()
        statement = insert_unless_present(self.connection.dialect, table_of(type(row)), key)
        return self.execute(statement, **columns_of(row)).rowcount == 1

    def insert_or_hold(self, row: Base) -> Row[*tuple[Any, ...]]:
        """Insert `row`, or hold the one that has its primary key; return the columns as they are.

        Either is held against rivals until the transaction ends, in one statement.

        Raises:
            WritingNeeded: this transaction only reads.
        """
        self._refuse_if_reading()
        statement = insert_or_hold(self.connection.dialect, table_of(type(row)))
        return self.execute(statement, **columns_of(row)).one()

    def count(self, first: Base, column: str) -> int:
        """Insert `first`, or add what its column holds to the row with its key; return the sum.

        Raises:
            WritingNeeded: this transaction only reads.
        """
        self._refuse_if_reading()
        statement = insert_or_add(self.connection.dialect, table_of(type(first)), column)
        total: int = self.execute(statement, **columns_of(first)).scalar_one()
        return total

    def _refuse_if_reading(self) -> None:
        if self._only_reads:
            raise WritingNeeded

    def insert_all(self, rows: Sequence[Base]) -> None:
        """Do as `insert` for several rows of one table, in one statement."""
        self._refuse_if_reading()
        if rows:
            self.flush()
            statement = insert_into(table_of(type(rows[0])))
            given = [columns_of(row) for row in rows]
            names = set().union(*given)
            self.connection.execute(statement, [dict.fromkeys(names) | each for each in given])

    def once(self, kind: str, key: str, read: Callable[[], T]) -> T:
        """Return what `read` gave when this transaction first asked for this.

        For what several features ask for in one transaction. Whoever changes it calls `forget`.
        """
        known = self._known
        if (kind, key) not in known:
            known[kind, key] = read()
        value: T = known[kind, key]
        return value

    def forget(self, kind: str) -> None:
        """Have everything of this kind read anew: it was changed."""
        for each in [key for key in self._known if key[0] == kind]:
            del self._known[each]

    def attempt(self, work: Callable[[Tx], T]) -> T:
        """Run `work` so that, if it raises, what it wrote is undone and the rest stays.

        Raises:
            Exception: whatever `work` raised, after the undo.
        """
        emitted, added, known = len(self.emitted), len(self._added), dict(self._known)
        try:
            with self.session.begin_nested():
                self.session.connection()  # sets the savepoint now, not at its first statement
                return work(self)
        except Exception:
            del self.emitted[emitted:]
            self._known = known
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
        """Record `event`, to be delivered to each subscriber after this transaction commits.

        Raises:
            WritingNeeded: this transaction only reads.
        """
        self._refuse_if_reading()
        self.emitted.append(Emitted(event, payload_of(event)))

    def run_on(self, first: str) -> None:
        """Let those who hear what was emitted do their work in here, and those who hear them.

        Each subscriber works once in one transaction, `first` has done so already: thus it stays
        short, and work that emits its own event to go on later does go on later. Whoever is left,
        and whoever calls the outside, has a delivery as always.

        Raises:
            FollowOnFailed: one of them failed; this transaction has to be rolled back.
            IntegrityError, OperationalError, StaleDataError: one of them lost a race; the same.
        """
        worked = {first}
        for emitted in self.emitted:  # grows while they work
            for hearer in self._stage.hearers(emitted.event.name):
                if hearer.name not in worked:
                    worked.add(hearer.name)
                    self._tell(hearer, emitted)

    def _tell(self, hearer: Hearer, emitted: Emitted) -> None:
        try:
            hearer.run(self, emitted.payload)
            self.flush()
        except RACE_LOST:
            raise
        except Exception as error:
            raise FollowOnFailed(hearer.name) from error
        emitted.heard_by.append(hearer.name)

    def write_events(self) -> None:
        """Write what was emitted, as the last thing before the commit."""
        if self.emitted:
            self.flush()
            self.staged = self._stage.write(self, self.emitted)


class Database:
    """Opens transactions; the only code in the package that commits or rolls back."""

    def __init__(self, engine: Engine, collaborators: Collaborators) -> None:
        self.engine = engine
        self._reading = engine.execution_options(**{READ_ONLY: True})
        self._collaborators = collaborators
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def transaction(self) -> Generator[Tx]:
        """Yield a `Tx`; commit when the block ends, roll back when it raises."""
        now = self._collaborators.clock()  # may ask another process: before any lock is held
        with self._one_at_a_time(), _connect(self.engine) as connection:
            tx = Tx(connection, now, self._collaborators.stage, self._collaborators.secret)
            try:
                yield tx
                tx.flush()
                tx.write_events()
                connection.commit()
            finally:
                tx.close()
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
        the database may happen in `work`, since it may run several times.

        Raises:
            Busy: it lost each time; nothing was done.
            IntegrityError: it was no race: a constraint refuses the same work each time.
            OperationalError: the database went away.
        """
        attempts = Attempts()
        while True:
            try:
                with self.transaction() as tx:
                    return work(tx)
            except RACE_LOST as error:
                attempts.failed(error)

    def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work`, which only reads, in a transaction that takes no write lock."""
        now = self._collaborators.clock()
        with _connect(self._reading) as connection:
            tx = Tx(connection, now, self._collaborators.stage, self._collaborators.secret)
            try:
                return work(tx)
            finally:
                tx.close()


def _connect(engine: Engine) -> Connection:
    """Return a connection.

    Raises:
        Busy: others had all of them for as long as whoever asked may be kept waiting.
    """
    try:
        return engine.connect()
    except NoConnectionFree as error:
        raise Busy from error
