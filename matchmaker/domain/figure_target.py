"""Baselines and targets as the bureau enters them, a year at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from matchmaker.domain.fields import Cleaner, FieldProblem, InvalidFields
from matchmaker.domain.figure import FIGURES, TARGET_HIGHEST
from matchmaker.domain.record import LINE_LENGTH

TARGETED: Final = tuple(one.code for one in FIGURES.values() if one.targeted)
NAMES: Final = ("baseline", "target", "source")
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099
_YEAR: Final = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a figure begins, what it is to reach, and which document says so."""

    baseline: Decimal | None = None
    target: Decimal | None = None
    source: str = ""

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return self.baseline is None and self.target is None


def clean_targets(raw: Mapping[str, str]) -> dict[str, Target]:
    """The targets of a form with fields ``target-firms``; ``InvalidFields`` names what is wrong."""
    problems: list[FieldProblem] = []
    found = {}
    for code in TARGETED:
        read = Cleaner({name: raw.get(f"{name}-{code}", "") for name in NAMES})
        found[code] = Target(
            baseline=_value(read, "baseline", code),
            target=_value(read, "target", code),
            source=read.text("source", LINE_LENGTH, single_line=True),
        )
        problems += [
            FieldProblem(f"{one.field}-{code}", one.code, one.message, one.values)
            for one in read.problems
        ]
    if problems:
        raise InvalidFields(problems)
    return found


def clean_year(written: str, present: int) -> int:
    """The year of an address; this one where it is none."""
    year = int(written) if _YEAR.fullmatch(written) else present
    return year if FIRST_YEAR <= year <= LAST_YEAR else present


def _value(read: Cleaner, name: str, code: str) -> Decimal | None:
    """An amount in 万元, or a whole number."""
    if counts_money(code):
        return read.money(name)
    whole = read.number(name, 0, int(TARGET_HIGHEST))
    return None if whole is None else Decimal(whole)


def counts_money(code: str) -> bool:
    """Whether what is to be reached is an amount, not a number of events."""
    return code.startswith("turnover")
