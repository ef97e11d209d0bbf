"""Measuring rankings on labelled pairs in the BEIR layout.

Reads a bench, runs the systems on it, and says of each what it is worth (``metrics``), whether its
probabilities can be believed (``calibration``), and how sure that is (``statistics``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from matchmaker.domain.errors import DomainError
from matchmaker.domain.matchable import Matchable
from matchmaker.matching.calibration import PRECISIONS, Calibration, Pairs, calibrate
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.features import Features
from matchmaker.matching.metrics import (
    FEWEST_LABELS,
    METRICS,
    USABLE,
    Labels,
    Values,
    measurable,
    per_demand,
)
from matchmaker.matching.ranking import Ranking, ranking_of
from matchmaker.matching.statistics import Comparison, Figure, compare, mean_figure, resamples
from matchmaker.matching.systems import (
    System,
    compare_all,
    feature_system,
    labelled_demands,
    labels_checksum,
    ranked_system,
    refitted_system,
)

SYSTEMS: Final = ("tfidf", "lexical", "dense", "default")
_WITH_ENCODER: Final = ("dense", "default")
_LEVELS: Final = frozenset(map(str, range(4)))
# What a demand and an outcome of the demo world say in public, in the order of services.record.
_TOLD: Final = ("problem", "key_technology", "target", "constraints", "description")
_OFFERED: Final = ("summary", "problem_solved", "advantage", "economics", "description")
_FIRST_OUTCOME: Final = 1_000_000

Progress = Callable[[str], None]


class BenchError(DomainError):
    """A folder is no bench in the BEIR layout; the message names file and line."""

    code = "bench"


class UnknownSystemError(DomainError):
    """No system goes by a name; the message lists those that are known."""

    code = "system"


@dataclass(frozen=True, slots=True)
class Bench:
    """Demands, outcomes and the level of labelled pairs.

    ``judged`` is false where whatever was not labelled is taken for level 0: rankings can be
    compared on that, probabilities cannot be checked.
    """

    demands: tuple[Matchable, ...]
    outcomes: tuple[Matchable, ...]
    demand_ids: tuple[str, ...]
    outcome_ids: tuple[str, ...]
    labels: Labels
    name: str = ""
    judged: bool = True

    @property
    def checksum(self) -> str:
        """Sixteen hex digits over every text and label."""
        digest = hashlib.sha256(labels_checksum(self.labels).encode())
        for ids, records in (
            (self.demand_ids, self.demands),
            (self.outcome_ids, self.outcomes),
        ):
            for key, record in zip(ids, records, strict=True):
                digest.update(json.dumps([key, record.content_hash]).encode())
        return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one system attains: each metric, its values demand by demand, its probabilities."""

    figures: Mapping[str, Figure]
    values: Mapping[str, Values]
    calibration: Calibration | None
    out_of_fold: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every system on one bench."""

    bench: Bench
    systems: Mapping[str, Measured]

    def compare(self, first: str, second: str) -> dict[str, Comparison]:
        """The paired comparison of two systems, metric by metric."""
        for name in (first, second):
            require_known(name, self.systems)
        values = self.systems[first].values, self.systems[second].values
        drawn = resamples(len(self.bench.demand_ids))
        return {name: compare(values[0][name], values[1][name], drawn) for name in METRICS}


def require_known(name: str, known: Iterable[str]) -> None:
    """Refuse a name that no system goes by."""
    listed = list(known)
    if name not in listed:
        msg = f"There is no system {name!r}. Known are {', '.join(listed)}."
        raise UnknownSystemError(msg)


def system_names(encoders: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of all systems, two for each further encoder."""
    return (*SYSTEMS, *(f"{kind}@{name}" for name in encoders for kind in _WITH_ENCODER))


def stages(encoders: Sequence[str], systems: Sequence[str]) -> int:
    """How often :func:`run_systems` and :func:`measure` tell of progress."""
    return 1 + len(encoders) + 2 * len(systems)


def evaluate(
    bench: Bench,
    encoder: Encoder,
    *,
    systems: Sequence[str] = SYSTEMS,
    progress: Progress | None = None,
) -> dict[str, dict[str, float]]:
    """The mean of each metric for each system: ``{"default": {"ndcg@10": …, …}, …}``."""
    made = run_systems(bench, encoder, systems=systems, progress=progress)
    return {
        name: {metric: round(figure.value, 4) for metric, figure in one.figures.items()}
        for name, one in measure(bench, made, progress=progress).systems.items()
    }


