"""Rate limits in memory: exact in every second, and small."""

from __future__ import annotations

from wxapp_backend.infra.http.limits import MemoryWindows


class Seconds:
    """A clock of seconds that stands until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return what it shows."""
        return self.now


def test_no_second_holds_more_than_allowed() -> None:
    """The window moves with each request; what was refused does not count."""
    clock = Seconds()
    windows = MemoryWindows({"address": 2, "caller": 1}, clock)
    answers = []

    for moment in (0.0, 0.6, 0.9, 1.0, 1.5, 1.6):
        clock.now = 100.0 + moment
        answers.append(windows.hit("address", "a"))

    assert answers == [True, True, False, True, False, True]


def test_each_has_a_window_of_their_own() -> None:
    """Kinds and names do not take each other's share."""
    windows = MemoryWindows({"address": 1, "caller": 1}, Seconds())

    first = [windows.hit("address", "a"), windows.hit("address", "b"), windows.hit("caller", "a")]

    assert first == [True, True, True]
    assert not windows.hit("caller", "a")


def test_who_left_is_forgotten() -> None:
    """A thousand passers-by leave nothing behind."""
    clock = Seconds()
    windows = MemoryWindows({"address": 5, "caller": 5}, clock)
    for number in range(1000):
        windows.hit("address", str(number))

    clock.now += 1.0
    windows.hit("address", "next")

    assert len(windows) == 1
