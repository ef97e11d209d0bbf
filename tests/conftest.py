"""Options and fixtures shared by every kind of test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.integrations.passwords import Argon2Passwords
from matchmaker.settings import Settings
from matchmaker.store.migrate import migrate

_ROOT = Path(__file__).resolve().parent.parent

# A busy machine is no failure: how long things take is measured by benchmarks, not by tests.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--shared",
        default=str(_ROOT.parent / "shared"),
        help="folder with bench/ and corpus/ that some tests measure on",
    )
    parser.addoption(
        "--life-cycles",
        type=int,
        default=25,
        help="how many random action sequences tests/integration/test_life_cycles.py runs",
    )


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> Path:
    """The folder with real cases; tests that need it say so when it is absent."""
    folder = Path(request.config.getoption("--shared"))
    if not (folder / "bench").is_dir():
        pytest.skip(f"{folder}/bench is absent; name it with --shared PATH")
    return folder


class Clock:
    """A clock that tests set and move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, seeded, otherwise empty database, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("schema")
    platform = bootstrap(Settings(var_dir=folder))
    migrate(platform.database)
    platform.install_plan()
    platform.database.dispose()
    return folder / "matchmaker.sqlite3"


@pytest.fixture
def platform(migrated_file: Path, tmp_path: Path, clock: Clock) -> Iterator[Matchmaker]:
    """A wired platform on a fresh database, with a clock to move and cheap password hashing."""
    shutil.copy(migrated_file, tmp_path / "matchmaker.sqlite3")
    cheap = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = bootstrap(Settings(var_dir=tmp_path), clock=clock, passwords=cheap)
    yield made
    made.database.dispose()
