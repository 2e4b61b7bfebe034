"""The pipeline of every route: who asks, how often, in which transaction, and only once.

A view is written as `view(tx, caller, **what_was_read)` and returns a shape. The pipeline
authenticates inside the same transaction, so a request is one transaction, and a repeated
`Idempotency-Key` gets the first answer again. A body is taken off the wire before that, and judged
after it: a stranger's is not.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from flask import Flask, Response, g, request
from pydantic import BaseModel

from wxapp_backend.infra import idempotency
from wxapp_backend.infra.db import Database, Tx, WritingNeeded
from wxapp_backend.infra.http.errors import error_body
from wxapp_backend.infra.http.gate import MAX_BODY_BYTES
from wxapp_backend.infra.http.limits import Limiter
from wxapp_backend.infra.http.reading import Reader, read_all
from wxapp_backend.infra.idempotency import MAX_KEY_CHARACTERS, Key, Stored
from wxapp_backend.kernel.errors import (
    AppError,
    IdempotencyKeyMissing,
    RateLimited,
    Unauthenticated,
)

Audience = Literal["public", "customer", "staff", "api_key"]
KeyPolicy = Literal["required", "optional"]
View = Callable[..., Any]

_READING = {"GET", "HEAD"}
_PASSING = {401, 429}
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        audience: as whom.
        id: person id of a customer or clerk, key id of a program, "" for the public.
    """

    audience: Audience
    id: str

    @property
    def label(self) -> str:
        """Name the caller for keys and limits."""
        return f"{'key' if self.audience == 'api_key' else 'person'}:{self.id}"


PUBLIC = Caller("public", "")

Authenticate = Callable[[Tx, str, str], Caller]
"""`(tx, secret, scope) -> Caller`; raises `Unauthenticated` or `Forbidden`."""

Read = dict[str, BaseModel]
"""What a request brought, by the names of the view's arguments."""


class Arrived:
    """A request with a key: who asks for what is known once `judge` has run."""

    caller: Caller
    read: Read

    def __init__(
        self, value: str, identify: Callable[[Tx], Caller], readers: Sequence[Reader]
    ) -> None:
        self._value = value
        self._identify = identify
        self._readers = readers

    def judge(self, tx: Tx, digest: bytes) -> Key:
        """Return whose key it is; what cannot be read is refused and leaves the key unused."""
        self.caller = self._identify(tx)
        self.read = read_all(self._readers)
        return Key(self.caller.label, self._value, digest)


