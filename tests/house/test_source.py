"""The code base keeps its own rules: sizes, names, layers."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "matchmaker"
MODULES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "embeddings").rglob("*.py")])
WRITTEN = [path for path in MODULES if "versions" not in path.parts]
UNWANTED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "processor", "misc"}


def test_rooms_import_in_one_direction_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") < 400
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            length = node.end_lineno - node.lineno + 1
            assert length < 60, f"{node.name} in line {node.lineno} has {length} lines"


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [path for path in MODULES if UNWANTED_NAMES & {path.stem, path.parent.name}]


def test_only_the_encoder_imports_torch_and_sentence_transformers() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path == PACKAGE / "matching" / "encoder.py":
            continue
        roots = _imported_roots(ast.parse(path.read_text(encoding="utf-8")))
        assert not roots & {"torch", "sentence_transformers", "transformers"}, path


def test_nothing_unfinished_stands_in_the_code() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")
    for path in WRITTEN:
        source = path.read_text(encoding="utf-8")
        assert not [mark for mark in marks if mark in source], path


def test_days_are_those_of_china() -> None:
    """``day_of`` says on which day a moment falls: the date of a UTC moment is often another."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == "date":
                moment = ast.unparse(called.value)
                if {"now", "clock"} & set(re.findall(r"[a-z]+", moment)) and (
                    "astimezone" not in moment
                ):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found


def _imported_roots(tree: ast.Module) -> set[str]:
    roots: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            roots.add(node.module.split(".")[0])
    return roots
