"""Callbacks are kept while the database is away, and taken in when it is back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from wxapp_backend.features.bot.service.answers import ReplyBuilder
from wxapp_backend.features.bot.service.callbacks import take_in, take_in_push
from wxapp_backend.infra.db import Database
from wxapp_backend.infra.spool import Entry, Spool, SpoolUnavailable
from wxapp_backend.infra.wechat.callback_event import Event
from wxapp_backend.infra.wechat.errors import CallbackError
from wxapp_backend.infra.wechat.inbox import Inbox
from wxapp_backend.kernel.errors import Busy

DATABASE_AWAY = (OperationalError, InterfaceError, InternalError, Busy)
"""What says that the database does not work now; nothing about the callback itself."""

PAUSE_SECONDS = 2.0

OFFICIAL, MINI_PROGRAM = "official_account", "mini_program"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Inboxes:
    """Where the two accounts' callbacks are opened and answers sealed."""

    official: Inbox
    mini_program: Inbox

    def of(self, account: str) -> Inbox:
        """Return the account's own."""
        return self.official if account == OFFICIAL else self.mini_program


class CallbackIntake:
    """Takes callbacks in, at once or as soon as the database is there again."""

    def __init__(
        self,
        db: Database,
        spool: Spool,
        inboxes: Inboxes,
        replies: ReplyBuilder,
        *,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self.inboxes = inboxes
        self._db = db
        self._spool = spool
        self._replies = replies
        self._pause_seconds = pause_seconds
        self._lock = threading.Lock()
        self._drainer: threading.Thread | None = None
        self._is_looked_through = False

    def take(self, account: str, event: Event, args: Mapping[str, str], body: bytes) -> str | None:
        """Take a callback in and return the text to answer; keep it if the database is away.

        Raises:
            SpoolUnavailable: it could be neither taken in nor kept: WeChat shall try again.
        """
        try:
            reply = self._take(account, event, is_late=False)
        except DATABASE_AWAY as problem:
            self._spool.put(account, args, body)
            log.warning("callback kept until the database is back", extra={"why": _name(problem)})
            self.wake()
            return None
        if not self._is_looked_through:
            self.wake()  # what an earlier process had kept
        return reply

    def wake(self) -> None:
        """Begin to take in what is kept, in a thread of its own that ends when nothing is."""
        with self._lock:
            self._is_looked_through = True
            if self._drainer is None:
                self._drainer = threading.Thread(
                    target=self._keep_draining, name="kept callbacks", daemon=True
                )
                self._drainer.start()

    def drain(self) -> int:
        """Take in all that is kept, and return how many that were.

        Raises:
            OperationalError: or another of `DATABASE_AWAY`; the rest stays kept.
            SpoolUnavailable: the file cannot be read.
        """
        count = 0
        while entry := self._spool.oldest():
            if self._take_kept(entry):
                self._spool.drop(entry)
                count += 1
            else:
                self._spool.note_failure(entry)
        return count

    def _take(self, account: str, event: Event, *, is_late: bool) -> str | None:
        if account == OFFICIAL:
            return self._db.run(lambda tx: take_in(tx, event, self._replies, is_late=is_late))
        return self._db.run(lambda tx: take_in_push(tx, event))

    def _take_kept(self, entry: Entry) -> bool:
        try:
            event = self.inboxes.of(entry.channel).open(entry.args, entry.body)
            self._take(entry.channel, event, is_late=True)
        except DATABASE_AWAY:
            raise
        except CallbackError as problem:  # our keys have changed since
            log.warning("kept callback cannot be opened", extra={"reason": problem.reason})
            return False
        except Exception as problem:  # noqa: BLE001 # one bad callback must not hold up the rest
            log.warning("kept callback not taken in", extra={"why": _name(problem)})
            return False
        return True

    def _keep_draining(self) -> None:
        pause = threading.Event()
        while True:
            try:
                if count := self.drain():
                    log.warning("kept callbacks taken in", extra={"count": count})
                with self._lock:
                    if self._spool.oldest() is None:  # `wake` waits: nothing slips through
                        self._drainer = None
                        return
            except (*DATABASE_AWAY, SpoolUnavailable, OSError) as problem:
                log.info("kept callbacks wait", extra={"why": _name(problem)})
                pause.wait(self._pause_seconds)


def _name(problem: Exception) -> str:
    return type(problem).__name__
