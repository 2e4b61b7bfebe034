"""Subscribers, handlers and events name each other."""

from __future__ import annotations

from wxapp_backend.assembly import Assembly
from wxapp_backend.kernel.events import DomainEvent


def names_of_events() -> list[str]:
    """Return the names of all events that the code defines.

    A dataclass with slots is made twice, so classes are told apart by where they stand.
    """
    found: dict[tuple[str, str], str] = {}
    waiting: list[type[DomainEvent]] = [DomainEvent]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found[kind.__module__, kind.__qualname__] = kind.name
            waiting.append(kind)
    return list(found.values())


def test_every_subscriber_has_a_name_of_its_own(assembly: Assembly) -> None:
    """A delivery finds its handler by the stored name."""
    assert len(assembly.handlers) == len(assembly.subscriptions) > 0


def test_event_names_are_unique() -> None:
    """Two events of one name could not be told apart in the table."""
    names = names_of_events()
    assert sorted(set(names)) == sorted(names)


def test_every_job_is_heard(assembly: Assembly) -> None:
    """A tick without a subscriber would be a job that does nothing."""
    heard = {each.event.name for each in assembly.subscriptions}
    assert [job.name for job in assembly.jobs if job.event().name not in heard] == []
    assert len({job.name for job in assembly.jobs}) == len(assembly.jobs) > 0
