"""Measuring on labelled pairs, with the shipped encoder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.matching.encoder import load_encoder
from matchmaker.matching.evaluation import METRICS, SYSTEMS, BenchError, evaluate, read_bench
from matchmaker.settings import Settings

# The table in the README of the bench.
FLOOR = {"ndcg@10": 0.659, "p@5": 0.362, "mrr": 0.631, "recall@50": 0.474}


@pytest.fixture(scope="module")
def measured(shared: Path) -> dict[str, dict[str, float]]:
    bench = read_bench(shared / "bench" / "bdci-dev")
    return evaluate(bench, load_encoder(Settings().encoder_location))


def test_the_floor_reproduces_the_published_table(measured: dict[str, dict[str, float]]) -> None:
    assert measured["tfidf"] == pytest.approx(FLOOR, abs=0.005)


def test_our_lexical_index_ranks_titles_like_the_floor(
    measured: dict[str, dict[str, float]],
) -> None:
    assert measured["lexical"] == pytest.approx(measured["tfidf"], abs=0.002)


@pytest.mark.parametrize("metric", ["ndcg@10", "recall@50"])
def test_what_the_platform_does_is_not_below_the_floor(
    measured: dict[str, dict[str, float]], metric: str
) -> None:
    assert measured["default"][metric] >= measured["tfidf"][metric]


def _lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


DEMANDS = _lines(
    {"_id": "d1", "title": "碳纤维钓竿", "text": "要轻"}, {"_id": "d2", "title": "轮胎"}
)
OUTCOMES = _lines(
    *({"_id": f"o{key}", "title": f"碳纤维第{key}种用途", "text": ""} for key in range(12))
)
LABELS = "query-id\tcorpus-id\tscore\n" + "".join(f"d1\to{key}\t{key % 4}\n" for key in range(12))


@pytest.fixture
def bench(tmp_path: Path) -> Callable[..., Path]:
    def write(**changed: str) -> Path:
        files = {"queries.jsonl": DEMANDS, "corpus.jsonl": OUTCOMES, "qrels.tsv": LABELS}
        for name, text in (files | changed).items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_the_command_prints_the_metrics_of_every_system_as_json(
    platform: Matchmaker, bench: Callable[..., Path]
) -> None:
    arguments = ["evaluate", "--bench", str(bench()), "--json"]
    result = CliRunner().invoke(cli, arguments, obj=platform, catch_exceptions=False)
    assert result.exit_code == 0
    systems = json.loads(result.stdout)["systems"]
    assert list(systems) == list(SYSTEMS)
    for row in systems.values():
        assert list(row) == list(METRICS)
        assert all(0 <= value <= 1 for value in row.values())


def test_the_command_prints_one_table(platform: Matchmaker, bench: Callable[..., Path]) -> None:
    arguments = ["evaluate", "--bench", str(bench())]
    result = CliRunner().invoke(cli, arguments, obj=platform, catch_exceptions=False)
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["system", *METRICS]
    assert [line.split()[0] for line in lines[1:]] == list(SYSTEMS)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("queries.jsonl", DEMANDS + "{not json\n", "queries.jsonl, line 3: expected a JSON object"),
        ("corpus.jsonl", '["o1"]\n', "corpus.jsonl, line 1: expected a JSON object"),
        ("corpus.jsonl", '{"_id": "o1"}\n', "corpus.jsonl, line 1: expected"),
        ("corpus.jsonl", '{"_id": 1, "title": "x"}\n', "line 1: _id, title and text must be"),
        ("corpus.jsonl", '{"_id": "o1", "title": " "}\n', "_id and title must not be empty"),
        ("corpus.jsonl", OUTCOMES + OUTCOMES, "line 13: the _id 'o0' stands there twice"),
        ("corpus.jsonl", "\n", "corpus.jsonl holds no records"),
        ("qrels.tsv", "d1 o1 3\n", "qrels.tsv, line 1: expected demand id, outcome id and a level"),
        ("qrels.tsv", "d1\to1\t4\n", "qrels.tsv, line 1: expected"),
        ("qrels.tsv", "d1\to1\t²\n", "qrels.tsv, line 1: expected"),
        ("qrels.tsv", "d1\to99\t3\n", "qrels.tsv, line 1: the demand or the outcome is not in"),
        ("qrels.tsv", "d1\to1\t3\n", "No demand has 10 labelled outcomes"),
        ("qrels.tsv", "", "No demand has 10 labelled outcomes"),
    ],
)  # fmt: skip
def test_a_malformed_bench_is_refused_with_file_and_line(
    bench: Callable[..., Path], file: str, text: str, message: str
) -> None:
    folder = bench(**{file: text})
    with pytest.raises(BenchError) as refused:
        evaluate(read_bench(folder), load_encoder(Settings().encoder_location))
    assert message in str(refused.value)


def test_a_folder_that_is_no_bench_is_refused_with_what_a_bench_is(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"has queries\.jsonl, corpus\.jsonl and qrels\.tsv"):
        read_bench(tmp_path)
    (tmp_path / "queries.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(BenchError, match="UTF-8"):
        read_bench(tmp_path)


def test_the_command_ends_with_an_error_where_there_is_no_bench(
    platform: Matchmaker, tmp_path: Path
) -> None:
    result = CliRunner().invoke(cli, ["evaluate", "--bench", str(tmp_path / "no")], obj=platform)
    assert result.exit_code != 0
