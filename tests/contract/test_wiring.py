"""Subscribers, handlers and events name each other."""

from __future__ import annotations

import tomllib
from pathlib import Path

from wxapp_backend.assembly import Assembly
from wxapp_backend.infra.tables import Base
from wxapp_backend.kernel.events import DomainEvent
from wxapp_backend.wiring import FEATURES, HOUSE


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


def test_every_feature_is_listed() -> None:
    """A folder that is not in the list would be dead code."""
    folders = {path.parent.name for path in Path("wxapp_backend/features").glob("*/__init__.py")}
    assert sorted(names_in_order()) == sorted(folders)


def names_in_order() -> list[str]:
    """Return the features as they are listed; the house is none."""
    return [each.name for each in FEATURES if each is not HOUSE]


def test_features_are_listed_from_the_lowest_line_up() -> None:
    """The lines are import-linter's: who may call whom is who hears after whom."""
    contracts = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    [lines] = [
        each["layers"]
        for each in contracts["tool"]["importlinter"]["contracts"]
        if each["name"] == "Features import only features below them"
    ]
    line_of = {
        name.strip("() "): number
        for number, line in enumerate(reversed(lines))
        for name in line.split("|")
    }
    listed = [line_of[name] for name in names_in_order()]
    assert listed == sorted(listed)


def test_every_table_is_declared_where_it_stands() -> None:
    """`model_registry` knows the tables by the declarations alone."""
    declared = {module.__name__: feature.name for feature in FEATURES for module in feature.tables}
    standing = {
        mapper.class_.__module__
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("wxapp_backend.")
    }
    assert standing == set(declared)
    assert [name for name, owner in declared.items() if f".{owner}." not in name] == []


def test_names_begin_with_their_feature(assembly: Assembly) -> None:
    """Whoever reads a stored name knows where to look; and no two features choose the same."""
    strange = [
        name
        for feature in FEATURES
        for name in (
            *(each.name for each in feature.subscriptions(assembly.outside)),
            *(job.name for job in feature.jobs),
        )
        if not name.startswith(f"{feature.name}.")
    ]
    assert strange == []


def test_each_audience_is_told_apart_by_one_feature() -> None:
    """Two authenticators of one audience would decide by their place in the list."""
    found = [audience for feature in FEATURES for audience in feature.authenticators]
    assert sorted(found) == ["api_key", "customer", "staff"]
