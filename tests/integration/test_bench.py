"""The benchmark command, on few records: what it measures is real, and wrong input is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.domain.errors import Invalid
from matchmaker.matching.benchmark import synthetic

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"


@pytest.fixture
def texts(tmp_path: Path) -> dict[str, Path]:
    """Titles and texts of the demo world, as files of a benchmark are."""
    made = {}
    for noun, said in (("outcome", "summary"), ("demand", "problem")):
        lines = (DEMO / f"{noun}s.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        kept = [{"title": row["title"], "text": row.get(said) or ""} for row in rows]
        made[noun] = tmp_path / f"{noun}s.jsonl"
        made[noun].write_text(
            "\n".join(json.dumps(row, ensure_ascii=False) for row in kept), encoding="utf-8"
        )
    return made


def run(platform: Matchmaker, texts: dict[str, Path], *options: str) -> Result:
    given = ["--outcomes", str(texts["outcome"]), "--demands", str(texts["demand"]), *options]
    return CliRunner().invoke(cli, ["bench", *given], obj=platform, catch_exceptions=True)


def test_each_system_gets_a_row_of_figures(platform: Matchmaker, texts: dict[str, Path]) -> None:
    options = ("--size", "1000", "--asked", "10", "--system", "matchmaker", "--system", "faiss")
    done = run(platform, texts, *options, "--json")
    assert done.exit_code == 0, done.output
    rows = {row["system"]: row for row in json.loads(done.output)}
    assert set(rows) == {"matchmaker", "faiss"}
    for row in rows.values():
        assert row["records"] == 1_000
        assert 0 < row["p50_ms"] <= row["p99_ms"]
        assert row["imported"] > 0
        assert row["memory_mb"] > 0
    assert rows["matchmaker"]["added_ms"] > 0
    assert rows["matchmaker"]["start_s"] > 0


def test_a_line_that_is_no_record_is_named(platform: Matchmaker, texts: dict[str, Path]) -> None:
    texts["demand"].write_text('{"title": "碳纤维"}\n["no"]\n', encoding="utf-8")
    done = run(platform, texts, "--size", "1000", "--system", "numpy")
    assert isinstance(done.exception, Invalid)
    assert "line 2" in str(done.exception)


def test_synthetic_records_are_the_same_every_time_and_of_real_halves() -> None:
    real = [("碳纤维预浸料", "甲乙丙丁"), ("海参多糖提取", "戊己庚辛")]
    made = synthetic(real, 50)
    assert made == synthetic(real, 50)
    assert {one.title for one in made} <= {
        "碳纤维预浸料",
        "海参多糖提取",
        "碳纤维糖提取",
        "海参多预浸料",
    }
    assert len({one.organisation_id for one in made}) == 10
