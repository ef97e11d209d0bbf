"""Options and fixtures shared by every kind of test."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, make_url, text

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.integrations.passwords import Argon2Passwords
from matchmaker.settings import Settings
from matchmaker.store.migrate import migrate
from tests import locks, once

_TESTS = Path(__file__).resolve().parent
_ROOT = _TESTS.parent

# What takes longest, longest first: no worker shall be left alone with it at the end.
_LONGEST = (
    "integration/test_tier_surfaces.py",
    "browser/test_whole_path.py",
    "integration/test_page_queries.py",
    "integration/test_life_cycles.py",
    "integration/platform/test_import.py",
    "integration/record/test_who_sees_what.py",
)

# A busy machine is no failure: how long things take is measured by benchmarks, not by tests.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


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
    parser.addoption(
        "--postgres",
        metavar="URL",
        help="run on a PostgreSQL server instead of SQLite: the URL of a database to connect to "
        "while others are created and dropped, postgresql+psycopg://user@host/postgres",
    )


def pytest_configure() -> None:
    once.install()
    locks.install()


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not look through it again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; the rest stays in its random order."""
    places = {_TESTS / name: place for place, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


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
def migrated_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, seeded, otherwise empty database, made once and copied for each test."""
    if request.config.getoption("--postgres"):
        pytest.skip("copies the file of an SQLite database, to read, change or share it as a file")
    folder = tmp_path_factory.mktemp("schema")
    platform = bootstrap(Settings(var_dir=folder))
    migrate(platform.database)
    platform.install_plan()
    platform.database.dispose()
    return folder / "matchmaker.sqlite3"


class PostgresServer:
    """Databases on a PostgreSQL server, copied from one that was migrated and seeded once."""

    def __init__(self, url: str, prefix: str) -> None:
        self._url = make_url(url)
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._seeded = f"{prefix}_seeded"
        self._copies: set[str] = set()

    def seed(self, folder: Path) -> None:
        self._send(f"DROP DATABASE IF EXISTS {self._seeded} WITH (FORCE)")
        self._send(f"CREATE DATABASE {self._seeded}")
        platform = bootstrap(Settings(var_dir=folder, database_url=self._named(self._seeded)))
        migrate(platform.database)
        platform.install_plan()
        platform.database.dispose()

    def fresh(self, use: str) -> str:
        """The URL of a fresh copy, in place of the last one for the same use."""
        name = f"{self._seeded}_{use}"
        self._copies.add(name)
        self._send(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._send(f"CREATE DATABASE {name} TEMPLATE {self._seeded}")
        return self._named(name)

    def close(self) -> None:
        for name in (*self._copies, self._seeded):
            self._send(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._engine.dispose()

    def _named(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _send(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgres(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PostgresServer | None]:
    """The server named with ``--postgres``, or None: SQLite."""
    url = request.config.getoption("--postgres")
    if not url:
        yield None
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    server = PostgresServer(url, f"matchmaker_test_{worker}")
    server.seed(tmp_path_factory.mktemp("postgres"))
    yield server
    server.close()


Seeded = Callable[[Path, str], Settings]


@pytest.fixture(scope="session")
def seeded(request: pytest.FixtureRequest, postgres: PostgresServer | None) -> Seeded:
    """Settings of a platform on a fresh database, with its files in a folder.

    Called with the folder and a use: on a server, the last database for the same use ends.
    """

    def settings(folder: Path, use: str) -> Settings:
        if postgres:
            return Settings(var_dir=folder, database_url=postgres.fresh(use))
        shutil.copy(request.getfixturevalue("migrated_file"), folder / "matchmaker.sqlite3")
        return Settings(var_dir=folder)

    return settings


@pytest.fixture
def platform(seeded: Seeded, tmp_path: Path, clock: Clock) -> Iterator[Matchmaker]:
    """A wired platform on a fresh database, with a clock to move and cheap password hashing."""
    cheap = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = bootstrap(seeded(tmp_path, "test"), clock=clock, passwords=cheap)
    yield made
    made.close()
