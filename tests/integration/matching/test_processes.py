"""Several processes on one database, and processes that are killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.services import matching
from matchmaker.settings import Settings
from matchmaker.store.match import Match
from tests import builders

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0  # seconds for another process to get somewhere on a busy machine


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"MATCHMAKER_VAR_DIR": str(folder), "OMP_NUM_THREADS": "1"}


def _start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=_environment(folder),
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
def platform_on(filled_folder: Path) -> Iterator[Callable[[], Matchmaker]]:
    """A platform on the folder that other processes use, wired anew at each call."""
    made: list[Matchmaker] = []

    def make() -> Matchmaker:
        made.append(bootstrap(Settings(var_dir=filled_folder)))
        return made[-1]

    yield make
    for platform in made:
        platform.database.dispose()


def test_two_workers_each_see_a_new_record_within_two_seconds(
    filled_folder: Path, platform_on: Callable[[], Matchmaker]
) -> None:
    port = _free_port()
    server = _start(
        filled_folder, "-m", "gunicorn", "--no-control-socket", "--workers", "2", "--threads", "2",
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
    filled_folder: Path, platform_on: Callable[[], Matchmaker]
) -> None:
    process = _start(filled_folder, "-m", "matchmaker", "match", "--all")
    with sqlite3.connect(filled_folder / "matchmaker.sqlite3") as watch:
        statement = "SELECT count(DISTINCT demand_id) FROM match"
        _until(lambda: watch.execute(statement).fetchone()[0], process)
        _kill(process)
        (written,) = watch.execute(statement).fetchone()
    watch.close()
    platform = platform_on()
    assert written > 0
    before = _pairs(platform)
    assert matching.is_behind(platform.database) == (written < 150)
    platform.catch_up()
    assert before <= _pairs(platform)
    assert not matching.is_behind(platform.database)
    completed = _pairs(platform)
    matching.match_all(platform.database, platform.index)
    assert _pairs(platform) == completed


def _pairs(platform: Matchmaker) -> set[tuple[int, int, int, float]]:
    with platform.reading() as uow:
        columns = select(Match.demand_id, Match.outcome_id, Match.rank, Match.score)
        return {tuple(row) for row in uow.session.execute(columns)}


def test_a_kill_while_vectors_are_stored_loses_none_of_the_stored_ones(
    filled_folder: Path, platform_on: Callable[[], Matchmaker]
) -> None:
    process = _start(filled_folder, "-m", "matchmaker", "index", "rebuild")
    with sqlite3.connect(filled_folder / "matchmaker.sqlite3") as watch:
        _until(lambda: watch.execute("SELECT count(*) FROM embedding").fetchone()[0], process)
        _kill(process)
    watch.close()
    platform = platform_on()
    assert platform.engine.count("demand") == 150
    platform.catch_up()
    with platform.reading() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Match))


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
    filled_folder: Path, platform_on: Callable[[], Matchmaker], delay: float
) -> None:
    process = _start(filled_folder, "-c", _WRITES_FOR_EVER)
    index_dir = filled_folder / "index"
    _until(lambda: list(index_dir.glob(".*")), process)
    time.sleep(delay)
    _kill(process)
    platform = platform_on()
    engine = platform.engine
    assert (engine.count("demand"), engine.count("outcome")) == (150, 200)
    platform.save_index()
    assert platform_on().index.saved_sequence() == engine.sequence


def test_serve_finishes_what_was_cut_short_answers_and_saves_the_index(
    filled_folder: Path, platform_on: Callable[[], Matchmaker]
) -> None:
    port = _free_port()
    server = _start(
        filled_folder, "-m", "matchmaker", "serve", "--port", str(port), "--workers", "2"
    )
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
        env=_environment(tmp_path / "nothing"),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert "python -m matchmaker init" in done.stderr
