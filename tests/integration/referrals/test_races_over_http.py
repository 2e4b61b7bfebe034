"""Circles of claims over HTTP: whoever loses a race is answered, and keeps nobody waiting."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from apiflask import APIFlask
from sqlalchemy import Engine

from tests.conftest import FakeClock
from tests.integration.front import Front, open_front

CIRCLES = 8
FRIENDS = 6
ROUNDS = 2
AIM_SECONDS = 4.0
"""Far below the eleven that others waited when each deadlock cost a second."""


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """Return an engine on which writers really meet."""
    if engine.dialect.name != "postgresql":
        pytest.skip("writers meet on PostgreSQL only")
    return engine


def claim(app: APIFlask, session: str, code: str, barrier: Barrier) -> tuple[str, float]:
    """Claim over HTTP once everybody is ready; return how it came out, and the seconds it took."""
    client = app.test_client()
    headers = {"Authorization": f"Bearer {session}", "Idempotency-Key": session[:30]}
    barrier.wait()
    began = time.perf_counter()
    answer = client.post("/api/v1/claims", json={"referral_code": code}, headers=headers)
    took = time.perf_counter() - began
    assert answer.json is not None
    code = answer.json["error"]["code"] if "error" in answer.json else "done"
    return f"{answer.status_code} {code}", took


def circle(front: Front, name: str, size: int) -> list[tuple[str, str]]:
    """Return the sessions of new friends, each with the code of the next one."""
    friends = [front.person(f"{name}{index}") for index in range(size)]
    codes = [front.code_of(each) for each in friends]
    return [(front.sign_in(each), codes[(index + 1) % size]) for index, each in enumerate(friends)]


def test_circles_of_claims_end_without_a_failure(
    engine: Engine, clock: FakeClock, files: Path
) -> None:
    """Of each circle of six one claim is refused, the others succeed, and none waits long."""
    with open_front(engine, clock, files, SERVER__REQUESTS_PER_SECOND_PER_ADDRESS="10000") as front:
        front.open_campaign()
        for turn in range(ROUNDS):
            claims = [
                each
                for number in range(CIRCLES)
                for each in circle(front, f"圈{turn}-{number}-", FRIENDS)
            ]
            barrier = Barrier(len(claims))
            with ThreadPoolExecutor(len(claims)) as pool:
                futures = [pool.submit(claim, front.app, *each, barrier) for each in claims]
                came_out = [each.result() for each in futures]

            answers = Counter(answer for answer, _ in came_out)
            assert answers == {
                "200 done": CIRCLES * (FRIENDS - 1),
                "409 already_referred": CIRCLES,
            }
            assert max(took for _, took in came_out) < AIM_SECONDS