def run_systems(
    bench: Bench,
    encoder: Encoder,
    others: Mapping[str, Encoder] | None = None,
    *,
    systems: Sequence[str] = SYSTEMS,
    progress: Progress | None = None,
) -> dict[str, System]:
    """What each named system says of every pair; ``others`` are further encoders by their names."""
    _require_measurable(bench)
    told = progress or (lambda _stage: None)
    named = {"": encoder, **(others or {})}
    for name in systems:
        require_known(name, system_names(others or {}))
    made: dict[str, System] = {}
    for label, one in named.items():
        wanted = [name for name in systems if name.partition("@")[2] == label]
        ranking = ranking_of(one.name)
        if set(wanted) - {"tfidf"}:
            features = compare_all(bench.demands, bench.outcomes, one, ranking.background)
        else:
            features = []
        told(f"texts encoded {label}".rstrip())
        for name in wanted:
            kind = name.partition("@")[0]
            made[name] = _tfidf(bench) if kind == "tfidf" else _ours(kind, bench, features, ranking)
            told(f"{name} ranked")
    return {name: made[name] for name in systems}


def measure(
    bench: Bench,
    systems: Mapping[str, System],
    *,
    precisions: Sequence[float] = PRECISIONS,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure systems on the bench's labels, with intervals."""
    _require_measurable(bench)
    drawn = resamples(len(bench.demand_ids))
    measured = {}
    for name, system in systems.items():
        values = per_demand(system.scores, bench.labels, bench.demand_ids, bench.outcome_ids)
        pairs = _pairs(bench, system) if bench.judged else None
        measured[name] = Measured(
            figures={metric: mean_figure(values[metric], drawn) for metric in METRICS},
            values=values,
            calibration=None if pairs is None else calibrate(pairs, drawn, precisions),
            out_of_fold=system.out_of_fold,
        )
        if progress:
            progress(f"{name} measured")
    return Evaluation(bench, measured)


def _require_measurable(bench: Bench) -> None:
    if not measurable(bench.labels):
        msg = f"No demand has {FEWEST_LABELS} labelled outcomes with a usable one: no metrics."
        raise BenchError(msg)


def _pairs(bench: Bench, system: System) -> Pairs | None:
    """The labelled pairs with what a system states, where it states a probability."""
    if system.usable is None:
        return None
    column = {key: place for place, key in enumerate(bench.outcome_ids)}
    rows, columns, levels = np.array(
        [
            (row, column[outcome], level)
            for row, demand in enumerate(bench.demand_ids)
            for outcome, level in bench.labels.get(demand, {}).items()
        ],
        dtype=np.int64,
    ).T
    return Pairs(system.usable[rows, columns].astype(np.float64), levels >= USABLE, rows)


def _tfidf(bench: Bench) -> System:
    """The floor: plain character TF-IDF, title against title, by scikit-learn."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
    outcomes = vectorizer.fit_transform(record.title for record in bench.outcomes)
    demands = vectorizer.transform(record.title for record in bench.demands)
    return System(np.asarray((demands @ outcomes.T).toarray(), dtype=np.float32))


def _ours(system: str, bench: Bench, features: Sequence[Features], ranking: Ranking) -> System:
    """One of our systems; ``default`` refitted by folds where it was fitted on these labels."""
    if system == "lexical":
        return feature_system(features, "title")
    if system == "dense":
        return feature_system(features, "meaning")
    if ranking.fitted_on != labels_checksum(bench.labels):
        return ranked_system(features, ranking)
    labelled = labelled_demands(features, bench.labels, bench.demand_ids, bench.outcome_ids)
    return refitted_system(features, labelled, ranking.background)


def read_bench(folder: Path) -> Bench:
    """Read ``queries.jsonl``, ``corpus.jsonl`` and ``qrels.tsv``; raises :class:`BenchError`."""
    demand_ids, demands = _records(folder / "queries.jsonl", first_organisation=1)
    outcome_ids, outcomes = _records(folder / "corpus.jsonl", first_organisation=_FIRST_OUTCOME)
    labels: dict[str, dict[str, int]] = {}
    known_demands, known_outcomes = set(demand_ids), set(outcome_ids)
    for number, line in _lines(folder / "qrels.tsv"):
        if number == 1 and line.startswith("query-id"):
            continue
        cells = line.split("\t")
        where = f"{folder / 'qrels.tsv'}, line {number}"
        if len(cells) != 3 or cells[2].strip() not in _LEVELS:  # noqa: PLR2004 - BEIR's three columns
            msg = f"{where}: expected demand id, outcome id and a level 0–3, tab-separated."
            raise BenchError(msg)
        if cells[0] not in known_demands or cells[1] not in known_outcomes:
            msg = f"{where}: the demand or the outcome is not in the bench's records."
            raise BenchError(msg)
        labels.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    return Bench(
        tuple(demands),
        tuple(outcomes),
        tuple(demand_ids),
        tuple(outcome_ids),
        labels,
        folder.resolve().name,
    )


def demo_bench(folder: Path) -> Bench:
    """The demo world as a bench: its written pairs, and every other outcome as level 0.

    Raises :class:`BenchError` where the folder does not hold ``demands.jsonl``, ``outcomes.jsonl``
    and ``pairs.jsonl``.
    """
    demands = _demo_records(folder / "demands.jsonl", _TOLD, first_organisation=1)
    outcomes = _demo_records(folder / "outcomes.jsonl", _OFFERED, first_organisation=_FIRST_OUTCOME)
    labels: dict[str, dict[str, int]] = {}
    for number, value in _objects(folder / "pairs.jsonl"):
        try:
            demand, outcome, level = value["demand"], value["outcome"], int(value["level"])
        except (KeyError, TypeError, ValueError) as error:
            msg = f"{folder / 'pairs.jsonl'}, line {number}: expected demand, outcome and level."
            raise BenchError(msg) from error
        if demand in demands and outcome in outcomes:
            labels.setdefault(demand, dict.fromkeys(outcomes, 0))[outcome] = level
    return Bench(
        tuple(demands.values()),
        tuple(outcomes.values()),
        tuple(demands),
        tuple(outcomes),
        labels,
        name=folder.resolve().name,
        judged=False,
    )


def _demo_records(
    path: Path, fields: Sequence[str], *, first_organisation: int
) -> dict[str, Matchable]:
    """The published records of a file of the demo world."""
    made: dict[str, Matchable] = {}
    for number, value in _objects(path):
        try:
            key, title = value["id"], value["title"]
        except (KeyError, TypeError) as error:
            msg = f"{path}, line {number}: expected a JSON object with id and title."
            raise BenchError(msg) from error
        if value.get("state", "published") == "published":
            made[key] = Matchable(
                id=len(made),
                title=title,
                text="\n".join(value[name] for name in fields if value.get(name)),
                organisation_id=first_organisation + len(made),
            )
    return made


def _objects(path: Path) -> list[tuple[int, Any]]:
    found = []
    for number, line in _lines(path):
        try:
            found.append((number, json.loads(line)))
        except ValueError as error:
            msg = f"{path}, line {number}: expected a JSON object."
            raise BenchError(msg) from error
    return found


def _records(path: Path, *, first_organisation: int) -> tuple[list[str], list[Matchable]]:
    """The records of a file, each of an organisation of its own, so that none is left out."""
    made: dict[str, Matchable] = {}
    for number, line in _lines(path):
        where = f"{path}, line {number}"
        try:
            value = json.loads(line)
            key, title, text = value["_id"], value["title"], value.get("text") or ""
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            msg = f"{where}: expected a JSON object with _id, title and text."
            raise BenchError(msg) from error
        if not (isinstance(key, str) and isinstance(title, str) and isinstance(text, str)):
            msg = f"{where}: _id, title and text must be strings."
            raise BenchError(msg)
        if not key or not title.strip():
            msg = f"{where}: _id and title must not be empty."
            raise BenchError(msg)
        if key in made:
            msg = f"{where}: the _id {key!r} stands there twice."
            raise BenchError(msg)
        made[key] = Matchable(
            id=len(made), title=title, text=text, organisation_id=first_organisation + len(made)
        )
    if not made:
        msg = f"{path} holds no records."
        raise BenchError(msg)
    return list(made), list(made.values())


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = (
            f"{path} cannot be read. A bench has queries.jsonl, corpus.jsonl and qrels.tsv in "
            "UTF-8, as BEIR lays them out."
        )
        raise BenchError(msg) from error
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
