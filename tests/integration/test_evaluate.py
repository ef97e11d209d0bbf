"""Measuring on labelled pairs, with the shipped encoder."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.cli.main import cli
from matchmaker.matching.encoder import EncoderError, load_encoder
from matchmaker.matching.evaluation import (
    SYSTEMS,
    BenchError,
    UnknownSystemError,
    demo_bench,
    evaluate,
    measure,
    read_bench,
    run_systems,
)
from matchmaker.matching.metrics import METRICS
from matchmaker.settings import Settings

# The table in the README of the bench.
FLOOR = {"ndcg@10": 0.6587, "p@5": 0.3620, "mrr": 0.6301, "recall@50": 0.4778}


@pytest.fixture(scope="module")
def measured(shared: Path) -> dict[str, dict[str, float]]:
    bench = read_bench(shared / "bench" / "bdci-dev")
    return evaluate(bench, load_encoder(Settings().encoder_location))


def test_the_floor_reproduces_the_published_table(measured: dict[str, dict[str, float]]) -> None:
    assert measured["tfidf"] == pytest.approx(FLOOR, abs=0.0001)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("system", ["lexical", "default"])
def test_what_the_platform_does_is_not_below_the_floor(
    measured: dict[str, dict[str, float]], system: str, metric: str
) -> None:
    assert measured[system][metric] >= measured["tfidf"][metric]


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


def _run(platform: Matchmaker, folder: Path, *options: str) -> str:
    arguments = ["evaluate", "--bench", str(folder), *options]
    result = CliRunner().invoke(cli, arguments, obj=platform, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_prints_the_metrics_of_every_system_as_json(
    platform: Matchmaker, bench: Callable[..., Path]
) -> None:
    told = json.loads(_run(platform, bench(), "--json"))
    assert list(told["systems"]) == list(SYSTEMS)
    for name, row in told["systems"].items():
        assert list(row) == list(METRICS)
        for metric, value in row.items():
            figure = told["figures"][name]["metrics"][metric]
            assert value == pytest.approx(figure["value"], abs=0.0001)
            assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1
    assert told["figures"]["tfidf"]["calibration"] is None
    assert 0 <= told["figures"]["default"]["calibration"]["ece"]["value"] <= 1
    assert told["comparisons"] == []


def test_the_command_prints_a_table_of_metrics_and_one_of_probabilities(
    platform: Matchmaker, bench: Callable[..., Path]
) -> None:
    metrics, probabilities, _notes = _run(platform, bench()).split("\n\n")
    lines = metrics.splitlines()
    assert lines[0].split() == ["system", *METRICS]
    assert [line.split()[0] for line in lines[1:]] == list(SYSTEMS)
    lines = probabilities.splitlines()
    assert lines[0].split() == ["P(usable)", "ece", "brier", "coverage@0.5", "coverage@0.3"]
    assert [line.split()[0] for line in lines[1:]] == ["default"]


def test_nothing_is_written_where_nothing_is_kept(
    bench: Callable[..., Path], tmp_path: Path
) -> None:
    bare = bootstrap(Settings(var_dir=tmp_path / "none"))
    _run(bare, bench(), "--system", "tfidf")
    assert not (tmp_path / "none").exists()


def test_another_encoder_is_measured_beside_the_one_in_use(
    platform: Matchmaker, bench: Callable[..., Path], tmp_path: Path
) -> None:
    shipped = Settings().encoder_location
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "model").symlink_to(shipped, target_is_directory=True)
    folder = tmp_path / "bench"
    folder.mkdir()
    for path in bench().glob("*.*"):
        path.rename(folder / path.name)
    out = _run(
        platform,
        folder,
        *("--encoder", shipped, "--encoder", str(tmp_path / "other" / "model"), "--json"),
        *("--compare", "dense", "dense@model-2"),
    )
    told = json.loads(out)
    added = ["dense@model", "default@model", "dense@model-2", "default@model-2"]
    assert list(told["systems"]) == [*SYSTEMS, *added]
    assert told["systems"]["dense@model-2"] == told["systems"]["dense"]
    assert {one["p"] for one in told["comparisons"]} == {1.0}
    assert all("are the same on all 1 demands" in one["said"] for one in told["comparisons"])


def test_a_comparison_is_said_in_a_sentence(platform: Matchmaker, shared: Path) -> None:
    out = _run(
        platform,
        shared / "bench" / "bdci-dev",
        *("--system", "lexical", "--precision", "0.4", "--compare", "lexical", "tfidf"),
    )
    assert [line.split()[0] for line in out.splitlines()[1:3]] == ["lexical", "tfidf"]
    assert "lexical against tfidf, demand by demand" in out
    assert re.search(r"recall@50: lexical is better than tfidf by 0\.\d+ \(95 % interval \+0", out)
    assert re.search(r"P@5: lexical and tfidf cannot be told apart: .*100 demands.*p = ", out)


@pytest.mark.parametrize("options", [["--system", "bm25"], ["--compare", "default", "bm25"]])
def test_an_unknown_system_is_refused_with_the_known_ones(
    platform: Matchmaker, bench: Callable[..., Path], options: list[str]
) -> None:
    arguments = ["evaluate", "--bench", str(bench()), *options]
    result = CliRunner().invoke(cli, arguments, obj=platform)
    assert isinstance(result.exception, UnknownSystemError)
    assert "Known are tfidf, lexical, dense, default" in str(result.exception)


def test_an_encoder_that_is_not_there_is_refused(
    platform: Matchmaker, bench: Callable[..., Path], tmp_path: Path
) -> None:
    arguments = ["evaluate", "--bench", str(bench()), "--encoder", str(tmp_path / "none")]
    result = CliRunner().invoke(cli, arguments, obj=platform)
    assert isinstance(result.exception, EncoderError)


def test_the_same_input_gives_the_same_figures(
    platform: Matchmaker, bench: Callable[..., Path]
) -> None:
    folder = bench()
    assert _run(platform, folder, "--json") == _run(platform, folder, "--json")


def test_the_demo_world_is_a_bench_of_its_written_pairs() -> None:
    folder = Settings().data_dir / "demo"
    made = demo_bench(folder)
    assert not made.judged
    assert {len(row) for row in made.labels.values()} == {len(made.outcomes)}
    encoder = load_encoder(Settings().encoder_location)
    measured = measure(made, run_systems(made, encoder, systems=["dense", "default"]))
    assert measured.systems["default"].calibration is None
    assert measured.systems["default"].figures["ndcg@10"].value > 0.9
    assert demo_bench(folder).checksum == made.checksum


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("pairs.jsonl", '{"demand": "d"}', "pairs.jsonl, line 1: expected demand, outcome and"),
        ("demands.jsonl", '{"id": "d"}', "demands.jsonl, line 1: expected a JSON object with id"),
        ("outcomes.jsonl", "{", "outcomes.jsonl, line 1: expected a JSON object"),
    ],
)
def test_a_malformed_demo_world_is_refused_with_file_and_line(
    tmp_path: Path, file: str, line: str, message: str
) -> None:
    for name in ("pairs", "demands", "outcomes"):
        (tmp_path / f"{name}.jsonl").write_text("", encoding="utf-8")
    (tmp_path / file).write_text(line, encoding="utf-8")
    with pytest.raises(BenchError) as refused:
        demo_bench(tmp_path)
    assert message in str(refused.value)


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
