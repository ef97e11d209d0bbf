"""Measure the assignment and the desk: ``python -m tests.benchmarks.assignment``. No test: figures.

The assignment: 2,000 matches × 200 brokers through rules and solver, in scarce and ample weeks.
The desk: the demo world twenty times over, its page fetched through the application.
"""

# ruff: noqa: T201, S311 - a benchmark prints, and repeats the same draws

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert, select, update

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.domain.assignment import Reviewer, Task
from matchmaker.domain.vocabulary import FIELDS
from matchmaker.services import assignment
from matchmaker.services.assignment import Limits
from matchmaker.services.demo import DEMO_PASSWORD, DOMAIN
from matchmaker.settings import Settings
from matchmaker.store.base import new_public_id
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.assignment import Situation
from matchmaker.web.app import create_app
from tests.client import Client

MATCHES, BROKERS, COMPANIES, OUTCOMES = 2_000, 200, 400, 800
TIMES = 20


def situation(seed: int, capacity: int) -> Situation:
    """A city's week: brokers of one to three fields, some of certain clusters and districts."""
    draw = random.Random(seed)
    fields, clusters = list(FIELDS), [f"c{number}" for number in range(8)]
    regions = [f"r{number}" for number in range(9)]
    reviewers = tuple(
        Reviewer(
            user_id=number,
            organisation_id=-number,
            level=draw.choice(("junior", "middle", "senior")),
            fields=frozenset(draw.sample(fields, draw.randint(0, 3))),
            clusters=frozenset(draw.sample(clusters, draw.randint(0, 2))),
            regions=frozenset(draw.sample(regions, draw.randint(0, 2))),
            free=draw.randint(0, 2 * capacity),
        )
        for number in range(1, BROKERS + 1)
    )
    tasks = tuple(
        Task(
            match_id=number,
            company_id=draw.randrange(COMPANIES),
            institution_id=10_000 + draw.randrange(60),
            outcome_id=min(OUTCOMES - 1, int(draw.expovariate(0.004))),
            worth=round(draw.uniform(0.45, 0.98), 4),
            fields=frozenset(draw.choices(fields, k=2)),
            clusters=frozenset(draw.sample(clusters, draw.randint(0, 2))),
            region=draw.choice(regions),
            difficulty=draw.randint(1, 3),
            urgency=draw.random() if draw.random() < 0.3 else 0.0,
        )
        for number in range(MATCHES)
    )
    return Situation(reviewers=reviewers, tasks=tasks, of_company={}, of_outcome={})


def measure_assignment() -> None:
    """Time rules and solver together, the first call (which imports SciPy) apart."""
    limits = Limits(of_company=10, of_outcome=5)
    assignment.solve(situation(0, 1), limits)
    for capacity in (3, 5, 10, 20):
        walls, processor, given = [], [], []
        for seed in range(3):
            case = situation(seed, capacity)
            wall, cpu = time.perf_counter(), time.process_time()
            given.append(len(assignment.solve(case, limits).given))
            walls.append(time.perf_counter() - wall)
            processor.append(time.process_time() - cpu)
        print(
            f"{MATCHES:,} × {BROKERS}, {capacity} a week on average: wall "
            f"{statistics.median(walls):.2f} s (most {max(walls):.2f}), processor "
            f"{statistics.median(processor):.2f} s; {statistics.median(given):,.0f} assigned"
        )


def measure_desk(folder: Path, times: int) -> None:
    """Fetch the desk in the demo world and in one many times as large."""
    shutil.rmtree(folder, ignore_errors=True)
    platform = bootstrap(Settings(var_dir=folder, log_in_rate="1000 per minute"))
    for command in ("init", "demo"):
        subprocess.run(
            [sys.executable, "-m", "matchmaker", command],
            env={"MATCHMAKER_VAR_DIR": str(folder), "OMP_NUM_THREADS": "1"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    for factor in (1, times):
        if factor > 1:
            _multiply(platform, factor)
        _ = platform.engine
        client = Client(create_app(platform))
        client.log_in(f"broker@{DOMAIN}", DEMO_PASSWORD)
        for view in ("mine", "pool", "open"):
            address = f"/match-review/?view={view}"
            shown = client.get(address)
            forms = [one.get("action", "") for one in shown.forms()]
            pair = next((one.split("/")[2] for one in forms if one.endswith("/snooze")), "")
            spent = []
            for _number in range(15):
                start = time.perf_counter()
                client.flask.get(f"/match-review/{pair}?view={view}")
                spent.append(1_000 * (time.perf_counter() - start))
            print(f"demo × {factor}, {view}: median {statistics.median(spent):.0f} ms")
    platform.database.dispose()


def _multiply(platform: Matchmaker, factor: int) -> None:
    """Copy every demand, outcome and match so many times."""
    with platform.database.unit_of_work() as uow:
        broker = uow.session.scalars(select(User.id).where(User.role == "broker")).first()
        for copy in range(1, factor):
            keys: dict[str, dict[int, int]] = {"demand": {}, "outcome": {}}
            for noun, model in (("demand", Demand), ("outcome", Outcome)):
                columns = [column for column in model.__table__.columns if column.name != "id"]
                rows = uow.session.execute(select(model.__table__)).mappings().all()
                for row in rows[: len(rows) // copy]:
                    values = {column.name: row[column.name] for column in columns}
                    values |= {"public_id": new_public_id(), "source_id": None}
                    made = uow.session.execute(insert(model.__table__).values(values))
                    keys[noun][row["id"]] = made.inserted_primary_key[0]
            rows = uow.session.execute(select(Match.__table__)).mappings().all()
            uow.session.execute(
                insert(Match.__table__),
                [
                    {name: value for name, value in row.items() if name != "id"}
                    | {
                        "public_id": new_public_id(),
                        "demand_id": keys["demand"][row["demand_id"]],
                        "outcome_id": keys["outcome"][row["outcome_id"]],
                    }
                    for row in rows[: len(rows) // copy]
                ],
            )
        uow.session.execute(
            update(Match.__table__)
            .where(Match.id % 40 == 0, Match.assigned_to.is_(None))
            .values(
                assigned_to=broker, assigned_at=uow.now, due_at=uow.now, unassigned_because=None
            )
        )


def main() -> None:
    """Measure one or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["assignment", "desk", "both"], nargs="?", default="both")
    parser.add_argument("--times", type=int, default=TIMES, help="how large the desk's world is")
    options = parser.parse_args()
    if options.what in {"assignment", "both"}:
        measure_assignment()
    if options.what in {"desk", "both"}:
        with tempfile.TemporaryDirectory() as folder:
            measure_desk(Path(folder) / "var", options.times)


if __name__ == "__main__":
    main()
