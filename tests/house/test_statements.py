"""Statements that SQLite lets pass and PostgreSQL refuses, or answers otherwise."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JOINS = {"join", "outerjoin", "options"}
LIKE = {"contains", "startswith", "endswith", "like"}


def _calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in names:
            assert isinstance(node, ast.Call)
            yield node


def _chain(call: ast.Call) -> set[str]:
    """The methods called one after the other before a call: ``a.b().c()`` has b before c."""
    found: set[str] = set()
    node: ast.expr = call
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.add(node.func.attr)
    return found


def _locks_what_it_joins(tree: ast.AST) -> Iterator[int]:
    """PostgreSQL cannot lock what an outer join, as of ``joinedload``, may not find."""
    for call in _calls(tree, "with_for_update"):
        if not call.keywords and _chain(call) & JOINS:
            yield call.lineno


def _groups_by_a_copy(tree: ast.AST) -> Iterator[int]:
    """An expression with a value is another one when written again: name it, and use it twice."""
    for call in _calls(tree, "group_by"):
        if any(isinstance(one, ast.Compare | ast.Call | ast.BinOp) for one in call.args):
            yield call.lineno


def _minds_case(tree: ast.AST) -> Iterator[int]:
    """LIKE minds the case on PostgreSQL and not on SQLite: ``icontains`` minds it nowhere."""
    for call in _calls(tree, *LIKE):
        if any(one.arg == "autoescape" for one in call.keywords):
            yield call.lineno


WRONG = {
    _locks_what_it_joins: "select(A).options(joinedload(A.b)).with_for_update()",
    _groups_by_a_copy: 'select(A.state != "open").group_by(A.state != "open")',
    _minds_case: "A.title.contains(word, autoescape=True)",
}
# Finds more than is wanted, and looks at each case in Python.
MINDED = {"services/erasure.py": 1, "store/queries/tie.py": 1}


@pytest.mark.parametrize("rule", WRONG, ids=lambda rule: rule.__name__.lstrip("_"))
def test_no_statement_is_one_that_postgresql_takes_otherwise(rule: object) -> None:
    assert callable(rule)
    found = []
    for path in sorted((ROOT / "matchmaker").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        name = path.relative_to(ROOT / "matchmaker").as_posix()
        lines = list(rule(ast.parse(path.read_text(encoding="utf-8"))))
        allowed = MINDED.get(name, 0) if rule is _minds_case else 0
        found += [f"{name}:{line}" for line in lines[allowed:]]
    assert found == []
    assert list(rule(ast.parse(WRONG[rule]))) == [1]  # type: ignore[index]  # a callable of the table
