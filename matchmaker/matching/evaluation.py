"""Measuring rankings on labelled pairs in the BEIR layout.

Per demand with at least ten labelled outcomes, averaged over demands: the labelled outcomes ranked,
nDCG@10 with gain ``2^level - 1`` (demands whose labels are all 0 left out), P@5 and MRR with
usable = level 2 or 3 (demands without a usable one left out); and over the whole corpus, recall@50
of the usable ones. Computed by ir-measures (pytrec_eval).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.errors import DomainError
from matchmaker.domain.matchable import Matchable
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.features import Features
from matchmaker.matching.ranking import Ranking, ranking_of
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
METRICS: Final = ("ndcg@10", "p@5", "mrr", "recall@50")
_FEWEST_LABELS: Final = 10
_USABLE: Final = 2
_GAINS: Final = {0: 0, 1: 1, 2: 3, 3: 7}
_LEVELS: Final = frozenset(map(str, _GAINS))

Labels = Mapping[str, Mapping[str, int]]
Scores = NDArray[np.float32]


class BenchError(DomainError):
    """A folder is no bench in the BEIR layout; the message names file and line."""

    code = "bench"


@dataclass(frozen=True, slots=True)
class Bench:
    """Demands, outcomes and the level of labelled pairs."""

    demands: tuple[Matchable, ...]
    outcomes: tuple[Matchable, ...]
    demand_ids: tuple[str, ...]
    outcome_ids: tuple[str, ...]
    labels: Labels


def read_bench(folder: Path) -> Bench:
    """Read ``queries.jsonl``, ``corpus.jsonl`` and ``qrels.tsv``; raises :class:`BenchError`."""
    demand_ids, demands = _records(folder / "queries.jsonl", first_organisation=1)
    outcome_ids, outcomes = _records(folder / "corpus.jsonl", first_organisation=1_000_000)
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
    return Bench(tuple(demands), tuple(outcomes), tuple(demand_ids), tuple(outcome_ids), labels)


def evaluate(
    bench: Bench,
    encoder: Encoder,
    *,
    systems: Sequence[str] = SYSTEMS,
    progress: Callable[[str], None] | None = None,
) -> dict[str, dict[str, float]]:
    """The metrics of each system: ``{"default": {"ndcg@10": …, …}, …}``."""
    ranking = ranking_of(encoder.name)
    features = compare_all(bench.demands, bench.outcomes, encoder, ranking.background)
    measured = {}
    for system in systems:
        if progress:
            progress(system)
        made = _tfidf(bench) if system == "tfidf" else _ours(system, bench, features, ranking)
        measured[system] = _measure(bench, made.scores)
    return measured


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


def _measure(bench: Bench, scores: Scores) -> dict[str, float]:
    """Average the metrics of a matrix (demands, outcomes) of scores; ties keep corpus order."""
    import ir_measures
    from ir_measures import RR, P, R, nDCG

    column = {key: index for index, key in enumerate(bench.outcome_ids)}
    graded: dict[str, dict[str, int]] = {}
    labelled_run: dict[str, dict[str, float]] = {}
    whole_run: dict[str, dict[str, float]] = {}
    for row, demand in enumerate(bench.demand_ids):
        labels = bench.labels.get(demand, {})
        if len(labels) < _FEWEST_LABELS or not any(labels.values()):
            continue
        graded[demand] = dict(labels)
        labelled_run[demand] = {key: float(scores[row, column[key]]) for key in labels}
        best = np.argsort(-scores[row], kind="stable")[:50]
        whole_run[demand] = {bench.outcome_ids[i]: 50.0 - place for place, i in enumerate(best)}
    usable = {
        demand: labels
        for demand, labels in graded.items()
        if any(level >= _USABLE for level in labels.values())
    }
    if not usable:
        msg = f"No demand has {_FEWEST_LABELS} labelled outcomes with a usable one: no metrics."
        raise BenchError(msg)
    gain = nDCG(gains=_GAINS) @ 10
    precision, first, recall = P(rel=_USABLE) @ 5, RR(rel=_USABLE), R(rel=_USABLE) @ 50
    measured = {
        **ir_measures.calc_aggregate([gain], graded, labelled_run),
        **ir_measures.calc_aggregate([precision, first], usable, labelled_run),
        **ir_measures.calc_aggregate([recall], usable, whole_run),
    }
    wanted = zip(METRICS, (gain, precision, first, recall), strict=True)
    return {name: round(float(measured[measure]), 4) for name, measure in wanted}


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
