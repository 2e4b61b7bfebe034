"""Everything one sandbox remembers, behind one lock."""

import secrets
import threading
from dataclasses import replace
from itertools import count

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT, Kind
from wxapp_backend.sandbox.callbacks.courier import Attempt, Courier
from wxapp_backend.sandbox.callbacks.pushes import Push
from wxapp_backend.sandbox.options import Options
from wxapp_backend.sandbox.state.albums import Albums
from wxapp_backend.sandbox.state.chats import Channel, Chats, Content, Message
from wxapp_backend.sandbox.state.clock import Clock
from wxapp_backend.sandbox.state.codes import Codes
from wxapp_backend.sandbox.state.faults import Fault, Faults
from wxapp_backend.sandbox.state.journal import Entry, Journal
from wxapp_backend.sandbox.state.links import UrlLinks
from wxapp_backend.sandbox.state.media import Media
from wxapp_backend.sandbox.state.people import People, Person
from wxapp_backend.sandbox.state.quotas import Quotas
from wxapp_backend.sandbox.state.scene_codes import SceneCodes
from wxapp_backend.sandbox.state.tokens import Tokens


class World:
    """The state of one sandbox.

    Hold `lock` while reading or changing anything, never while waiting for the backend: it asks
    the sandbox for things while it answers a callback.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.epoch = 0
        self.mini_program = options.mini_program
        self._sequence = count(1)
        self._last = 0
        self.reset()
        self.courier = Courier(
            options,
            clock=self.now,
            take_fault=self._take_fault,
            keeps=self._keeps,
            show=self._show_reply,
            on_attempt=self._log_attempt,
        )

    def stop(self) -> None:
        """Wake everything that waits and deliver nothing more."""
        self.stopping.set()
        self.courier.stop()

    def reset(self) -> None:
        """Forget everybody and everything; the clock shows real time again."""
        with self.lock:
            self.epoch += 1
            self.name = secrets.token_hex(8)  # tells a page that the world it knew is gone
            self.clock = Clock()
            self.people = People()
            self.tokens = Tokens()
            self.codes = Codes()
            self.scene_codes = SceneCodes()
            self.chats = Chats()
            self.albums = Albums()
            self.faults = Faults()
            self.journal = Journal()
            self.quotas = Quotas()
            self.media = Media()
            self.links = UrlLinks()
            self.menu: list[dict[str, object]] = []
            # Accounts bound to the Open Platform: only these are told a person's unionid.
            self.bound: set[Kind] = {MINI_PROGRAM, OFFICIAL_ACCOUNT}
            self.sent: dict[tuple[str, str], tuple[float, int]] = {}

    def next_seq(self) -> int:
        """Give the next number; messages and log entries share them, so that a page can poll."""
        with self.lock:
            self._last = next(self._sequence)
            return self._last

    @property
    def last_seq(self) -> int:
        """The newest number given out."""
        return self._last

    def now(self) -> float:
        """Seconds since 1970 by the sandbox's clock."""
        return self.clock.seconds()

    def show(self, person: Person, channel: Channel, content: Content) -> Message:
        """Put a message on a person's phone."""
        with self.lock:
            message = Message(
                seq=self.next_seq(),
                person_id=person.id,
                at=self.clock.now(),
                channel=channel,
                content=content,
            )
            self.chats.add(message)
            return message

    def show_friend(self, sender: Person, receiver: Person, content: Content) -> Message:
        """Put what one person sends another on both phones, and give the sender's copy."""
        with self.lock:
            mine = self.show(sender, "to_friend", replace(content, friend_id=receiver.id))
            self.show(receiver, "friend", replace(content, friend_id=sender.id))
            return mine

    def unionid(self, kind: Kind, person: Person) -> dict[str, object]:
        """Give the unionid as an account sees it: a field of that name, or nothing."""
        return {"unionid": person.unionid} if kind in self.bound else {}

    def person_by_openid(self, kind: Kind, openid: object) -> Person | None:
        """Find the person whom an account knows by `openid`."""
        return self.people.find_by_openid(kind, openid)

    def _take_fault(self, path: str) -> Fault | None:
        with self.lock:
            return self.faults.take(path)

    def _keeps(self, kind: Kind, media_id: str) -> bool:
        with self.lock:
            return self.media.find(kind, media_id, self.now()) is not None

    def _show_reply(self, push: Push, content: Content) -> Message:
        with self.lock:
            person = self.people.find_by_openid(push.account.kind, push.openid)
            if person is None:  # the world was reset meanwhile: shown to nobody
                return Message(
                    seq=0, person_id="", at=self.clock.now(), channel="reply", content=content
                )
            return self.show(person, "reply", content)

    def _log_attempt(self, attempt: Attempt) -> None:
        fields = attempt.push.fields
        with self.lock:
            self.journal.add(
                Entry(
                    seq=self.next_seq(),
                    at=self.clock.now(),
                    direction="out",
                    method="POST",
                    path=attempt.push.account.callback_path,
                    account=attempt.push.account.kind,
                    request=fields,
                    answer=attempt.answer,
                    status=attempt.status,
                    errcode=None,
                    milliseconds=attempt.milliseconds,
                    note=" · ".join(filter(None, [f"delivery {attempt.number}", attempt.note])),
                )
            )