class Pipeline:
    """Makes the decorators that each route carries exactly one of."""

    def __init__(
        self, db: Database, authenticators: Mapping[Audience, Authenticate], limiter: Limiter
    ) -> None:
        self._db = db
        self._authenticators = authenticators
        self._limiter = limiter

    def watch(self, app: Flask) -> None:
        """Send strangers to log in before anything else about their request is judged."""

        @app.before_request
        def ask_for_credential() -> None:
            view = app.view_functions.get(request.endpoint or "")
            if getattr(view, "audience", "public") != "public":
                _bearer()

    def public(self, *, transaction: bool = True, limited: bool = True) -> Callable[[View], View]:
        """Let anybody in: `view(tx, **read)`, or `view(**read)` without a transaction.

        `limited=False` is for callers who prove themselves otherwise and come in bursts.
        """
        readers: list[Reader] = []

        def decorate(view: View) -> View:
            def answer(**path: Any) -> Response:
                if limited:
                    self._limit(None)
                for reader in readers:
                    reader.fetch()
                read = read_all(readers)
                if not transaction:
                    return to_response(view(**path, **read))
                return to_response(self._transact(lambda tx: view(tx, **path, **read)))

            return _declare(view, answer, "public", readers)

        return decorate

    def customer(
        self,
        *,
        key: KeyPolicy = "optional",
        transaction: bool = True,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> Callable[[View], View]:
        """Let signed-in customers in: `view(tx, caller, **read)`."""
        decorate = self._guard("customer", "", key, transaction)

        def allow(view: View) -> View:
            guarded = decorate(view)
            guarded.max_body_bytes = max_body_bytes  # type: ignore[attr-defined] # read by the gate
            return guarded

        return allow

    def staff(
        self, *, key: KeyPolicy = "optional", transaction: bool = True
    ) -> Callable[[View], View]:
        """Let people in who work in a store: `view(tx, caller, **read)`."""
        return self._guard("staff", "", key, transaction)

    def api_key(
        self, scope: str, *, key: KeyPolicy = "optional", transaction: bool = True
    ) -> Callable[[View], View]:
        """Let programs in whose key has `scope`: `view(tx, caller, **read)`."""
        return self._guard("api_key", scope, key, transaction)

    def _guard(
        self, audience: Audience, scope: str, key: KeyPolicy, transaction: bool
    ) -> Callable[[View], View]:
        readers: list[Reader] = []

        def identify(tx: Tx) -> Caller:
            caller = self._authenticators[audience](tx, _bearer(), scope)
            self._limit(caller)
            return caller

        def decorate(view: View) -> View:
            def answer(**path: Any) -> Response:
                self._limit(None)
                for reader in readers:
                    reader.fetch()
                if not transaction:
                    caller = self._db.read(identify)
                    return to_response(view(caller, **path, **read_all(readers)))
                value = _idempotency_key(key) if request.method not in _READING else None
                if value is not None:
                    arrived = Arrived(value, identify, readers)
                    return self._once(arrived, lambda tx, who, read: view(tx, who, **path, **read))
                return to_response(
                    self._transact(lambda tx: view(tx, identify(tx), **path, **read_all(readers)))
                )

            guarded = _declare(view, answer, audience, readers, scope)
            guarded.key_policy = key  # type: ignore[attr-defined] # read by the contract tests
            return guarded

        return decorate

    def _transact(self, work: Callable[[Tx], Any]) -> Any:
        if request.method not in _READING:
            return self._db.run(work)
        try:
            return self._db.read(work)
        except WritingNeeded:
            return self._db.run(work)

    def _once(self, arrived: Arrived, work: Callable[[Tx, Caller, Read], Any]) -> Response:
        digest = idempotency.fingerprint(request.method, request.full_path, _canonical_body())

        def answer(tx: Tx) -> Stored:
            try:
                shape = tx.attempt(lambda inner: work(inner, arrived.caller, arrived.read))
            except AppError as error:
                if error.status in _PASSING or error.status >= _SERVER_ERROR:
                    raise  # another try may be answered otherwise
                return Stored(error.status, error_body(error.code, error.message, error.details))
            response = to_response(shape)
            return Stored(response.status_code, response.get_data())

        stored = idempotency.run_once(self._db, lambda tx: arrived.judge(tx, digest), answer)
        response = Response(stored.body, stored.status, content_type="application/json")
        if stored.replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    def _limit(self, caller: Caller | None) -> None:
        who = caller.label if caller else f"address:{request.remote_addr}"
        if not self._limiter.allow("caller" if caller else "address", who):
            raise RateLimited


def to_response(answer: Any) -> Response:
    """Turn a shape, or `(shape, status)`, into an answer; a finished `Response` passes."""
    status = 200
    if isinstance(answer, tuple):
        answer, status = answer
    if isinstance(answer, Response):
        return answer
    if isinstance(answer, BaseModel):
        return Response(answer.model_dump_json().encode(), status, content_type="application/json")
    return Response(orjson.dumps(answer), status, content_type="application/json")


def _declare(
    view: View, answer: View, audience: Audience, readers: list[Reader], scope: str = ""
) -> View:
    """Give the guarded view the name and the OpenAPI notes of the bare one."""
    guarded: Any = functools.wraps(view)(answer)
    guarded.audience = audience
    guarded.readers = readers
    guarded._sync_ensured = True  # noqa: SLF001 # APIFlask need not wrap it once more
    notes = dict(getattr(view, "_spec", {}))
    if audience != "public":
        notes["security"] = [{"apiKey" if audience == "api_key" else "session": []}]
    if scope:
        notes.setdefault("description", f"Needs an API key with the scope `{scope}`.")
    guarded._spec = notes  # noqa: SLF001 # where APIFlask looks
    view_of_route: View = guarded
    return view_of_route


def _bearer() -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise Unauthenticated
    return secret.strip()


def _idempotency_key(policy: KeyPolicy) -> str | None:
    value = request.headers.get("Idempotency-Key", "")
    if value and len(value) <= MAX_KEY_CHARACTERS:
        return value
    if value or policy == "required":
        raise IdempotencyKeyMissing
    return None


def _canonical_body() -> bytes:
    """Return the JSON body in one form, so that a re-ordered retry is the same request."""
    body = request.get_json(silent=True)
    if body is None:
        return request.get_data()
    try:
        return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # too deep to be written, and so to be judged
        return request.get_data()


def request_id() -> str:
    """Return the id of the request under way."""
    return str(g.get("request_id", ""))
