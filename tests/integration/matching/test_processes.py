"""Several processes on one database, and processes that are killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, func, select

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.services import matching
from matchmaker.settings import Settings
from matchmaker.store.change import Embedding
from matchmaker.store.match import Match
from tests import builders

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0  # seconds for another process to get somewhere on a busy machine


def _environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "MATCHMAKER_VAR_DIR": str(settings.var_dir),
        "MATCHMAKER_DATABASE_URL": settings.effective_database_url,
        "OMP_NUM_THREADS": "1",
    }


def _start(settings: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=_environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _until(happens: Callable[[], Any], process: subprocess.Popen[bytes]) -> Any:
    """Wait for something; a process that ended before has failed the test."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := happens():
            return found
        assert process.poll() is None, f"the process ended with {process.returncode}"
        time.sleep(0.002)
    pytest.fail("it did not happen in time")


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(port: int, path: str) -> bytes | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return bytes(answer.read())
    except OSError:
        return None


@pytest.fixture
def platform_on(filled: Settings) -> Iterator[Callable[[], Matchmaker]]:
    """The platform that other processes use, wired anew at each call."""
    made: list[Matchmaker] = []

    def make() -> Matchmaker:
        made.append(bootstrap(filled))
        return made[-1]

    yield make
    for platform in made:
        platform.close()


def test_two_workers_each_see_a_new_record_within_two_seconds(
    filled: Settings, platform_on: Callable[[], Matchmaker]
) -> None:
    port = _free_port()
    server = _start(
        filled, "-m", "gunicorn", "--no-control-socket", "--workers", "2", "--threads", "2",
        "--bind", f"127.0.0.1:{port}", "--log-level", "error",
        "tests.integration.matching.probe:app",
    )  # fmt: skip
    query = "/?q=" + urllib.parse.quote("深海网箱抗风浪锚泊")
    try:
        _until(lambda: _get(port, query), server)
        workers = _answers(port, query, processes=2)
        assert not any("深海网箱抗风浪锚泊技术" in found for found in workers.values())
        platform = platform_on()
        with platform.unit_of_work() as uow:
            owner = builders.organisation(uow, "institution")
            builders.outcome(uow, owner, title="深海网箱抗风浪锚泊技术")
        committed = time.monotonic()
        after = _answers(port, query, processes=2)
        assert time.monotonic() - committed < 2
        assert after.keys() == workers.keys()
        assert all(found[0] == "深海网箱抗风浪锚泊技术" for found in after.values())
    finally:
        server.terminate()
        server.wait()


def _answers(port: int, path: str, *, processes: int) -> dict[int, list[str]]:
    """Ask until so many different processes have answered; the last answer of each."""
    found: dict[int, list[str]] = {}
    end = time.monotonic() + PATIENCE
    while len(found) < processes and time.monotonic() < end:
        if body := _get(port, path):
            answer = json.loads(body)
            found[answer["process"]] = answer["found"]
    return found


def test_a_kill_during_match_all_leaves_whole_batches_and_the_next_run_completes(
    filled: Settings, platform_on: Callable[[], Matchmaker]
) -> None:
    process = _start(filled, "-m", "matchmaker", "match", "--all")
    platform = platform_on()
    matched = select(func.count(Match.demand_id.distinct()))
    _until(lambda: _counted(platform, matched), process)
    _kill(process)
    written = _counted(platform, matched)
    assert written > 0
    before = _pairs(platform)
    assert matching.is_behind(platform.database) == (written < 150)
    platform.catch_up()
    assert before <= _pairs(platform)
    assert not matching.is_behind(platform.database)
    completed = _pairs(platform)
    matching.match_all(platform.database, platform.index)
    assert _pairs(platform) == completed


def _counted(platform: Matchmaker, statement: Select[tuple[int]]) -> int:
    with platform.reading() as uow:
        return uow.session.scalars(statement).one()


def _pairs(platform: Matchmaker) -> set[tuple[int, int, int, float]]:
    with platform.reading() as uow:
        columns = select(Match.demand_id, Match.outcome_id, Match.rank, Match.score)
        return {tuple(row) for row in uow.session.execute(columns)}


def test_a_kill_while_vectors_are_stored_loses_none_of_the_stored_ones(
    filled: Settings, platform_on: Callable[[], Matchmaker]
) -> None:
    process = _start(filled, "-m", "matchmaker", "index", "rebuild")
    platform = platform_on()
    _until(lambda: _counted(platform, select(func.count()).select_from(Embedding)), process)
    _kill(process)
    assert platform.engine.count("demand") == 150
    platform.catch_up()
    assert _counted(platform, select(func.count()).select_from(Match))


_WRITES_FOR_EVER = """
from matchmaker.bootstrap import bootstrap
platform = bootstrap()
platform.catch_up()
while True:
    for file in platform.settings.index_dir.glob("*.index"):
        file.unlink()
    platform.save_index()
"""


@pytest.mark.parametrize("delay", [0.0, 0.003, 0.006])
def test_a_kill_during_an_index_write_leaves_no_half_index(
    filled: Settings, platform_on: Callable[[], Matchmaker], delay: float
) -> None:
    process = _start(filled, "-c", _WRITES_FOR_EVER)
    index_dir = filled.var_dir / "index"
    _until(lambda: list(index_dir.glob(".*")), process)
    time.sleep(delay)
    _kill(process)
    platform = platform_on()
    engine = platform.engine
    assert (engine.count("demand"), engine.count("outcome")) == (150, 200)
    platform.save_index()
    assert platform_on().index.saved_sequence() == engine.sequence


def test_serve_finishes_what_was_cut_short_answers_and_saves_the_index(
    filled: Settings, platform_on: Callable[[], Matchmaker]
) -> None:
    port = _free_port()
    server = _start(filled, "-m", "matchmaker", "serve", "--port", str(port), "--workers", "2")
    try:
        _until(lambda: _get(port, "/"), server)
        assert not matching.is_behind(platform_on().database)
        platform = platform_on()
        with platform.unit_of_work() as uow:
            builders.outcome(uow, builders.organisation(uow, "institution"))
        last = platform.engine.sequence
    finally:
        server.terminate()
        assert server.wait(timeout=PATIENCE) == 0
    assert platform_on().index.saved_sequence() == last


def test_serve_refuses_a_database_that_was_never_made(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "matchmaker", "serve", "--port", str(_free_port())],
        cwd=ROOT,
        env=_environment(Settings(var_dir=tmp_path / "nothing")),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert "python -m matchmaker init" in done.stderr
