"""The shop is killed again and again while friends come: nothing is lost, nothing happens twice."""

from __future__ import annotations

import os
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from demo.launch import Launcher
from demo.shop import Phone, Refused
from demo.story import prepare
from tests.e2e.running import running

KILLS = int(os.environ.get("FAULTS_KILLS", "20"))  # noqa: TID251 # how long the storm blows
FRIENDS = int(os.environ.get("FAULTS_FRIENDS", "30"))  # noqa: TID251 # same
PATIENCE_SECONDS = 120.0


def stubbornly(work: Callable[[], Any]) -> Any:
    """Repeat `work`, as a phone does, until the shop answers it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except (requests.ConnectionError, requests.Timeout):
            pass
        except Refused as refusal:
            if "HTTP 5" not in str(refusal):
                raise
        assert time.monotonic() < end, "the shop did not come back"
        time.sleep(0.1)


def come_by(launcher: Launcher, code: str, store_id: str, clerk: Phone, number: int) -> None:
    """Let one friend claim, come and pay; every write is repeated with its key until it holds."""
    friend = Phone(launcher.shop, f"朋友{number}")
    stubbornly(friend.open_mini_program)
    key = uuid.uuid4().hex
    body = {"referral_code": code}
    stubbornly(lambda: friend.call("POST", "/api/v1/claims", body, key=key))
    [coupon] = stubbornly(lambda: friend.call("GET", "/api/v1/me/coupons"))["items"]
    redemption = {
        "token": stubbornly(
            lambda: friend.call("POST", f"/api/v1/me/coupons/{coupon['id']}/token")
        )["token"],
        "store_id": store_id,
        "order_amount_fen": 12_000 + number,
        "order_no": f"S{number}-{key[:8]}",
    }
    again = uuid.uuid4().hex
    stubbornly(lambda: clerk.call("POST", "/api/v1/staff/redemptions", redemption, key=again))


def blow(launcher: Launcher, doors: threading.Semaphore) -> None:
    """Let some friends in before each kill, so that every one meets people under way."""
    jitter = secrets.SystemRandom()
    for kill in range(KILLS):
        doors.release((kill + 1) * FRIENDS // KILLS - kill * FRIENDS // KILLS or 1)
        time.sleep(jitter.uniform(0.0, 0.4))
        launcher.kill_backend()
        launcher.start_backend()
    doors.release(FRIENDS)


@pytest.mark.storm
def test_friends_come_while_the_shop_is_killed(tmp_path: Path) -> None:
    """Every friend counts once: points, referrals, messages, coupons, books."""
    with running(tmp_path) as (launcher, _):
        cast = prepare(launcher.shop)
        campaign = cast.wang.call("GET", "/api/v1/campaigns")["items"][0]
        share = {"campaign_id": campaign["id"], "channel": "poster"}
        code = cast.wang.call("POST", "/api/v1/shares", share)["referral_code"]
        doors = threading.Semaphore(0)

        def come(number: int) -> None:
            doors.acquire()
            come_by(launcher, code, cast.store_id, cast.clerk, number)

        with ThreadPoolExecutor(5) as pool:
            storm = pool.submit(blow, launcher, doors)
            friends = [pool.submit(come, number) for number in range(FRIENDS)]
            for friend in friends:
                friend.result()
            storm.result()

        end = time.monotonic() + PATIENCE_SECONDS
        while len(cast.wang.messages("推荐成功")) < FRIENDS and time.monotonic() < end:
            time.sleep(0.2)
        time.sleep(2)  # what would come twice has time to come
        summary = cast.wang.call("GET", "/api/v1/me/referrals/summary")
        assert summary["counts"]["rewarded"] == FRIENDS
        assert cast.wang.call("GET", "/api/v1/me/points")["available"] == 200 * FRIENDS
        assert len(cast.wang.messages("推荐成功")) == FRIENDS
        assert "the books balance" in launcher.shop.command("verify-ledger")
        print(f"kills={KILLS} friends={FRIENDS} rewarded={FRIENDS} double=0 lost=0")  # noqa: T201 # the storm's one line
