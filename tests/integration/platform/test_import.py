"""Importing records: all of a file or nothing, with a message that says what to do."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.integrations.record_file import open_records
from matchmaker.services.record import indicators_of
from matchmaker.services.record_import import ImportRefusedError, ImportReport, import_records
from matchmaker.store.audit import AuditEvent
from matchmaker.store.change import Change
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome

ROOT = Path(__file__).resolve().parents[3]


def _write(path: Path, *rows: dict[str, object], encoding: str = "utf-8") -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(text.encode(encoding))
    return path


def _import(
    platform: Matchmaker, path: Path, noun: str = "demand", *, skip: bool = False
) -> ImportReport:
    records = open_records(path, most_bytes=10_000_000)
    with platform.database.unit_of_work() as uow:
        return import_records(
            uow,
            noun,
            records.rows(),
            plan=platform.plan,
            file=records.name,
            organisation="未署名单位",
            skip_existing=skip,
        )


def _count(platform: Matchmaker, model: type[Demand | Outcome | Organisation]) -> int:
    with platform.reading() as uow:
        return uow.session.scalar(select(func.count()).select_from(model)) or 0


GOOD = {"id": "a1", "title": "防爆锂离子电池", "text": "内容", "organisation": "虚构电池厂"}


def test_records_are_published_with_owner_audit_and_change(
    platform: Matchmaker, tmp_path: Path
) -> None:
    path = _write(
        tmp_path / "d.jsonl",
        GOOD,
        {
            "id": "a2",
            "title": "高韧性单晶",
            "kind": "技术攻关",
            "solution_mode": "Joint development",
            "budget_min": "30",
            "budget_max": 80.5,
            "chains": ["carbon-fibre"],
            "indicators": ["抗冲击韧性≥67%（常温）"],
            "current_state": "试过三种办法",
        },
    )
    assert _import(platform, path) == ImportReport(imported=2, skipped=0, organisations=2)
    with platform.reading() as uow:
        demands = uow.session.scalars(select(Demand).order_by(Demand.source_id)).all()
        assert [one.state for one in demands] == ["published", "published"]
        assert demands[1].kind == "key_technology"
        assert indicators_of(demands[1])[0].text == "抗冲击韧性 ≥67 % (常温)"
        assert uow.session.scalar(select(func.count()).select_from(Change)) == 2
        imported = select(func.count()).where(
            AuditEvent.noun == "demand", AuditEvent.action == "import"
        )
        assert uow.session.scalar(imported) == 2


def test_gb18030_is_read(platform: Matchmaker, tmp_path: Path) -> None:
    _import(platform, _write(tmp_path / "d.jsonl", GOOD, encoding="gb18030"))
    with platform.reading() as uow:
        assert uow.session.scalars(select(Demand.title)).one() == "防爆锂离子电池"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"id": "b"}, "line 2, title: is missing"),
        ({"id": "b", "title": " 　\u200b "}, "line 2, title: is missing"),
        ({"title": "无编号"}, "line 2, id: is missing"),
        ({"id": "a1", "title": "重复"}, "line 2, id: 'a1' stands in line 1 already"),
        ({"id": "b", "title": "题", "budgett": 3}, "line 2, budgett: there is no such field"),
        (
            {"id": "b", "title": "题", "kind": "魔法"},
            "line 2, kind: '魔法' is not known. Use one of",
        ),
        ({"id": "b", "title": "题", "chains": ["moon"]}, "line 2, chains: 'moon' is no chain"),
        ({"id": "b", "title": "题" * 101}, "line 2, title: has 101 characters; at most 100"),
        ({"id": "b", "title": "题", "text": "字" * 20_001}, "description: has 20,001 characters"),
        ({"id": "b", "title": "题\u0000目"}, "line 2, title: holds the control character U+0000"),
        ({"id": "b", "title": "题\u001b[31m"}, "control character U+001B at position 2"),
        ({"id": "b", "title": "题", "budget_min": 9, "budget_max": 3}, "line 2, budget_max"),
        ({"id": "b", "title": "题", "lowest_trl": 12}, "must lie between 1 and 9"),
        ({"id": "b", "title": "题", "expires_on": "明天"}, "Write it as 2026-12-31"),
        ({"id": "b", "title": ["列表"]}, "line 2, title: must be a text"),
        ({"id": "b", "title": "题", "recipients": ["某大学"]}, "line 2, recipients"),
    ],
)
def test_one_bad_line_refuses_the_whole_file(
    platform: Matchmaker, tmp_path: Path, bad: dict[str, object], said: str
) -> None:
    path = _write(tmp_path / "demands.jsonl", GOOD, bad)
    with pytest.raises(ImportRefusedError) as caught:
        _import(platform, path)
    assert said in str(caught.value)
    assert str(caught.value).startswith("demands.jsonl, ")
    assert "Nothing was imported" in str(caught.value)
    assert _count(platform, Demand) == 0
    assert _count(platform, Organisation) == 0


def test_every_problem_of_a_file_is_named_at_once(platform: Matchmaker, tmp_path: Path) -> None:
    rows = [{"id": f"r{n}", "title": "", "kind": "?"} for n in range(30)]
    with pytest.raises(ImportRefusedError) as caught:
        _import(platform, _write(tmp_path / "d.jsonl", *rows))
    assert caught.value.count == 60
    assert "... and 40 more." in str(caught.value)


def test_importing_again_is_refused_or_skipped(platform: Matchmaker, tmp_path: Path) -> None:
    path = _write(tmp_path / "d.jsonl", GOOD)
    _import(platform, path)
    with pytest.raises(ImportRefusedError, match="was imported before"):
        _import(platform, path)
    _write(path, GOOD, {"id": "a2", "title": "新的一条"})
    assert _import(platform, path, skip=True) == ImportReport(1, 1, 1)
    assert _count(platform, Demand) == 2


def test_outcomes_come_from_a_table_too(platform: Matchmaker, tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text(
        "id,title,text,organisation,trl,conversion_modes,keywords\n"
        'p1,热敏打印头保护膜,"第一行\n第二行",虚构理工大学,6,许可;转让,类金刚石;耐磨\n',
        encoding="utf-8",
    )
    _import(platform, path, "outcome")
    with platform.reading() as uow:
        outcome = uow.session.scalars(select(Outcome)).one()
        assert [mode.mode for mode in outcome.modes] == ["licence", "transfer"]
        assert outcome.keywords == ["类金刚石", "耐磨"]
        assert outcome.description == "第一行\n第二行"
        assert uow.session.scalars(select(Organisation.kind)).one() == "institution"


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "MATCHMAKER_VAR_DIR": str(folder)}


def _command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "matchmaker", *arguments],
        cwd=ROOT,
        env=_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def _many(path: Path, count: int) -> Path:
    return _write(
        path,
        *(
            {"id": f"o{n}", "title": f"第{n}号复合材料成型技术", "text": "快速固化" * 40}
            for n in range(count)
        ),
    )


def test_killed_in_the_middle_an_import_leaves_nothing_and_runs_again(tmp_path: Path) -> None:
    assert _command(tmp_path, "init").returncode == 0
    path = _many(tmp_path / "outcomes.jsonl", 3_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "matchmaker", "import", "outcomes", str(path)],
        cwd=ROOT,
        env=_environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wal = tmp_path / "matchmaker.sqlite3-wal"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if wal.exists() and wal.stat().st_size > 0:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = _command(tmp_path, "import", "outcomes", str(path), "--skip-existing")
    assert done.returncode == 0, done.stderr
    # Either nothing of the killed run was there, or all of it; never a part.
    assert "3,000 outcomes imported, 0 skipped" in done.stdout or (
        "0 outcomes imported, 3,000 skipped" in done.stdout
    )
    status = _command(tmp_path, "index", "status")
    assert status.returncode == 0
    assert "3,000 outcomes" in status.stdout


def test_a_full_disk_refuses_the_import_and_keeps_what_was_there(tmp_path: Path) -> None:
    assert _command(tmp_path, "init").returncode == 0
    first = _write(tmp_path / "first.jsonl", GOOD)
    assert _command(tmp_path, "import", "demands", str(first)).returncode == 0
    path = _many(tmp_path / "outcomes.jsonl", 3_000)

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a full disk is an error, not a signal
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    done = subprocess.run(
        [sys.executable, "-m", "matchmaker", "import", "outcomes", str(path)],
        cwd=ROOT,
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=little_room,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: the database refused")
    assert "Traceback" not in done.stderr
    again = _command(tmp_path, "import", "outcomes", str(path))
    assert again.returncode == 0, again.stderr
    assert "3,000 outcomes imported" in again.stdout


def test_refusals_are_told_on_standard_error_with_status_one(tmp_path: Path) -> None:
    assert _command(tmp_path, "init").returncode == 0
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    done = _command(tmp_path, "import", "demands", str(empty))
    assert done.returncode == 1
    assert done.stderr == (
        "Error: empty.jsonl holds no records. Write one record a line and import it again.\n"
    )
    assert _command(tmp_path, "import", "people", str(empty)).returncode == 2


def test_an_anonymous_demand_that_names_its_company_is_not_imported(
    platform: Matchmaker, tmp_path: Path
) -> None:
    told = {**GOOD, "disclosure": "anonymous", "problem": "虚构电池厂的电芯在针刺时起火。"}
    with pytest.raises(ImportRefusedError) as caught:
        _import(platform, _write(tmp_path / "d.jsonl", told))
    assert "line 1, problem: '虚构电池厂' tells who stands behind" in str(caught.value)
    assert _count(platform, Demand) == 0
    assert _import(platform, _write(tmp_path / "e.jsonl", {**told, "disclosure": "public"}))
