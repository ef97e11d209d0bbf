"""What a transfer agency is filed and evaluated by: measures, thresholds, and whether they are met.

Thresholds are data (``data/pack``). The competent office decides; the platform only counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

# What the platform counts for an agency, and whether it is an amount in 万元.
MEASURES: Final[Mapping[str, bool]] = {
    "turnover": True,
    "technical": True,
    "contracts": False,
    "conversions": False,
    "cooperation": False,
    "introductions": False,
    "mutual": False,
    "companies": False,
    "brokers": False,
}
# What conditions ask for and the platform does not know; amounts as well.
UNMEASURED: Final[Mapping[str, bool]] = {"service_income": True}
KNOWN: Final[Mapping[str, bool]] = {**MEASURES, **UNMEASURED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One condition; without ``least`` its document names what is looked at and no number."""

    code: str
    measure: str
    zh: str
    en: str
    least: Decimal | None

    @property
    def money(self) -> bool:
        """Whether it is about an amount."""
        return KNOWN[self.measure]

    def text(self, locale: str) -> str:
        """What it asks for, in a locale."""
        return self.en if locale.startswith("en") else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdSet:
    """The conditions of one document; ``verified`` says that somebody compared them with it."""

    code: str
    zh: str
    en: str
    source: str
    verified: bool
    thresholds: tuple[Threshold, ...]

    def text(self, locale: str) -> str:
        """What it is about, in a locale."""
        return self.en if locale.startswith("en") else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A threshold beside what was counted.

    ``standing`` is met, not_met, unmeasured (the platform does not know the value) or open (the
    document names no number).
    """

    threshold: Threshold
    value: Decimal | None
    standing: str

    @property
    def lacking(self) -> Decimal | None:
        """How much is missing, where it is not met."""
        if self.standing != "not_met" or self.value is None or self.threshold.least is None:
            return None
        return self.threshold.least - self.value


def judge(threshold: Threshold, values: Mapping[str, Decimal]) -> Verdict:
    """Whether a threshold is met by exact values of a whole year: exactly the least is enough."""
    value = values.get(threshold.measure)
    if value is None:
        standing = "unmeasured"
    elif threshold.least is None:
        standing = "open"
    else:
        standing = "met" if value >= threshold.least else "not_met"
    return Verdict(threshold=threshold, value=value, standing=standing)


def read_sets(data: Mapping[str, object]) -> tuple[ThresholdSet, ...]:
    """Build from the parsed ``data/pack/thresholds.toml``; errors name what is wrong."""
    return tuple(_set(row) for row in _rows(data["sets"]))


def _set(row: Mapping[str, object]) -> ThresholdSet:
    if not isinstance(row["verified"], bool):
        msg = f"verified of {row['code']} must be true or false"
        raise TypeError(msg)
    return ThresholdSet(
        verified=row["verified"],
        thresholds=tuple(_threshold(one) for one in _rows(row["thresholds"])),
        **{key: str(row[key]) for key in ("code", "zh", "en", "source")},
    )


def _threshold(row: Mapping[str, object]) -> Threshold:
    measure, least = str(row["measure"]), row.get("least")
    if measure not in KNOWN:
        msg = f"{row['code']} names no known measure: {measure}"
        raise ValueError(msg)
    if least is not None and not isinstance(least, str):
        msg = f"least of {row['code']} must be written as a string, to stay exact"
        raise TypeError(msg)
    return Threshold(
        measure=measure,
        least=None if least is None else Decimal(least),
        **{key: str(row[key]) for key in ("code", "zh", "en")},
    )


def _rows(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list):
        msg = "expected a list"
        raise TypeError(msg)
    return value
