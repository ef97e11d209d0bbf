"""The commands around matching."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.domain.errors import NotFound
from tests import builders
from tests.integration.matching.conftest import fill

Invoke = Callable[..., Result]
CURE = "碳纤维预浸料快速固化工艺"


@pytest.fixture
def invoke(platform: Matchmaker) -> Invoke:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, list(arguments), obj=platform)

    return run


@pytest.fixture
def pair(platform: Matchmaker) -> tuple[Any, Any]:
    with platform.database.unit_of_work() as uow:
        fill(uow, demands=5, outcomes=15)
        demand = builders.demand(uow, builders.organisation(uow), title=CURE, source_id="需求-1")
        outcome = builders.outcome(uow, builders.organisation(uow, "institution"), title=CURE)
    return demand, outcome


@pytest.mark.usefixtures("pair")
def test_match_all_says_how_much_there_is_in_words_or_json(invoke: Invoke) -> None:
    assert invoke("match", "--all").stdout.startswith("6 demands matched with 16 outcomes: ")
    told = json.loads(invoke("match", "--all", "--json").stdout)
    assert told["demands"] == 6
    assert told["outcomes"] == 16
    assert told["matches"] >= 1


def test_one_record_is_named_by_its_public_id_or_the_id_it_was_imported_with(
    invoke: Invoke, pair: tuple[Any, Any]
) -> None:
    demand, outcome = pair
    for given in (demand.public_id, "需求-1"):
        lines = invoke("match", "--demand", given).stdout.splitlines()
        assert lines[0] == CURE
        assert lines[1].split()[0] == "1"
        assert "level 3" in lines[1]
        assert outcome.public_id in lines[1]
        assert "shared: " in lines[2]
    told = json.loads(
        invoke("match", "--outcome", outcome.public_id, "--json", "--top", "1").stdout
    )
    (best,) = told["suggestions"]
    assert (best["id"], best["rank"], best["level"]) == (demand.public_id, 1, 3)
    assert set(best["explanation"]) >= {"terms", "alignment", "facts"}


def test_a_demand_without_counterpart_is_told_so(invoke: Invoke, platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        lonely = builders.demand(uow, builders.organisation(uow))
    assert "暂无匹配" in invoke("match", "--demand", lonely.public_id).stdout
    told = json.loads(invoke("match", "--demand", lonely.public_id, "--json").stdout)
    assert told["suggestions"] == []


@pytest.mark.parametrize(
    "arguments", [(), ("--all", "--demand", "x"), ("--demand", "x", "--outcome", "y")]
)
def test_match_wants_exactly_one_thing_to_match(invoke: Invoke, arguments: tuple[str, ...]) -> None:
    done = invoke("match", *arguments)
    assert done.exit_code == 2
    assert "Choose one of" in done.stderr


def test_an_unknown_id_is_refused(invoke: Invoke) -> None:
    done = invoke("match", "--demand", "nowhere")
    assert isinstance(done.exception, NotFound)
    assert "'nowhere'" in str(done.exception)


@pytest.mark.usefixtures("pair")
def test_index_rebuild_and_status_agree(invoke: Invoke) -> None:
    before = json.loads(invoke("index", "status", "--json").stdout)
    assert (before["vectors"], before["file_sequence"]) == (0, None)
    assert invoke("index", "rebuild").exit_code == 0
    after = json.loads(invoke("index", "status", "--json").stdout)
    assert after["vectors_missing"] == 0
    assert after["fits"]
    assert after["file_sequence"] == after["last_change"] == after["matched_through"]
    assert invoke("index", "status").stdout.count("up to date") == 3


def test_evaluate_prints_one_row_for_each_system(invoke: Invoke, tmp_path: Path) -> None:
    _write_bench(tmp_path)
    told = json.loads(invoke("evaluate", "--bench", str(tmp_path), "--json").stdout)
    assert list(told["systems"]) == ["tfidf", "lexical", "dense", "default"]
    assert list(told["systems"]["default"]) == ["ndcg@10", "p@5", "mrr", "recall@50"]
    assert told["systems"]["default"]["mrr"] == 1
    lines = invoke("evaluate", "--bench", str(tmp_path)).stdout.splitlines()[:5]
    assert [line.split()[0] for line in lines] == ["system", "tfidf", "lexical", "dense", "default"]


def test_evaluate_wants_a_bench(invoke: Invoke, tmp_path: Path) -> None:
    assert invoke("evaluate", "--bench", str(tmp_path / "nowhere")).exit_code == 2
    done = invoke("evaluate", "--bench", str(tmp_path))
    assert "queries.jsonl" in str(done.exception)


def _write_bench(folder: Path) -> None:
    """One demand with twelve labelled outcomes, the first of which answers it."""
    titles = [CURE, *(f"与此无关的渔船{number}号" for number in range(11))]
    rows = [{"_id": f"o{n}", "title": title, "text": ""} for n, title in enumerate(titles)]
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "corpus.jsonl").write_text(lines, encoding="utf-8")
    query = {"_id": "d", "title": CURE, "text": ""}
    (folder / "queries.jsonl").write_text(json.dumps(query), encoding="utf-8")
    labels = "\n".join(f"d\to{n}\t{3 if n == 0 else 0}" for n in range(12))
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{labels}", encoding="utf-8")
