"""Kept evaluations, and the page on which administrators and the bureau read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.domain.errors import NotAllowed
from matchmaker.domain.permissions import Actor
from matchmaker.matching.encoder import load_encoder
from matchmaker.matching.evaluation import measure, read_bench, run_systems
from matchmaker.services import evaluation as service
from matchmaker.store.audit import AuditEvent
from matchmaker.store.evaluation import Evaluation
from matchmaker.store.organisation import User
from matchmaker.web.evaluation import charts
from tests.client import Client
from tests.conftest import Clock
from tests.integration.evaluation.conftest import SHIPPED

Browser = Callable[..., Client]
People = dict[str, User]
TOPICS = ("碳纤维钓竿", "海参多糖", "轮胎橡胶", "激光焊接", "伺服电机", "医用导管", "水性涂料")
WORKS = ("工艺", "装备", "检测", "改性", "回收", "设计", "控制", "涂层", "封装", "标准")


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """Seven demands with ten outcomes each; the fewer the number, the better it fits."""
    folder = tmp_path / "pairs"
    folder.mkdir()
    demands = [
        {"_id": f"d{row}", "title": f"{topic}技术", "text": ""} for row, topic in enumerate(TOPICS)
    ]
    outcomes = [
        {
            "_id": f"o{row}-{place}",
            "title": f"{topic if place < 6 else '其他'}{work}研究",
            "text": work,
        }
        for row, topic in enumerate(TOPICS)
        for place, work in enumerate(WORKS)
    ]
    labels = [
        f"d{row}\to{row}-{place}\t{max(0, 3 - place // 2)}\n"
        for row in range(len(TOPICS))
        for place in range(len(WORKS))
    ]
    for name, rows in (("queries", demands), ("corpus", outcomes)):
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (folder / "qrels.tsv").write_text("".join(labels), encoding="utf-8")
    return folder


@pytest.fixture
def keep(platform: Matchmaker, bench: Path) -> Callable[..., None]:
    """Measures and keeps, as the operator does."""

    def run(*options: str) -> None:
        arguments = ["evaluate", "--bench", str(bench), "--keep", *options]
        done = CliRunner().invoke(cli, arguments, obj=platform, catch_exceptions=False)
        assert done.exit_code == 0
        assert "Kept" in done.stderr

    return run


def _rows(platform: Matchmaker) -> list[Evaluation]:
    with platform.reading() as uow:
        return list(uow.session.scalars(select(Evaluation).order_by(Evaluation.id)))


@pytest.mark.parametrize("role", ["company", "researcher", "broker"])
def test_others_do_not_read_evaluations(client: Client, people: People, role: str) -> None:
    client.log_in(people[role])
    client.get("/evaluation/", 403)


@pytest.mark.parametrize(
    ("role", "language", "words"),
    [
        ("administrator", "en", "Nothing has been measured yet"),
        ("bureau", "zh_Hans", "python -m matchmaker evaluate --bench"),
    ],
)
def test_an_empty_page_says_what_to_do(
    browser: Browser, people: People, role: str, language: str, words: str
) -> None:
    client = browser(language=language)
    client.log_in(people[role])
    assert words in client.get("/evaluation/").words


def test_a_kept_evaluation_holds_figures_values_and_who_made_it(
    platform: Matchmaker, keep: Callable[..., None]
) -> None:
    keep()
    (row,) = _rows(platform)
    assert row.engine_version == platform.index.version
    assert row.bench_name == "pairs"
    assert row.created_by
    assert row.figures["demands"] == 7
    assert set(row.figures["systems"]) == {"tfidf", "lexical", "dense", "default"}
    assert set(row.per_demand["default"]["ndcg@10"]) == {f"d{number}" for number in range(7)}
    mean = sum(row.per_demand["default"]["ndcg@10"].values()) / 7
    assert row.figures["systems"]["default"]["metrics"]["ndcg@10"]["value"] == pytest.approx(
        mean, abs=1e-5
    )
    assert "previous" not in row.figures
    with platform.reading() as uow:
        event = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "keep")).one()
    assert (event.noun, event.record_id) == ("evaluation", row.id)


def test_an_evaluation_is_compared_with_the_one_before_on_the_same_pairs(
    platform: Matchmaker, keep: Callable[..., None], bench: Path, ruined: Path
) -> None:
    keep()
    keep()
    first, second = _rows(platform)
    told = second.figures["previous"]
    assert told["public_id"] == first.public_id
    assert {one["p"] for row in told["systems"].values() for one in row.values()} == {1.0}

    read = read_bench(bench)
    worse = measure(read, run_systems(read, load_encoder(ruined), systems=["dense"]))
    with platform.unit_of_work() as uow:
        service.keep(uow, Actor(role="system"), worse, engine_version="another", by="somebody")
    third = _rows(platform)[2].figures["previous"]
    assert third["public_id"] == second.public_id
    assert list(third["systems"]) == ["dense"]
    moved = third["systems"]["dense"]["ndcg@10"]
    assert moved["difference"]["value"] == pytest.approx(moved["first"] - moved["second"], abs=1e-5)
    assert moved["first"] != moved["second"]

    labels = bench / "qrels.tsv"
    labels.write_text(
        labels.read_text(encoding="utf-8").replace("\t3\n", "\t2\n"), encoding="utf-8"
    )
    keep()
    assert "previous" not in _rows(platform)[3].figures


def test_only_the_operator_and_administrators_keep_evaluations(
    platform: Matchmaker, bench: Path
) -> None:
    read = read_bench(bench)
    measured = measure(read, run_systems(read, load_encoder(SHIPPED), systems=["tfidf"]))
    bureau = Actor(user_id=1, role="bureau", verified=True)
    with platform.unit_of_work() as uow, pytest.raises(NotAllowed):
        service.keep(uow, bureau, measured, engine_version="1", by="bureau")


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_page_shows_the_latest_figures_with_charts_and_their_tables(
    browser: Browser, people: People, keep: Callable[..., None], clock: Clock, language: str
) -> None:
    keep()
    clock.advance(hours=1)
    keep("--encoder", str(SHIPPED))
    client = browser(language=language)
    client.log_in(people["administrator"])
    page = client.get("/evaluation/")
    for words in ("nDCG@10", "default", "dense@model", "Brier", "2026-03-02 10:00"):
        assert words in page.words
    assert page.text.count("<svg") == page.text.count('role="img"') >= 2
    assert page.text.count("<title id=") == page.text.count("<desc id=") == 2
    expected = {
        "en": "no difference to the evaluation before can be told from chance",
        "zh_Hans": "与上一次评测的差别无法与偶然区分",
    }
    assert expected[language] in page.words


def test_an_older_evaluation_stays_to_be_read(
    platform: Matchmaker, client: Client, people: People, keep: Callable[..., None], clock: Clock
) -> None:
    keep()
    clock.advance(hours=1)
    keep()
    client.log_in(people["bureau"])
    older = f"/evaluation/{_rows(platform)[0].public_id}"
    assert older in client.get("/evaluation/").links()
    assert "No earlier evaluation on the same pairs is kept" in client.get(older).words
    client.get("/evaluation/none", 404)


def test_systems_without_probabilities_show_no_charts(
    client: Client, people: People, keep: Callable[..., None]
) -> None:
    keep("--system", "tfidf")
    client.log_in(people["administrator"])
    assert "<svg class" not in client.get("/evaluation/").text


def test_charts_stay_inside_their_frame_and_grow_to_the_right_and_up() -> None:
    bins = [
        {"stated": 0.01 * number, "observed": 0.012 * number, "low": 0.0, "high": 0.02 * number}
        for number in range(10)
    ]
    chart = charts.reliability(bins)
    assert chart.across[-1].text == "20 %"
    assert [mark.x for mark in chart.marks] == sorted(mark.x for mark in chart.marks)
    for mark in chart.marks:
        assert chart.left <= mark.x <= chart.right
        assert chart.top <= mark.high <= mark.y <= mark.low <= chart.bottom
    curve = [{"coverage": 0.1, "precision": 1.0}, {"coverage": 1.0, "precision": 0.2}]
    risk = charts.risk(curve, 0.2, [(0.1, 0.5), (0.0, 0.9)])
    assert len(risk.marks) == 1
    assert risk.line.split()[-1] == f"{risk.right:.1f},{risk.reference[1]}"
