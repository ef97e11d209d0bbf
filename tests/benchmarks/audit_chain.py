"""Measure the audit's chain: ``python -m tests.benchmarks.audit_chain``. No test: figures.

Events written in transactions of a thousand and of one, then verified, with the memory it takes.
"""

# ruff: noqa: T201 - a benchmark prints

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.domain.permissions import SYSTEM
from matchmaker.services import audit, audit_chain
from matchmaker.settings import Settings
from matchmaker.store.database import Database
from matchmaker.store.migrate import migrate

_BATCH = 1_000


def main() -> None:
    """Write the events, then verify them, with time and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--database-url", default="", help="An empty database; SQLite if none.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(var_dir=Path(folder), database_url=given.database_url)
        platform = bootstrap(settings)
        migrate(platform.database)
        _write(platform, given.events)
        _write_one_by_one(platform.database, 300)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        with platform.reading() as uow:
            done = audit_chain.verify(uow)
        seconds = time.perf_counter() - began
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        rate = done.events / seconds
        print(f"verified  {done.events:,} events in {seconds:.2f} s, {rate:,.0f}/s")
        print(f"          {done.problems} problems; memory grew by {grown / 1024:.1f} MB")
        platform.database.dispose()


def _write(platform: Matchmaker, count: int) -> None:
    began = time.perf_counter()
    for start in range(0, count, _BATCH):
        with platform.unit_of_work() as uow:
            for number in range(start, min(count, start + _BATCH)):
                after = {"title": f"第{number}号记录", "budget_max": number}
                audit.record(uow, SYSTEM, "demand", number, "edit", after=after)
    seconds = time.perf_counter() - began
    print(f"written   {count:,} events in {seconds:.2f} s, {count / seconds:,.0f}/s, {_BATCH} each")


def _write_one_by_one(database: Database, count: int) -> None:
    began = time.perf_counter()
    for number in range(count):
        with database.unit_of_work() as uow:
            audit.record(uow, SYSTEM, "demand", number, "edit", after={"number": number})
    each = (time.perf_counter() - began) / count * 1000
    print(f"          one a transaction: {each:.2f} ms each")


if __name__ == "__main__":
    main()
