"""Every field that the audit may hold is called something: no reader meets a column's name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.domain.challenge import ChallengeFields
from matchmaker.domain.event import EventFields
from matchmaker.services import broker_profile
from matchmaker.services.organisation import Particulars
from matchmaker.store.demand import Demand
from matchmaker.store.outcome import Outcome
from matchmaker.web.audit.fields import field_text, value_text
from matchmaker.web.i18n import locale, speaking

ROOT = Path(__file__).resolve().parents[3]
# Of a record the audit keeps what people write, not what the platform keeps beside it.
_KEPT = {"id", "public_id", "version", "updated_at", "state", "author_id", "organisation_id"}
_WRITERS = {"audit.record", "transition"}


def _written() -> Iterator[tuple[str, str]]:
    """Noun, where it is literal, and name of the fields that use cases write."""
    for path in sorted((ROOT / "matchmaker" / "services").glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                yield from _of_function(function)


def _of_function(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    named = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(function):
        if not isinstance(call, ast.Call) or ast.unparse(call.func) not in _WRITERS:
            continue
        noun = call.args[2]
        for keyword in call.keywords:
            if keyword.arg in {"before", "after", "noted"}:
                value = keyword.value
                held = named.get(value.id, value) if isinstance(value, ast.Name) else value
                for name in _keys(held):
                    yield (str(noun.value) if isinstance(noun, ast.Constant) else "", name)


def _keys(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Dict):
            for key in part.keys:
                if isinstance(key, ast.Constant):
                    yield str(key.value)


def _declared() -> Iterator[tuple[str, str]]:
    for noun, model in (("demand", Demand), ("outcome", Outcome)):
        for column in model.__table__.columns:
            if column.key not in _KEPT:
                yield noun, column.key
        yield from ((noun, name) for name in ("chains", "indicators"))
    yield "outcome", "conversion_modes"
    yield "demand", "drafted_by"
    yield from (("challenge", name) for name in ("number", "amount"))
    for noun, made in (
        ("event", EventFields), ("challenge", ChallengeFields), ("organisation", Particulars)
    ):  # fmt: skip
        yield from ((noun, one.name) for one in fields(made))
    yield from (("broker_profile", name) for name in broker_profile._TOLD)
    yield from (("user", name) for name in ("person_name", "phone", "locale", "match"))
    yield from (("event_meeting", name) for name in ("firm_interested", "team_interested"))
    yield from (("share", name) for name in ("partner_id", "partner_percent"))


def test_the_search_for_fields_finds_them() -> None:
    found = set(_written())
    assert {("challenge", "verdict"), ("secondment", "specialist_id")} <= found
    assert len({name for _noun, name in found}) > 60


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_field_of_the_audit_has_a_label(app: Flask, language: str) -> None:
    with app.test_request_context(), speaking(language):
        assert locale() == language
        nameless = {
            (noun, name)
            for noun, name in {*_written(), *_declared()}
            if field_text(noun, name) == name
        }
    assert nameless == set()


def test_codes_and_names_of_fields_are_words(app: Flask) -> None:
    with app.test_request_context(), speaking("en"):
        assert value_text("user", "role", "broker") == "Technology broker"
        assert value_text("contract", "fields", "type, amount_total") == (
            "Type of contract, Contract amount (10,000 yuan)"
        )
        assert value_text("broker_profile", "fields", "['aerospace']") == "Aerospace"
        assert value_text("match", "reason", "timing") == "Timing"
        assert value_text("challenge", "reason", "broker") == "broker"
        assert value_text("event", "value", 1.5) == "1.5"
        assert value_text("event", "value", None) == "—"
