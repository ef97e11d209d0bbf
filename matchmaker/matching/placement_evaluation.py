"""Measuring placements on labelled records: which chain first, how often, how sure.

The headline is macro-F1 of the most probable place against the record's own chain, "on none" a
class like the others. Intervals come from drawing records anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.errors import DomainError
from matchmaker.domain.matchable import Matchable
from matchmaker.matching.placement import Evidence, Placer, Values, Weighing, softmax
from matchmaker.matching.placement_learning import fit_weighing, learn, targets
from matchmaker.matching.statistics import Figure, interval, resamples

NONE: Final = "none"
SYSTEMS: Final = ("dense", "lexical", "read", "together", "corrected")
# A class of one or two records says little about itself: told apart from the headline.
FEWEST: Final = 3
_BINS: Final = 10
_KINDS: Final = ("meaning", "words", "reading")
_FILES: Final = {"demand": "real-demands.jsonl", "outcome": "real-outcomes.jsonl"}
_TITLES: Final = "bdci-dev/corpus.jsonl"
# What a record of the demo world says in public, in the order of services.record.
_DEMO_TEXTS: Final = {
    "demand": ("problem", "key_technology", "target", "constraints", "description"),
    "outcome": ("summary", "problem_solved", "advantage", "economics", "description"),
}


class LabelsError(DomainError):
    """Labelled records cannot be read; the message names the file and says what to do."""

    code = "labels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Records with the chains they stand on, the own one first; none: on no chain."""

    records: tuple[Matchable, ...]
    chains: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        """The number of records."""
        return len(self.records)


@dataclass(frozen=True, slots=True)
class Class:
    """How one chain, or none, was met."""

    code: str
    records: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one way of placing attains.

    ``frequent`` leaves out classes of fewer than :data:`FEWEST` records; ``lenient`` counts a
    record's further chains as right too; ``covered`` is the share of records whose first place is
    stated at least 0.5, and ``right_when_covered`` how many of those are right.
    """

    macro_f1: Figure
    frequent: Figure
    lenient: Figure
    accuracy: Figure
    covered: Figure
    right_when_covered: Figure
    ece: Figure
    classes: tuple[Class, ...]


@dataclass(frozen=True, slots=True)
class Systems:
    """Probabilities (records, chains + 1) by way of placing, and a weighing fitted anew."""

    stated: Mapping[str, Values]
    weighing: Weighing


def read_labels(gold: Path, bench: Path, part: str) -> Labelled:
    """The labelled records of a part, with their texts from a folder outside the project."""
    rows = [row for row in _objects(gold) if row.get("part") == part]
    texts = {
        (noun, row["id"]): row for noun, name in _FILES.items() for row in _objects(bench / name)
    }
    records: list[Matchable] = []
    chains: list[tuple[str, ...]] = []
    for number, row in enumerate(rows):
        found = texts.get((row["noun"], row["id"]))
        if found is None:
            msg = f"{bench} does not hold {row['noun']} {row['id']}, which {gold} labels."
            raise LabelsError(msg)
        records.append(_matchable(number, found["title"], found.get("text") or ""))
        chains.append(tuple(row["chains"]))
    return Labelled(records=tuple(records), chains=tuple(chains))


def read_titles(gold: Path, bench: Path) -> Labelled:
    """Titles of other outcomes that the reader was not taught, where the label is beyond doubt."""
    rows = {
        row["id"]: row for row in _objects(gold) if row["part"] == "held" and not row["doubtful"]
    }
    found = [one for one in _objects(bench / _TITLES) if one["_id"] in rows]
    return Labelled(
        records=tuple(_matchable(number, one["title"], "") for number, one in enumerate(found)),
        chains=tuple(tuple(rows[one["_id"]]["chains"]) for one in found),
    )


def demo_labels(folder: Path) -> Labelled:
    """The demo world's records with the chains that their authors chose."""
    records: list[Matchable] = []
    chains: list[tuple[str, ...]] = []
    for noun, names in _DEMO_TEXTS.items():
        for row in _objects(folder / f"{noun}s.jsonl"):
            text = "\n".join(row[name] for name in names if row.get(name))
            records.append(_matchable(len(records), row["title"], text))
            chains.append(tuple(row.get("chains", ())))
    return Labelled(records=tuple(records), chains=tuple(chains))


def systems(placer: Placer, fitted_on: Labelled, corrections: Labelled, asked: Labelled) -> Systems:
    """What each way of placing says of records, and the weighing that a fit gives.

    ``together`` and ``corrected`` are what the platform does; the weighing of meaning, of words or
    of the reader alone is fitted to the same records as theirs was.
    """
    known, read = placer.read(fitted_on.records), placer.read(asked.records)
    goal = targets(placer, own(fitted_on))
    stated: dict[str, Values] = {}
    for name, kept in (("dense", "meaning"), ("lexical", "words"), ("read", "reading")):
        weighing = fit_weighing(placer, alone(known, kept), goal)
        stated[name] = softmax(placer.log_odds(alone(read, kept), weighing))
    stated["together"] = softmax(placer.log_odds(read))
    lean = learn(placer, placer.read(corrections.records), corrections.chains)
    stated["corrected"] = softmax(placer.log_odds(read) + lean.of(read.vectors))
    return Systems(stated, fit_weighing(placer, known, goal))


