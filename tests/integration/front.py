"""The whole application on a test's database, served over HTTP, with the offline WeChat outside.

Events are delivered when a test says so (`settle`), so that it decides what happens between them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from wsgiref.types import StartResponse, WSGIEnvironment

from apiflask import APIFlask
from sqlalchemy import Engine, select, update
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.conftest import FakeClock, Harness
from tests.factories import make_store, make_visit
from tests.sandbox.driver import Driver
from tests.settings import make_settings
from tests.unit.campaigns.documents import document
from wxapp_backend.app import build_app
from wxapp_backend.assembly import Assembly, assemble
from wxapp_backend.declaration import Outside, Parts
from wxapp_backend.features.bot.api import CallbackIntake, intake_of
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.posters.api import PosterRenderer, renderer_of
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.clock import system_clock
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.deliver import deliver
from wxapp_backend.infra.outbox.rows import DeliveryRow
from wxapp_backend.sandbox.accounts import ACCOUNTS, OFFICIAL_ACCOUNT
from wxapp_backend.sandbox.options import Mode, Options
from wxapp_backend.sandbox.server import start
from wxapp_backend.settings import Settings
from wxapp_backend.wiring import make_subscriptions

T = TypeVar("T")
WAIT_SECONDS = 60.0
TITLES = {"success": "推荐成功", "second_visit": "再次到店", "first_impression": "评价"}


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""


class _Late:
    """Stands for an application that is made after its address is known."""

    app: APIFlask

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return self.app.wsgi_app(environ, start)


@dataclass
class Person:
    """One phone of the sandbox, and whom the shop knows by it."""

    phone: dict[str, Any]
    id: str = ""

    @property
    def official_openid(self) -> str:
        """What the official account calls this person."""
        return str(self.phone["openids"]["official_account"])

    @property
    def mini_openid(self) -> str:
        """What the mini-program calls this person."""
        return str(self.phone["openids"]["mini_program"])


class Front:
    """The application, the sandbox, and what people do with both."""

    def __init__(
        self, app: APIFlask, harness: Harness, driver: Driver, renderer: PosterRenderer
    ) -> None:
        self.app = app
        self.harness = harness
        self.driver = driver
        self.renderer = renderer
        self.assembly: Assembly
        self.clock: FakeClock
        self.campaign_id = ""
        self.store_id = ""
        self.spool: Path

    @property
    def intake(self) -> CallbackIntake:
        """Who takes callbacks in."""
        return intake_of(self.assembly.parts)

    def do(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a transaction of its own."""
        return self.harness.db.run(work)

    def settle(self) -> None:
        """Deliver all that is due."""
        self.harness.settle()

    def judge_reviews(self) -> None:
        """Let WeChat judge the reviews that wait for it, before anything else is delivered."""
        waiting = select(DeliveryRow.id).where(DeliveryRow.subscriber == "visits.review_check")
        for delivery_id in self.do(lambda tx: tx.session.scalars(waiting).all()):
            deliver(self.harness.db, self.harness.handlers, delivery_id)

    def hurry(self) -> None:
        """Deliver all that is due, and what waits for its next try, once."""
        due = DeliveryRow.state == "new"
        self.do(
            lambda tx: tx.session.execute(
                update(DeliveryRow).where(due).values(run_at=system_clock())
            )
        )
        self.settle()

    def states(self) -> set[str]:
        """Return the states that deliveries are in."""
        return set(self.do(lambda tx: tx.session.scalars(select(DeliveryRow.state)).all()))

    def open_campaign(self, **changes: Any) -> None:
        """Run the default campaign with changes, in one store."""
        version = self.do(lambda tx: campaigns.publish(tx, document(**changes)))
        self.campaign_id = self.do(lambda tx: campaigns.get_version(tx, version)).campaign_id
        self.store_id = self.do(make_store)

    def person(self, nickname: str, *, follows: bool = False, signed_in: bool = True) -> Person:
        """Bring somebody with a phone, who may follow the account and use the mini-program."""
        person = Person(self.driver.post("/_phones", {"nickname": nickname}))
        if follows:
            self.driver.act(person.phone, "follow")
            self.settle()
        if signed_in:
            self.sign_in(person, nickname)
        return person

    def sign_in(self, person: Person, nickname: str | None = None) -> str:
        """Let somebody open the mini-program; return the session."""

        def enter(tx: Tx) -> identity.SignedIn:
            found = identity.sign_in(
                tx,
                app="mini_program",
                openid=person.mini_openid,
                unionid=person.phone["unionid"],
                days=30,
            )
            if nickname is not None:
                change = identity.ProfileChange(frozenset({"nickname"}), nickname=nickname)
                identity.update_profile(tx, found.person.id, change)
            return found

        self.driver.act(person.phone, "login-code")  # WeChat notes the visit, too
        entered = self.do(enter)
        person.id = entered.person.id
        self.settle()
        return entered.token

    def allow(self, person: Person, kind: str, times: int = 1) -> None:
        """Let somebody consent to subscription messages of this kind, and say so to the shop."""
        template_id = template_of("mini_program", kind)
        session = self.sign_in(person)
        for _ in range(times):
            told = self.driver.act(person.phone, "subscribe", template_ids=[template_id])
            answer = self.app.test_client().post(
                "/api/v1/me/subscriptions",
                json={"template_results": told["template_results"]},
                headers={"Authorization": f"Bearer {session}"},
            )
            assert answer.status_code == 200, answer.text

    def code_of(self, person: Person) -> str:
        """Return somebody's referral code."""
        return self.do(lambda tx: referrals.code_of(tx, person.id))

    def claim(self, friend: Person, referrer: Person) -> referrals.Claimed:
        """Let a friend claim."""
        code = self.code_of(referrer)
        claimed = self.do(lambda tx: referrals.claim(tx, friend.id, code=code))
        self.settle()
        return claimed

    def visit(self, friend: Person, order_no: str | None = None) -> visits.Visit:
        """Let somebody pay; an hour passes. Events are not delivered."""
        made = self.do(lambda tx: make_visit(tx, friend.id, self.store_id, 12800, order_no))
        self.clock.advance(hours=1)
        return made

    def review(self, friend: Person, visit: visits.Visit, text: str, *, shared: bool = True) -> str:
        """Let somebody write a review a minute later; the content check has not run yet."""
        self.clock.advance(minutes=1)
        new = visits.NewReview(
            person_id=friend.id, visit_id=visit.id, rating=5, text=text, shared=shared
        )
        return self.do(lambda tx: visits.write_review(tx, new)).id

    def inbox(self, person: Person) -> list[dict[str, Any]]:
        """Return somebody's messages in the mini-program, newest first."""
        answer = self.app.test_client().get(
            "/api/v1/me/inbox?limit=50",
            headers={"Authorization": f"Bearer {self.sign_in(person)}"},
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json["items"] if answer.json else []
        return items

    def shown(self, person: Person, *channels: str) -> list[str]:
        """Return the texts on a phone, oldest first, of these channels only (all by default)."""
        return [
            message["text"]
            for message in reversed(self.driver.messages(person.phone))
            if not channels or message["channel"] in channels
        ]

    def fault(self, path: str, **fault: object) -> None:
        """Switch a fault of WeChat on."""
        self.driver.post("/_faults", {"path": path, **fault})


TEMPLATE_SEND = "/cgi-bin/message/template/send"
SUBSCRIBE_SEND = "/cgi-bin/message/subscribe/send"


def template_of(account: str, kind: str) -> str:
    """Return the id of the account's template for this kind of message."""
    [found] = [
        template.template_id
        for template in ACCOUNTS[account].templates  # type: ignore[index] # one of the two kinds
        if TITLES[kind] in template.title
    ]
    return found


def eventually(holds: Callable[[], T], seconds: float = WAIT_SECONDS) -> T:
    """Wait until something holds that another thread brings about, and return it."""
    ends_at = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < ends_at, "it did not come"
        time.sleep(0.02)
    return found


@contextmanager
def open_front(
    engine: Engine, clock: FakeClock, files: Path, *, mode: Mode = "safe", **overrides: str
) -> Generator[Front]:
    """Yield the application and the sandbox, each knowing the other's address."""
    late = _Late()
    server = make_server("127.0.0.1", 0, late, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    backend = f"http://127.0.0.1:{server.server_port}"
    sandbox = start(options=Options(backend=backend, mode=mode, retry_pause_seconds=0.01))
    spool = files.parent / "spool" / "callbacks.db"
    storage = {"STORAGE__FOLDER": str(files), "STORAGE__SPOOL": str(spool)}
    settings = _settings(engine, backend, sandbox.url, **(storage | overrides))
    front = _assemble(engine, clock, settings, Driver(sandbox.url))
    front.clock, front.spool = clock, spool
    late.app = front.app
    thread.start()
    try:
        yield front
    finally:
        sandbox.stop()
        server.shutdown()
        thread.join()
        server.server_close()


def _settings(engine: Engine, backend: str, sandbox: str, **overrides: str) -> Settings:
    values = {
        "DATABASE__URL": engine.url.render_as_string(hide_password=False),
        "SERVER__LINK_BASE": backend,
        "BRAND__NAME": "青禾小馆",
        "WECHAT__BASE_URL": sandbox,
        "WECHAT__MP_BASE_URL": sandbox,
        "WECHAT__CONNECT_TIMEOUT_SECONDS": "5",
        "WECHAT__READ_TIMEOUT_SECONDS": "5",
    }
    for kind, account in ACCOUNTS.items():
        prefix = f"WECHAT__{kind.upper()}__"
        values[prefix + "APPID"] = account.appid
        values[prefix + "SECRET"] = account.secret
        values[prefix + "ORIGINAL_ID"] = account.original_id
        values[prefix + "TOKEN"] = account.token
        values[prefix + "ENCODING_AES_KEY"] = account.encoding_aes_key
        part = "OFFICIAL_ID" if kind == OFFICIAL_ACCOUNT else "MINI_PROGRAM_ID"
        for name in TITLES:
            values[f"WECHAT__TEMPLATES__{name.upper()}__{part}"] = template_of(kind, name)
    return make_settings(**(values | overrides))


def _assemble(engine: Engine, clock: FakeClock, settings: Settings, driver: Driver) -> Front:
    """Put the parts together as the application does, around the test's database and clock."""
    whole = assemble(settings)
    whole.db.engine.dispose()
    made: list[Parts] = []
    outside = Outside(settings, whole.outside.accounts, whole.outside.storage, lambda: made[0])
    subscriptions = make_subscriptions(outside)
    subscribers: dict[str, list[str]] = {}
    for each in subscriptions:
        subscribers.setdefault(each.event.name, []).append(each.name)
    harness = Harness(
        engine, clock, subscribers, {each.name: each.handler for each in subscriptions}
    )
    made.append(Parts(outside, harness.db, whole.parts.decoder))
    assembly = replace(whole, parts=made[0], subscriptions=subscriptions)
    front = Front(build_app(assembly), harness, driver, renderer_of(made[0]))
    front.assembly = assembly
    return front
