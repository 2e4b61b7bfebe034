"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = sorted(Path("wxapp_backend").rglob("*.py"))
SOURCES = [path for path in PACKAGE if "migrations" not in path.parts]
TESTS = sorted(Path("tests").rglob("*.py"))
MAX_FILE_LINES = 400
MAX_TEST_LINES = 500
MAX_FUNCTION_LINES = 60
ONLY_DB_MAY_CALL = {"commit", "rollback", "begin_nested"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager"}


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the name and the line of each method call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_size(path: Path) -> None:
    """Files and functions stay short enough to be read in one sitting."""
    text = path.read_text(encoding="utf-8")
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= MAX_FUNCTION_LINES
        and node.name != "make_blueprint"  # a list of short views, each measured by itself
    }
    assert long == {}
    assert len(text.splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("path", TESTS, ids=str)
def test_size_of_tests(path: Path) -> None:
    """Test files stay readable, too."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_TEST_LINES


@pytest.mark.parametrize("path", PACKAGE, ids=str)
def test_no_file_where_design_stops(path: Path) -> None:
    """There is no utils.py: what is in it belongs somewhere."""
    assert path.stem not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_only_database_ends_transactions(path: Path) -> None:
    """A service that commits takes the decision away from its caller."""
    if path == Path("wxapp_backend/infra/db.py"):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [call for call in calls(tree) if call[0] in ONLY_DB_MAY_CALL] == []


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_integrity_errors_are_judged_in_one_place(path: Path) -> None:
    """Only `infra.db` catches IntegrityError: to retry, or to hand it on."""
    if path == Path("wxapp_backend/infra/db.py"):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    caught = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and node.type is not None
        and "IntegrityError" in ast.dump(node.type)
    ]
    assert caught == []