def joined(*parts: Labelled) -> Labelled:
    """Several sets of labelled records as one."""
    return Labelled(
        records=tuple(record for part in parts for record in part.records),
        chains=tuple(chains for part in parts for chains in part.chains),
    )


def own(labelled: Labelled) -> list[tuple[str, ...]]:
    """Each record's own chain alone."""
    return [codes[:1] for codes in labelled.chains]


def alone(evidence: Evidence, kept: str) -> Evidence:
    """Evidence of one kind: ``meaning``, ``words`` or ``reading``."""
    gone = {kind: 0 * getattr(evidence, kind) for kind in _KINDS if kind != kept}
    return replace(evidence, **gone)


def measure(placer: Placer, stated: Values, labelled: Labelled) -> Measured:
    """Measure probabilities (records, chains + 1) against labels."""
    codes = (*placer.codes, NONE)
    place = {code: number for number, code in enumerate(codes)}
    true = np.array([place[row[0]] if row else place[NONE] for row in labelled.chains])
    given = stated.argmax(axis=1)
    further = np.array(
        [codes[one] in row for one, row in zip(given.tolist(), labelled.chains, strict=True)]
    )
    drawn = resamples(len(true))
    right, sure = given == true, stated.max(axis=1)
    present = np.unique(true)
    frequent = np.array([one for one in present if (true == one).sum() >= FEWEST])
    return Measured(
        macro_f1=_macro(true, given, present, drawn),
        frequent=_macro(true, given, frequent, drawn),
        lenient=_macro(np.where(further, given, true), given, present, drawn),
        accuracy=_share(right, np.ones_like(right), drawn),
        covered=_share(sure >= 1 / 2, np.ones_like(right), drawn),
        right_when_covered=_share(right, sure >= 1 / 2, drawn),
        ece=_ece(sure, right, drawn),
        classes=tuple(_class(codes[one], true == one, given == one) for one in present.tolist()),
    )


def _macro(
    true: NDArray[np.int64], given: NDArray[np.int64], classes: NDArray[np.int64], drawn: Values
) -> Figure:
    """The mean F1 of classes; a resample without any record of a class leaves the class out."""
    truly = (true[:, None] == classes).astype(np.float64)
    called = (given[:, None] == classes).astype(np.float64)

    def means(weights: Values) -> Values:
        both = weights @ (truly * called)
        held = weights @ truly
        # A class that was not drawn counts for nothing; where none was, there is no mean.
        scores = 2 * both / np.maximum(held + weights @ called, 1)
        with np.errstate(invalid="ignore"):
            found: Values = (scores * (held > 0)).sum(axis=1) / (held > 0).sum(axis=1)
        return found

    value = float(means(np.ones((1, len(true))))[0])
    return Figure(value, *interval(means(drawn)), len(true))


def _share(hit: NDArray[np.bool_], of: NDArray[np.bool_], drawn: Values) -> Figure:
    """The share of some records that are hit."""
    base = of.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (drawn @ (hit * base)) / (drawn @ base)
        value = float((hit * base).sum() / base.sum())
    return Figure(value, *interval(found), int(base.sum()))


def _ece(sure: Values, right: NDArray[np.bool_], drawn: Values) -> Figure:
    """Expected calibration error of the first place: ten bins that hold equally many records."""
    edges = np.unique(np.quantile(sure, np.linspace(0, 1, _BINS + 1))[1:-1])
    numbers = np.searchsorted(edges, sure)
    inside = (numbers[:, None] == np.unique(numbers)).astype(np.float64)
    gaps = inside * (sure - right)[:, None]
    found = np.abs(drawn @ gaps).sum(axis=1) / len(sure)
    return Figure(float(np.abs(gaps.sum(axis=0)).sum() / len(sure)), *interval(found), len(sure))


def _class(code: str, truly: NDArray[np.bool_], called: NDArray[np.bool_]) -> Class:
    both, held, said = int((truly & called).sum()), int(truly.sum()), int(called.sum())
    return Class(code, held, both / said if said else 0.0, both / held, 2 * both / (held + said))


def _matchable(number: int, title: str, text: str) -> Matchable:
    return Matchable(id=number, title=title, text=text, organisation_id=0)


def _objects(path: Path) -> Iterable[Any]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        msg = (
            f"{path} cannot be read. The labels hold ids alone; the texts lie in a folder with "
            f"{' and '.join(_FILES.values())}, named with --bench."
        )
        raise LabelsError(msg) from error
    return [json.loads(line) for line in lines if line.strip()]
