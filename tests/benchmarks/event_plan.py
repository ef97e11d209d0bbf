"""Measure table plans: ``python -m tests.benchmarks.event_plan``. No test: figures.

60 firms × 40 teams × 12 slots with values, calendars and limits of several kinds; each plan is
checked against every rule, and compared with the solver's bound.
"""

# ruff: noqa: T201 - a benchmark prints

from __future__ import annotations

import argparse
import time
from typing import Final

import numpy as np

from matchmaker.matching.event_plan import Calendar, make_plan
from tests.event_rules import broken

# Share of pairs with a value, share of slots free, meetings of each, tables.
KINDS: Final = {
    "usual": (0.3, 0.7, 6, 20),
    "everybody fits": (1.0, 0.7, 6, 20),
    "always free": (1.0, 1.0, 6, 20),
    "all slots filled": (1.0, 1.0, 12, 40),
    "many meetings": (1.0, 0.9, 12, 40),
    "few tables": (1.0, 0.4, 8, 15),
    "half free": (1.0, 0.5, 12, 40),
    "few meetings": (1.0, 0.5, 4, 25),
    "rarely free": (0.5, 0.25, 6, 20),
}


def calendar(
    seed: int, kind: tuple[float, float, int, int], size: tuple[int, int, int]
) -> Calendar:
    """Tastes of six dimensions make values that agree in part."""
    draw = np.random.default_rng(seed)
    dense, free, most, tables = kind
    firms, teams, slots = size
    taste = draw.normal(size=(firms, 6)) @ draw.normal(size=(6, teams)) / 2
    values = 1000 / (1 + np.exp(-taste)) * (draw.random((firms, teams)) < dense)
    return Calendar(
        values=np.rint(values).astype(np.int64),
        firms=draw.random((firms, slots)) < free,
        teams=draw.random((teams, slots)) < free,
        most_of_firm=np.full(firms, most),
        most_of_team=np.full(teams, most),
        tables=np.full(slots, tables),
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=5)
    asked.add_argument("--size", type=int, nargs=3, default=(60, 40, 12))
    options = asked.parse_args()
    make_plan(calendar(0, KINDS["usual"], (4, 4, 3)))  # imports SciPy
    print(
        "kind | worst time s | of one core s | worst gap to the bound % | meetings | broken rules"
    )
    for name, kind in KINDS.items():
        times, spent, gaps, meetings, wrong = [], [], [], 0, 0
        for seed in range(options.seeds):
            given = calendar(seed, kind, tuple(options.size))
            begun, used = time.perf_counter(), time.process_time()
            made = make_plan(given)
            times.append(time.perf_counter() - begun)
            spent.append(time.process_time() - used)
            gaps.append(made.gap)
            meetings = int((made.slot >= 0).sum())
            wrong += len(broken(given, made.slot))
        print(
            f"{name} | {max(times):.2f} | {max(spent):.2f} | {100 * max(gaps):.2f}"
            f" | {meetings} | {wrong}"
        )


if __name__ == "__main__":
    main()
