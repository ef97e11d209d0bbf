"""The plan's and the demo world's data are whole, consistent, and marked as invented."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from matchmaker.bootstrap import read_plan
from matchmaker.domain.demand import clean_demand
from matchmaker.domain.outcome import clean_outcome
from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS
from matchmaker.domain.vocabulary import (
    DEMAND_STATES,
    LADDER_LEVELS,
    ORGANISATION_KINDS,
    OUTCOME_STATES,
    ROLES,
)
from matchmaker.matching.lexical import folded
from matchmaker.services.demo import WELL_KNOWN

DATA = Path(__file__).resolve().parents[2] / "data"
PLAN = read_plan(DATA / "plan" / "plan.json")
MARK = re.compile(r"密-[A-Z]\d{3}")
CLEANERS = {"demands": clean_demand, "outcomes": clean_outcome}
STATES = {"demands": DEMAND_STATES, "outcomes": OUTCOME_STATES}
SCRIPTS = {
    "Japanese": r"[\u3040-\u30ff]",
    "Korean": r"[\uac00-\ud7af]",
    "English": r"^[\x00-\x7f]+$",
}


@cache
def _rows(name: str) -> list[dict[str, Any]]:
    text = (DATA / "demo" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_the_plan_has_eight_clusters_and_every_chain_says_what_it_is() -> None:
    assert len(PLAN.clusters) == 8
    assert len(PLAN.chain_by_code) == 23
    for chain in PLAN.chain_by_code.values():
        assert len(chain.keywords) >= 10
        assert len(chain.description_zh) >= 40
        assert chain.description_en.isascii() or "–" in chain.description_en


def test_the_words_of_a_place_stand_in_one_grade_each_and_can_be_found() -> None:
    for place in (*PLAN.chain_by_code.values(), *PLAN.outside):
        graded = [
            folded(word)
            for words in (place.words.decisive, place.words.usual, place.words.hints)
            for word in words
        ]
        assert [word for word, count in Counter(graded).items() if count > 1] == [], place.code
        assert min(map(len, graded)) >= 2, place.code
        assert len(place.words.decisive) >= 100, place.code
    for chain in PLAN.chain_by_code.values():
        words = {*chain.words.decisive, *chain.words.usual, *chain.words.hints}
        assert words >= set(chain.keywords), chain.code


def test_the_plans_codes_are_slugs_and_its_layout_names_known_regions() -> None:
    codes = [*PLAN.chain_by_code, *PLAN.region_by_code, *(one.code for one in PLAN.clusters)]
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)
    raw = json.loads((DATA / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert [part["zh"] for part in raw["layout"]] == ["一核", "一城", "一带", "一廊", "五区"]
    for part in raw["layout"]:
        assert set(part["regions"]) <= PLAN.region_by_code.keys()


def test_the_demo_world_is_large_enough() -> None:
    assert len(_rows("organisations")) >= 30
    assert len(_rows("demands")) >= 60
    assert len(_rows("outcomes")) >= 100


def test_organisations_and_people_use_known_codes() -> None:
    names = {row["name"] for row in _rows("organisations")}
    for row in _rows("organisations"):
        assert row["kind"] in ORGANISATION_KINDS
        assert row["region"] in PLAN.region_by_code
        assert row.get("ladder_level", "none") in LADDER_LEVELS
    for person in _rows("people"):
        assert person["role"] in ROLES
        assert person["organisation"] is None or person["organisation"] in names
    assert set(WELL_KNOWN) <= {person["email"] for person in _rows("people")}


@pytest.mark.parametrize("noun", CLEANERS)
def test_every_record_passes_the_same_cleaning_as_an_import(noun: str) -> None:
    names = {row["name"] for row in _rows("organisations")}
    people = {person["email"] for person in _rows("people")}
    for row in _rows(noun):
        values = dict(row)
        assert values.pop("id")
        assert values.pop("organisation") in names
        assert values.pop("author", None) in people | {None}
        assert values.pop("state") in STATES[noun]
        CLEANERS[noun](values, chains=PLAN.chain_by_code, regions=PLAN.region_by_code)


@pytest.mark.parametrize("noun", CLEANERS)
def test_every_chain_has_records_and_nothing_stands_twice(noun: str) -> None:
    chains = Counter(code for row in _rows(noun) for code in row["chains"])
    assert chains.keys() == PLAN.chain_by_code.keys()
    assert min(chains.values()) >= 2
    assert len({row["id"] for row in _rows(noun)}) == len(_rows(noun))
    assert len({row["title"] for row in _rows(noun)}) == len(_rows(noun))


@pytest.mark.parametrize("language", SCRIPTS)
def test_some_records_are_in_other_languages(language: str) -> None:
    titles = [row["title"] for noun in CLEANERS for row in _rows(noun)]
    assert sum(bool(re.search(SCRIPTS[language], title)) for title in titles) >= 2


def test_confidential_marks_stand_in_confidential_fields_alone() -> None:
    marked = 0
    for noun in CLEANERS:
        for row in _rows(noun):
            for name, value in row.items():
                if MARK.search(json.dumps(value, ensure_ascii=False)):
                    assert name in CONFIDENTIAL_FIELDS
                    marked += 1
    assert marked >= 40


def test_disclosures_and_states_vary() -> None:
    disclosures = Counter(row["disclosure"] for row in _rows("demands"))
    assert disclosures["anonymous"] >= 3
    assert disclosures["directed"] >= 1
    for noun in CLEANERS:
        assert len({row["state"] for row in _rows(noun)}) >= 4


def test_pairs_name_records_that_exist() -> None:
    demands = {row["id"] for row in _rows("demands")}
    outcomes = {row["id"] for row in _rows("outcomes")}
    for pair in _rows("pairs"):
        assert pair["demand"] in demands
        assert pair["outcome"] in outcomes
        assert pair["level"] in range(4)


def test_the_plans_links_and_themes_name_what_there_is() -> None:
    for link in PLAN.links:
        assert {link.upstream, link.downstream} <= PLAN.chain_by_code.keys()
        assert link.heading
    raw = json.loads((DATA / "plan" / "plan.json").read_text(encoding="utf-8"))
    emerging = {row["code"] for row in raw["emerging"]}
    for chain in PLAN.chain_by_code.values():
        assert not chain.emerging or chain.emerging in emerging
        assert all(re.fullmatch(r"[A-T]\d{2,4}", code) for code in chain.industries)
        assert all(re.fullmatch(r"[A-H]\d{2}[A-Z]", code) for code in chain.ipc)
    assert all(part["heading"] for part in raw["layout"])


def test_labelled_records_hold_ids_and_chains_of_the_plan_alone() -> None:
    rows = [
        json.loads(line)
        for line in (DATA / "gold" / "chains.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    parts = Counter(row["part"] for row in rows)
    assert parts == {"test": 200, "dev": 150, "late": 154, "more": 1332, "check": 261, "rest": 1356}
    assert len({(row["noun"], row["id"]) for row in rows}) == len(rows)
    for row in rows:
        assert set(row) == {"id", "noun", "part", "chains", "doubtful"}
        assert set(row["chains"]) <= PLAN.chain_by_code.keys()
