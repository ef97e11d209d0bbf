"""The engine on the demo world: pairs written to fit, and traps that share words only."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.matching.engine import Suggestion
from matchmaker.services import demo
from matchmaker.services.record import MODELS

DATA = Path(__file__).resolve().parents[2] / "data" / "demo"


@pytest.fixture
def written() -> dict[str, dict[str, int]]:
    """Levels by demand and outcome, as they were meant."""
    levels: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (DATA / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        levels[pair["demand"]][pair["outcome"]] = pair["level"]
    return levels


@pytest.fixture
def found(platform: Matchmaker) -> dict[str, list[tuple[str, Suggestion]]]:
    """What is suggested for each published demand, both by the ids of the files."""
    with platform.database.unit_of_work() as uow:
        demo.load(uow, DATA, plan=platform.plan, passwords=platform.passwords)
    statements = {noun: select(model.id, model.source_id) for noun, model in MODELS.items()}
    with platform.reading() as uow:
        names = {
            noun: {row.id: row.source_id for row in uow.session.execute(statement)}
            for noun, statement in statements.items()
        }
    engine = platform.engine
    entries = engine.contents()[1]["demand"]
    suggested = engine.suggest_many(entries, "demand", top=10)
    return {
        str(names["demand"][record.id]): [(str(names["outcome"][one.id]), one) for one in listed]
        for (record, _), listed in zip(entries, suggested, strict=True)
    }


def test_the_demo_world_is_matched_as_it_was_meant(
    found: dict[str, list[tuple[str, Suggestion]]], written: dict[str, dict[str, int]]
) -> None:
    fitting = {
        demand: {outcome for outcome, level in levels.items() if level >= 2}
        for demand, levels in written.items()
        if demand in found
    }
    fitting = {demand: outcomes for demand, outcomes in fitting.items() if outcomes}
    first = [
        bool(found[demand]) and found[demand][0][0] in outcomes
        for demand, outcomes in fitting.items()
    ]
    assert len(first) > 40
    assert sum(first) / len(first) > 0.9

    usable = [one.level >= 2 for demand in fitting for _, one in found[demand][:1]]
    assert sum(usable) / len(usable) > 0.9

    trapped = [
        (demand, outcome)
        for demand, levels in written.items()
        for outcome, one in found.get(demand, [])
        if levels.get(outcome) == 0 and one.level >= 2
    ]
    assert trapped == []


def test_a_demand_that_nobody_can_answer_gets_no_usable_suggestion(
    found: dict[str, list[tuple[str, Suggestion]]], written: dict[str, dict[str, int]]
) -> None:
    alone = [demand for demand in found if not any(written.get(demand, {}).values())]
    assert alone
    assert [one for demand in alone for _, one in found[demand] if one.level >= 2] == []
