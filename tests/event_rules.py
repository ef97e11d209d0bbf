"""What a table plan must keep, written a second time, plainly."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from matchmaker.matching.event_plan import Calendar


def broken(calendar: Calendar, slot: NDArray[np.int64]) -> list[str]:
    """Every rule that a plan breaks; a pair has one slot, so that it never meets twice."""
    found: list[str] = []
    firms: Counter[tuple[int, int]] = Counter()
    teams: Counter[tuple[int, int]] = Counter()
    of_firm: Counter[int] = Counter()
    of_team: Counter[int] = Counter()
    tables: Counter[int] = Counter()
    for firm, row in enumerate(slot.tolist()):
        for team, when in enumerate(row):
            if when < 0:
                continue
            if calendar.values[firm, team] <= 0:
                found.append(f"{firm} and {team} are not to meet")
            if not (calendar.firms[firm, when] and calendar.teams[team, when]):
                found.append(f"{firm} or {team} is not free in {when}")
            firms[firm, when] += 1
            teams[team, when] += 1
            of_firm[firm] += 1
            of_team[team] += 1
            tables[when] += 1
    found += [f"firm {key} meets {count} at once" for key, count in firms.items() if count > 1]
    found += [f"team {key} meets {count} at once" for key, count in teams.items() if count > 1]
    for who, counted, most in (
        ("firm", of_firm, calendar.most_of_firm),
        ("team", of_team, calendar.most_of_team),
        ("slot", tables, calendar.tables),
    ):
        found += [f"{who} {key}: {count}" for key, count in counted.items() if count > most[key]]
    return found
