"""The poster in the chat, through real processes: asked for on a phone, read from its screen."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import zxingcpp
from PIL import Image

from demo.shop import Phone, code_of
from tests.conftest import REDIS_URL
from tests.e2e.running import running
from wxapp_backend.infra.queue import SWEEP_SECONDS


def ask_and_scan(phone: Phone) -> None:
    """Ask for the poster, wait for its picture, and scan it with another phone."""
    asked_at = time.monotonic()
    [answer] = phone.act("send", {"text": "海报"})["replies"]
    assert time.monotonic() - asked_at < 5  # WeChat's own limit, not a measure of speed
    assert "马上发到这里" in answer["text"]
    message = phone.wait_for_message("[图片]")
    picture = requests.get(phone.shop.sandbox + message["image_url"], timeout=5).content
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert found.text == f"{phone.shop.backend}/r/{phone.customer['referral_code']}"

    friend = Phone(phone.shop, "李静")
    scanned = friend.act("scan", {"payload": found.text})
    assert (scanned["opens"], scanned["path"]) == ("mini_program", "pages/landing/index")
    assert code_of(scanned["query"]) == phone.customer["referral_code"]


def test_a_follower_gets_the_poster_as_a_picture(tmp_path: Path) -> None:
    """One process: what the phone shows is scanned and leads a friend to the landing page."""
    with running(tmp_path) as (launcher, _):
        phone = Phone(launcher.shop, "王小美")
        phone.open_mini_program()
        phone.act("follow")
        ask_and_scan(phone)


@pytest.mark.skipif(not REDIS_URL, reason="TEST_REDIS_URL is not set")
def test_a_worker_sends_the_picture(tmp_path: Path, server_database_url: str) -> None:
    """With processes apart, the worker draws and sends; uploads are shared through Redis.

    Who is not recognised yet is recognised first; what waits for that comes with the sweep.
    """
    with running(tmp_path, database_url=server_database_url, redis_url=REDIS_URL) as (launcher, _):
        phone = Phone(replace(launcher.shop, message_seconds=3 * SWEEP_SECONDS), "王小美")
        phone.open_mini_program()
        phone.act("follow")
        ask_and_scan(phone)
        ask_and_scan(phone)
