"""The spool keeps what it says it kept, in order, within its limit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wxapp_backend.infra.spool import MAX_FAILURES, Spool, SpoolUnavailable


def test_what_is_kept_comes_out_in_order_and_whole(tmp_path: Path) -> None:
    """Bytes and arguments as they were; another object on the same file sees them."""
    path = tmp_path / "deep" / "spool.db"
    for number in range(3):
        Spool(path).put("a", {"nonce": f"“{number}”"}, bytes([0, 255, number]))
    spool, found = Spool(path), []
    while entry := spool.oldest():
        found.append((entry.channel, entry.args["nonce"], entry.body))
        spool.drop(entry)
    assert found == [("a", f"“{number}”", bytes([0, 255, number])) for number in range(3)]


def test_reading_makes_no_file(tmp_path: Path) -> None:
    """A shop that never lost its database has no spool."""
    assert Spool(tmp_path / "spool.db").oldest() is None
    assert list(tmp_path.iterdir()) == []


def test_a_full_spool_says_so(tmp_path: Path) -> None:
    """Better a repetition by WeChat than a full disk."""
    spool = Spool(tmp_path / "spool.db", most=2)
    for _ in range(2):
        spool.put("a", {}, b"")
    with pytest.raises(SpoolUnavailable):
        spool.put("a", {}, b"")


def test_an_entry_that_fails_waits_behind_the_others(tmp_path: Path) -> None:
    """And is passed over in the end, but not deleted."""
    spool = Spool(tmp_path / "spool.db")
    spool.put("bad", {}, b"")
    spool.put("good", {}, b"")
    first = spool.oldest()
    assert first is not None
    spool.note_failure(first)
    second = spool.oldest()
    assert second is not None
    assert second.channel == "good"
    spool.drop(second)
    for _ in range(MAX_FAILURES):
        spool.note_failure(first)
    assert spool.oldest() is None


def test_many_threads_may_keep_at_once(tmp_path: Path) -> None:
    """Each callback comes in a thread of its own; a slow disk only makes them wait."""
    spool = Spool(tmp_path / "spool.db", wait_seconds=60)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: spool.put("a", {}, b"%d" % number), range(40)))
    found = set()
    while entry := spool.oldest():
        found.add(entry.body)
        spool.drop(entry)
    assert len(found) == 40
